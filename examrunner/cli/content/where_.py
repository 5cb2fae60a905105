"""examrunner content where."""

from typing import Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json


def where(
    name: Annotated[str, typer.Argument(help="Name, as `content list` prints it.")],
    kind: Annotated[
        str | None, typer.Option(help="Its kind, if several have that name.")
    ] = None,
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print which file of that name is used, and which ones it hides."""
    with clear_errors():
        from examrunner.content.naming import named

        found = named(search_path(content), name, kind)
    if as_json:
        print_json(
            [
                {
                    "kind": f.kind,
                    "name": f.name,
                    "path": str(f.path),
                    "hides": [str(hidden) for hidden in f.hides],
                }
                for f in found
            ]
        )
        return
    for one in found:
        typer.echo(f"{one.kind:8} {one.path}")
        for hidden in one.hides:
            typer.echo(f"  hides  {hidden}")
