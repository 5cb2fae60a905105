"""Commands about recordings, one file each."""

import typer

from examrunner.cli.recording.decode_ import decode
from examrunner.cli.recording.diagnostics_ import diagnostics
from examrunner.cli.recording.export_ import export
from examrunner.cli.recording.import_ import import_recording
from examrunner.cli.recording.pack_ import pack
from examrunner.cli.recording.recover_ import recover
from examrunner.cli.recording.show_ import show
from examrunner.cli.recording.unpack_ import unpack
from examrunner.cli.recording.verify_ import verify

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
EXAMPLE = "Example: examrunner recording"

app.command("import", epilog=f"{EXAMPLE} import a17 --can CH1=drive.blf")(
    import_recording
)
app.command("show", epilog=f"{EXAMPLE} show a17 --json")(show)
app.command("decode", epilog=f"{EXAMPLE} decode a17 --signals RPT_Steer")(decode)
app.command("diagnostics", epilog=f"{EXAMPLE} diagnostics a17 --pair 7E0:7E8")(
    diagnostics
)
app.command("export", epilog=f"{EXAMPLE} export a17 a17.blf")(export)
app.command("verify", epilog=f"{EXAMPLE} verify a17 --key stand-1.pub")(verify)
app.command("recover", epilog=f"{EXAMPLE} recover a17 --key key.pem")(recover)
app.command("pack", epilog=f"{EXAMPLE} pack a17 --out a17.tar")(pack)
app.command("unpack", epilog=f"{EXAMPLE} unpack a17.tar --out a17")(unpack)


@app.callback()
def recording() -> None:
    """Verify, recover, pack, import, show, decode and export recordings."""
