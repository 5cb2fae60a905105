"""examrunner content check."""

from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json

if TYPE_CHECKING:
    from examrunner.content.checks import Finding


def check(
    name: Annotated[
        str | None, typer.Argument(help="Kind or name; everything without it.")
    ] = None,
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read content as a station would, and say what is wrong with it."""
    with clear_errors():
        from examrunner.content.checks import check_content
        from examrunner.content.naming import named

        path = search_path(content)
        findings = [check_content(found, path) for found in named(path, name)]
    if as_json:
        print_json(_document(findings))
    else:
        _print(findings)
    if any(finding.error for finding in findings):
        raise typer.Exit(NO)


def _document(findings: "list[Finding]") -> dict[str, object]:
    return {
        "checked": len(findings),
        "problems": [
            {
                "kind": finding.found.kind,
                "name": finding.found.name,
                "problem": finding.error.problem,
                "where": finding.error.where,
                "remedy": finding.error.remedy,
            }
            for finding in findings
            if finding.error
        ],
    }


def _print(findings: "list[Finding]") -> None:
    for finding in findings:
        mark = "WRONG" if finding.error else "ok"
        typer.echo(f"{mark:5} {finding.found.kind:8} {finding.found.name}")
        if finding.error:
            typer.echo(f"{finding.error}\n")
