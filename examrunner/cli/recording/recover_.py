"""examrunner recording recover."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.recording.options import Json, Rec


def recover(
    rec: Rec,
    key: Annotated[
        Path | None,
        typer.Option(help="The station's private key; without it, unsigned."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Close a recording that a crash cut off, at its last whole flush.

    No recorded byte is changed; what was lost is stated.
    """
    with clear_errors():
        from dataclasses import asdict
        from importlib.metadata import version

        from examrunner.archive.keys import load_private_key
        from examrunner.archive.recover import recover as recover_recording

        found = recover_recording(
            rec,
            key=load_private_key(key) if key else None,
            software={"examrunner": version("examrunner")},
        )
    if as_json:
        print_json(asdict(found))
        return
    typer.echo(f"{rec}: kept {found.flushes} flushes, {found.duration_ns / 1e9:.3f} s")
    for lost in found.lost:
        typer.echo(
            f"lost {lost.bytes} bytes of {lost.segment} from byte {lost.from_byte}, "
            f"recorded after {lost.after_ns / 1e9:.3f} s"
        )
    typer.echo(found.digest)
