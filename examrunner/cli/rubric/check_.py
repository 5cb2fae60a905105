"""examrunner rubric check."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json


def check(
    rubric: Annotated[str, typer.Argument(help="Rubric file, folder or name.")],
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a rubric with its rig, sheets and examples, and say what is wrong."""
    from examrunner.model.errors import ContentError

    with clear_errors():
        from examrunner.content.rubric_folder import check_folder

        path = search_path(content)
        file = Path(rubric) if Path(rubric).exists() else path.find("rubric", rubric)
        try:
            report = check_folder(file, path)
        except ContentError as error:
            _say_no(error, as_json=as_json)
            raise typer.Exit(NO) from None
    if as_json:
        print_json({"problems": [], "examples": list(report)})
        return
    for name in report:
        typer.echo(f"ok    {name}")


def _say_no(error: Exception, *, as_json: bool) -> None:
    if not as_json:
        typer.echo(str(error))
        return
    parts = {key: getattr(error, key) for key in ("problem", "where", "remedy")}
    print_json({"problems": [parts], "examples": []})
