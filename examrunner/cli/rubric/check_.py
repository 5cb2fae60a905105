"""examrunner rubric check."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json

if TYPE_CHECKING:
    from examrunner.cli.rubric.comparing import Compared
    from examrunner.content.rubric_folder import Report
    from examrunner.content.search import SearchPath
    from examrunner.model.errors import ContentError
    from examrunner.model.rubric import Rubric


def check(
    rubric: Annotated[str, typer.Argument(help="Rubric file, folder or name.")],
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[RECORDINGS]...", help="Further ones for --against."),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="RECORDINGS",
            help="Show what the rubric does to these attempts that the rubric they "
            "carry did not: a recording or a folder of some, each with its case.json "
            "and decisions.json beside it; may be given several times.",
        ),
    ] = None,
    case: Annotated[
        Path | None, typer.Option(help="Case file, instead of the one beside.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Decisions file, instead of the one beside.")
    ] = None,
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a rubric with its rig, sheets and examples, and say what is wrong.

    Exit status 1: something is wrong, or with --against a verdict changes.
    """
    with clear_errors():
        from examrunner.content.rubric_folder import inspect_folder

        if more and not against:
            raise _without_against(more[0])
        path = search_path(content)
        file = Path(rubric) if Path(rubric).exists() else path.find("rubric", rubric)
        report = inspect_folder(file, path)
        compared = None
        if against and report.rubric is not None:
            named = [*against, *(more or ())]
            compared = _compared(report.rubric, named, path, case, decisions)
    if as_json:
        print_json(_document(report, compared))
    else:
        _print(report)
        if compared is not None:
            from examrunner.cli.rubric.comparing import compared_lines

            typer.echo("\n".join(compared_lines(compared)))
    if report.errors or (compared and not compared.verdicts_stay):
        raise typer.Exit(NO)


def _without_against(recording: Path) -> "ContentError":
    from examrunner.model.errors import ContentError

    return ContentError(
        f"nothing says what '{recording}' is for.",
        where="command line",
        remedy="Put --against before the recordings.",
    )


def _compared(
    edited: "Rubric",
    against: list[Path],
    path: "SearchPath",
    case: Path | None,
    decisions: Path | None,
) -> "Compared":
    from examrunner.cli.attempts import recordings_in
    from examrunner.cli.rubric.comparing import compare

    recordings = list(recordings_in(against))
    return compare(edited, recordings, path, case, decisions)


def _document(report: "Report", compared: "Compared | None") -> dict[str, Any]:
    from examrunner.cli.rubric.comparing import compared_json

    document: dict[str, Any] = {
        "problems": [_parts(error) for error in report.errors],
        "warnings": [_parts(warning) for warning in report.warnings],
        "examples": list(report.examples),
    }
    if compared is not None:
        document["against"] = compared_json(compared)
    return document


def _print(report: "Report") -> None:
    for error in report.errors:
        typer.echo(str(error))
    for warning in report.warnings:
        typer.echo(f"warning: {warning}")
    for name in report.examples if not report.errors else ():
        typer.echo(f"ok    {name}")


def _parts(error: "ContentError") -> dict[str, str]:
    return {key: getattr(error, key) for key in ("problem", "where", "remedy")}
