"""examrunner recording show."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.recording.options import Json, Rec
from examrunner.model.errors import RecordingError

if TYPE_CHECKING:
    from pathlib import Path

    from examrunner.archive.overview import (
        Gap,
        IdentifierFigures,
        Overview,
        StreamFigures,
    )
    from examrunner.archive.reading import Recording


def show(rec: Rec, as_json: Json = False) -> None:
    """Print what a recording holds: streams, gaps, identifiers and their cycles.

    A damaged recording is shown up to the first damage.
    """
    with clear_errors():
        recording, found, problem = _looked_at(rec)
        told = _document(recording, found, problem)
    if as_json:
        print_json(told)
    else:
        for line in _table(recording, told):
            typer.echo(line)


def _looked_at(rec: "Path") -> "tuple[Recording, Overview, str | None]":
    from examrunner.archive.overview import overview, readable_part
    from examrunner.archive.reading import open_recording

    try:
        recording = open_recording(rec)
        return recording, overview(recording), None
    except RecordingError as error:
        recording = readable_part(rec)
        return recording, overview(recording), error.problem


def _document(
    recording: "Recording", found: "Overview", problem: str | None
) -> dict[str, Any]:
    return {
        "digest": recording.digest,
        "duration_s": recording.duration_ns / 1e9,
        "ending": recording.ending,
        "problem": problem,
        "streams": [_stream(stream) for stream in found.streams],
        "identifiers": [_identifier(each) for each in found.identifiers],
    }


def _stream(stream: "StreamFigures") -> dict[str, Any]:
    return {
        "name": stream.name,
        "kind": stream.kind,
        "count": stream.count,
        "errors": stream.errors,
        "remote": stream.remote,
        "fd": stream.fd,
        "first_s": _seconds(stream.first_ns),
        "last_s": _seconds(stream.last_ns),
        "gaps": [_gap(gap) for gap in stream.gaps],
    }


def _gap(gap: "Gap") -> dict[str, Any]:
    return {
        "from_s": gap.from_ns / 1e9,
        "to_s": gap.to_ns / 1e9,
        "cause": gap.cause,
        "lost": gap.lost,
    }


def _identifier(figures: "IdentifierFigures") -> dict[str, Any]:
    cycle = figures.cycle_ms
    return {
        "stream": figures.stream,
        "id": f"0x{figures.can_id:X}",
        "extended": figures.extended,
        "count": figures.count,
        "cycle_ms": cycle and dict(zip(("mean", "p99", "max"), cycle, strict=True)),
    }


def _seconds(t_ns: int | None) -> float | None:
    return None if t_ns is None else t_ns / 1e9


def _table(recording: "Recording", told: dict[str, Any]) -> Iterator[str]:
    header = recording.header
    known = {
        "station": header.station,
        "rig": header.rig,
        "task": header.task,
        "opened": header.opened_at,
        "ending": told["ending"] or "never closed",
        "problem": told["problem"],
    }
    yield f"{recording.path}: {told['duration_s']:.3f} s"
    yield from (f"{name:8} {value}" for name, value in known.items() if value)
    yield f"digest   {told['digest']}"
    yield ""
    yield from _stream_rows(told["streams"])
    yield ""
    yield f"{'identifier':24} {'count':>10} {'mean ms':>12} {'p99':>12} {'longest':>12}"
    for row in told["identifiers"]:
        cycle = row["cycle_ms"] or {}
        figures = "".join(f" {cycle[name]:12.3f}" for name in cycle)
        yield f"{row['stream'] + ' ' + row['id']:24} {row['count']:>10,}{figures}"


def _stream_rows(streams: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield (
        f"{'stream':16} {'kind':8} {'count':>10} {'errors':>8} {'remote':>8} {'fd':>8}"
        f" {'from s':>12} {'to s':>12}"
    )
    for row in streams:
        first, last = row["first_s"], row["last_s"]
        span = "" if first is None else f" {first:12.3f} {last:12.3f}"
        yield (
            f"{row['name']:16} {row['kind']:8} {row['count']:>10,} {row['errors']:>8,}"
            f" {row['remote']:>8,} {row['fd']:>8,}{span}"
        )
        for gap in row["gaps"]:
            yield f"  {gap['cause']}: {gap['from_s']:.3f} s to {gap['to_s']:.3f} s"
