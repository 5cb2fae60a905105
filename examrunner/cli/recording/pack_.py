"""examrunner recording pack."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.recording.options import Json, Rec


def pack(
    rec: Rec,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; REC.tar by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a closed recording into one file for moving."""
    with clear_errors():
        from examrunner.archive.pack import pack as pack_recording

        target = out or rec.with_name(rec.name + ".tar")
        digest = pack_recording(rec, target)
    if as_json:
        print_json({"digest": digest, "file": str(target)})
    else:
        typer.echo(f"{target}\n{digest}")
