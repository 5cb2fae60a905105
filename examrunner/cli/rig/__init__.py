"""Commands about rigs, one file each."""

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def rig() -> None:
    """Simulate a rig."""


from examrunner.cli.rig import simulate_  # noqa: E402, F401  # registers the command
