"""examrunner rubric new."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors


def new(
    folder: Annotated[Path, typer.Argument(help="Folder of the task, to be made.")],
    rig: Annotated[str, typer.Option(help="Rig type that the task runs on.")],
    content: ContentRoots = None,
) -> None:
    """Write the smallest rubric that passes its check, to start from."""
    with clear_errors():
        from examrunner.content.rigs import read_rig
        from examrunner.content.rubric_template import write_template

        described = read_rig(rig, search_path(content))
        for path in write_template(folder, described):
            typer.echo(str(path))
