"""Commands about recordings, one file each."""

import typer

from examrunner.cli.recording.diagnostics import diagnostics

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command(epilog="Example: examrunner recording diagnostics REC --json")(diagnostics)
