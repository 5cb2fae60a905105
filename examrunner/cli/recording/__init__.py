"""Commands about recordings, one file each."""

import typer

from examrunner.cli.recording import (
    diagnostics_,
    pack_,
    recover_,
    unpack_,
    verify_,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

EXAMPLE = "Example: examrunner recording"
app.command("verify", epilog=f"{EXAMPLE} verify a17 --key stand-1.pub")(verify_.verify)
app.command("recover", epilog=f"{EXAMPLE} recover a17 --key key.pem")(recover_.recover)
app.command("pack", epilog=f"{EXAMPLE} pack a17 --out a17.tar")(pack_.pack)
app.command("unpack", epilog=f"{EXAMPLE} unpack a17.tar --out a17")(unpack_.unpack)
app.command("diagnostics", epilog=f"{EXAMPLE} diagnostics a17 --pair 7E0:7E8 --json")(
    diagnostics_.diagnostics
)


@app.callback()
def recording() -> None:
    """Verify, recover, pack, import, show, decode and export recordings."""
