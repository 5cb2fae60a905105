"""examrunner rubric check."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json

if TYPE_CHECKING:
    from examrunner.content.rubric_folder import Report
    from examrunner.model.errors import ContentError


def check(
    rubric: Annotated[str, typer.Argument(help="Rubric file, folder or name.")],
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a rubric with its rig, sheets and examples, and say what is wrong."""
    with clear_errors():
        from examrunner.content.rubric_folder import inspect_folder

        path = search_path(content)
        file = Path(rubric) if Path(rubric).exists() else path.find("rubric", rubric)
        report = inspect_folder(file, path)
    if as_json:
        print_json(
            {
                "problems": [_parts(error) for error in report.errors],
                "warnings": [_parts(warning) for warning in report.warnings],
                "examples": list(report.examples),
            }
        )
    else:
        _print(report)
    if report.errors:
        raise typer.Exit(NO)


def _print(report: "Report") -> None:
    for error in report.errors:
        typer.echo(str(error))
    for warning in report.warnings:
        typer.echo(f"warning: {warning}")
    for name in report.examples if not report.errors else ():
        typer.echo(f"ok    {name}")


def _parts(error: "ContentError") -> dict[str, str]:
    return {key: getattr(error, key) for key in ("problem", "where", "remedy")}
