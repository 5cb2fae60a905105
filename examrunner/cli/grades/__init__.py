"""Commands about grades, one file each."""

import typer

from examrunner.cli.grades.export_ import export

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def grades() -> None:
    """Hand grades to course systems."""


app.command(
    "export",
    epilog="Example: examrunner grades export --server http://127.0.0.1:8000 "
    "--format csv --out grades.csv",
)(export)
