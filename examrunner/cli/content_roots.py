"""The option that puts content folders in front, for every command that reads some."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from examrunner.content.search import SearchPath

ContentRoots = Annotated[
    list[Path] | None,
    typer.Option(
        "--content",
        metavar="DIR",
        help="Folder with stations/, rubrics/, dbc/ that goes before the built-in "
        "content and before EXAMRUNNER_CONTENT; may be given several times.",
    ),
]


def search_path(roots: list[Path] | None) -> "SearchPath":
    """The content folders in order.

    Raises:
        ContentError: If one of them holds no content.
    """
    from examrunner.content.search import SearchPath
    from examrunner.settings import content_roots

    return SearchPath.of([*(roots or ()), *content_roots()])
