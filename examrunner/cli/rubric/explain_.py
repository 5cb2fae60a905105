"""examrunner rubric explain."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json


def explain(
    rubric: Annotated[str, typer.Argument(help="Rubric file, folder or name.")],
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language.")] = "en",
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a rubric as the sentences that an examiner reads out."""
    with clear_errors():
        from examrunner.cli.rubric.explaining import explained
        from examrunner.content.rubrics import read_rubric

        file = Path(rubric)
        if not file.exists():
            file = search_path(content).find("rubric", rubric)
        found = read_rubric(file)
    lines = list(explained(found, lang))
    if as_json:
        print_json({"id": found.id, "revision": found.revision, "lines": lines})
        return
    typer.echo("\n".join(lines))
