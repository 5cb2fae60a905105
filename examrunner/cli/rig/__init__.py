"""Commands about rigs, one file each."""

import typer

from examrunner.cli.rig.simulate_ import EXAMPLE, simulate

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.command("simulate", epilog=EXAMPLE)(simulate)


@app.callback()
def rig() -> None:
    """Simulate a rig."""
