"""Commands about rubrics, one file each."""

import typer

from examrunner.cli.rubric import check_, example_, explain_, new_

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

EXAMPLE = "Example: examrunner rubric"
app.command("check", epilog=f"{EXAMPLE} check rubrics/my-scheme/C06")(check_.check)
app.command(
    "example",
    epilog=f"{EXAMPLE} example a17 --because 'Never settles.' --out examples/a17.yaml",
)(example_.example)
app.command("explain", epilog=f"{EXAMPLE} explain C06 --lang zh")(explain_.explain)
app.command("new", epilog=f"{EXAMPLE} new rubrics/my-scheme/T01 --rig adas_bench")(
    new_.new
)


@app.callback()
def rubric() -> None:
    """Check, explain and write rubrics."""
