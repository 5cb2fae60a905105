"""examrunner recording unpack."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.recording.options import Json, Rec


def unpack(
    rec: Rec,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder to make; the file's name without .tar."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a packed recording a folder again, if it verifies."""
    with clear_errors():
        from examrunner.archive.pack import unpack as unpack_recording

        target = out or rec.with_name(rec.name.removesuffix(".tar"))
        digest = unpack_recording(rec, target)
    if as_json:
        print_json({"digest": digest, "folder": str(target)})
    else:
        typer.echo(f"{target}\n{digest}")
