"""examrunner content list."""

from typing import Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json


def list_content(
    kind: Annotated[
        str | None, typer.Argument(help="Only this kind, for example rubric.")
    ] = None,
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List stations, rigs, rubrics, schemes, task sheets and databases."""
    with clear_errors():
        from examrunner.content.search import PATTERNS

        path = search_path(content)
        found = [f for k in ([kind] if kind else PATTERNS) for f in path.list(k)]
    if as_json:
        print_json(
            [{"kind": f.kind, "name": f.name, "path": str(f.path)} for f in found]
        )
        return
    for one in found:
        typer.echo(f"{one.kind:8} {one.name}")
