"""examrunner recording decode."""

import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from examrunner.cli.output import clear_errors
from examrunner.cli.recording.options import Rec
from examrunner.model.errors import ContentError

if TYPE_CHECKING:
    from examrunner.archive.reading import Recording
    from examrunner.model.timeline import Series


class Format(StrEnum):
    """How samples are written."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def decode(
    rec: Rec,
    dbc: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Database to use instead of the recording's own, CHANNEL=FILE for "
            "one channel only. May be repeated.",
        ),
    ] = None,
    signals: Annotated[
        str,
        typer.Option(
            metavar="A,B", help="Only these: Message.Signal, a message or a signal."
        ),
    ] = "",
    output_format: Annotated[
        Format, typer.Option("--format", help="Form of the samples.")
    ] = Format.CSV,
    lenient: Annotated[
        bool,
        typer.Option("--lenient", help="Use what is sound of a faulty database."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default: standard output.")
    ] = None,
) -> None:
    """Print every sample of a recording's signals, in order of time.

    Values are as the database's factor and offset give them, choices are texts.
    """
    with clear_errors():
        from examrunner.archive.reading import open_recording
        from examrunner.decode.samples_files import write_csv, write_json, write_parquet

        writers = {
            Format.CSV: write_csv,
            Format.JSON: write_json,
            Format.PARQUET: write_parquet,
        }
        recording = open_recording(rec)
        files = _files(dbc or [], recording.channels, not lenient)
        series = _series(recording, files, signals, not lenient)
        _write(lambda file: writers[output_format](series, file), out)


def _files(
    named: Sequence[str], channels: Sequence[str], strict: bool
) -> dict[str, bytes] | None:
    """Databases by channel or name; None means those of the recording."""
    from examrunner.decode.database_files import checked_content

    found = {}
    for text in named:
        channel, separator, path = text.partition("=")
        of_one = bool(separator) and channel in channels
        content = checked_content(Path(path if of_one else text), strict=strict)
        found[text] = content
    return found or None


def _series(
    recording: "Recording",
    files: Mapping[str, bytes] | None,
    signals: str,
    strict: bool,
) -> "list[Series]":
    from examrunner.archive.columns import columns_of
    from examrunner.decode.naming import chosen_signals
    from examrunner.decode.timeline import assigned, sources_of
    from examrunner.decode.tracks import SignalTrack

    assignments = assigned(recording, files, strict=strict)
    if not assignments:
        raise ContentError(
            "the recording carries no database.",
            where=str(recording.path),
            remedy="Name one: --dbc FILE.",
        )
    for assignment in assignments:
        for finding in assignment.database.report.findings:
            left_out = " (left out)" if finding.dropped else ""
            typer.echo(f"{finding.where}: {finding.text}{left_out}", err=True)
    columns = columns_of(recording)
    track = SignalTrack(sources_of(columns, recording.channels, assignments))
    wanted = [name.strip() for name in signals.split(",") if name.strip()]
    return [track[name] for name in chosen_signals(wanted, track.channels())]


def _write(write: Callable[[BinaryIO], None], out: Path | None) -> None:
    """To standard output, or to a file that is there whole or not at all."""
    if out is None:
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    partial = out.with_name(out.name + ".part")
    try:
        with partial.open("wb") as file:
            write(file)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
