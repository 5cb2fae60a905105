"""examrunner recording verify."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.recording.options import Json, Rec


def verify(
    rec: Rec,
    key: Annotated[
        Path | None,
        typer.Option(help="The station's public key; no other signature will do."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that every byte is as it was recorded, and who signed it.

    Exit status 1 when it is not; each place is named by file, flush and bytes.
    """
    with clear_errors():
        from dataclasses import asdict

        from examrunner.archive.keys import load_public_key
        from examrunner.archive.verify import verify as verify_recording

        found = verify_recording(rec, key=load_public_key(key) if key else None)
    if as_json:
        print_json({"holds": found.holds, **asdict(found)})
    elif found.holds:
        signed = f"signed with key {found.signer}" if found.signer else "not signed"
        typer.echo(f"{rec}: {found.flushes} flushes as recorded, {signed}")
        typer.echo(found.digest)
    else:
        for problem in found.problems:
            typer.echo(problem.text)
    if not found.holds:
        raise typer.Exit(NO)
