"""Commands about recordings, one file each."""

import typer

from examrunner.cli.recording.decode_ import decode
from examrunner.cli.recording.diagnostics_ import diagnostics
from examrunner.cli.recording.pack_ import pack
from examrunner.cli.recording.recover_ import recover
from examrunner.cli.recording.unpack_ import unpack
from examrunner.cli.recording.verify_ import verify

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command(epilog="Example: examrunner recording decode REC --signals SAS_Angle")(
    decode
)
app.command(epilog="Example: examrunner recording diagnostics REC --json")(diagnostics)
app.command(epilog="Example: examrunner recording verify REC --key KEY.pub")(verify)
app.command(epilog="Example: examrunner recording recover REC --key KEY.pem")(recover)
app.command(epilog="Example: examrunner recording pack REC --out REC.tar")(pack)
app.command(epilog="Example: examrunner recording unpack REC.tar --out REC")(unpack)


@app.callback()
def recording() -> None:
    """Verify, recover, pack, import, show, decode and export recordings."""
