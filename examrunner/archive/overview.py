"""What a recording holds, in figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.archive.evidence import evidence_at
from examrunner.archive.grouping import by_identifier, data_frames
from examrunner.archive.reading import Recording
from examrunner.model.frames import ERROR, FD, REMOTE, Frames
from examrunner.model.recording import EVENT_STREAMS, Event, StreamKind
from examrunner.model.timeline import NS_PER_S

LONG_SILENCE_NS: Final = 5 * NS_PER_S
"""A log that is silent for longer, or goes back in time, was made in sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span in which a stream says nothing.

    Attributes:
        from_ns: Last time before it.
        to_ns: First time after it; before ``from_ns`` where the clock went back.
        cause: ``lost`` (the recorder says so), ``silence`` or ``clock``.
        lost: How many frames the recorder lost; None where nobody knows.
    """

    from_ns: int
    to_ns: int
    cause: str
    lost: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFigures:
    """One stream.

    Attributes:
        name: Channel, camera or event stream.
        kind: What it holds.
        count: Frames, error and remote frames included; pictures; events.
        errors: Error frames.
        remote: Remote frames.
        fd: Frames in CAN FD format.
        first_ns: Smallest time; None without any entry.
        last_ns: Largest time; None likewise.
        gaps: In order of the recording.
    """

    name: str
    kind: StreamKind
    count: int
    errors: int = 0
    remote: int = 0
    fd: int = 0
    first_ns: int | None
    last_ns: int | None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierFigures:
    """The data frames of one identifier on one channel.

    Attributes:
        stream: CAN channel.
        can_id: Identifier without flag bits.
        extended: Whether it has 29 bits.
        count: Data frames.
        cycle_ms: Mean, 99th percentile and longest time between two of them; None
            for a single one.
    """

    stream: str
    can_id: int
    extended: bool
    count: int
    cycle_ms: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All streams and identifiers of a recording."""

    streams: tuple[StreamFigures, ...]
    identifiers: tuple[IdentifierFigures, ...]


def overview(recording: Recording) -> Overview:
    """The figures of a recording.

    Raises:
        RecordingError: If it is damaged.
    """
    health = recording.events("health")
    streams: list[StreamFigures] = []
    identifiers: list[IdentifierFigures] = []
    for channel in recording.channels:
        frames = recording.frames(channel)
        streams.append(_can(channel, frames, health))
        identifiers += _identifiers(channel, frames)
    for camera in recording.cameras:
        pictures = recording.pictures(camera)
        times = np.array([picture.t_ns for picture in pictures], np.int64)
        streams.append(_stream(camera, StreamKind.CAMERA, times, health))
    for name in EVENT_STREAMS:
        times = np.array([event.t_ns for event in recording.events(name)], np.int64)
        if len(times):
            streams.append(_stream(name, StreamKind.EVENTS, times, ()))
    return Overview(streams=tuple(streams), identifiers=tuple(identifiers))


def readable_part(path: Path) -> Recording:
    """A recording up to its first damage, as if it had never been closed.

    Raises:
        RecordingError: If there is none.
    """
    return Recording(evidence_at(path), None)


def _can(channel: str, frames: Frames, health: tuple[Event, ...]) -> StreamFigures:
    def count(flag: int) -> int:
        return int(np.count_nonzero(frames.flags & flag))

    figures = _stream(channel, StreamKind.CAN, frames.t_ns, health)
    return StreamFigures(
        name=channel,
        kind=figures.kind,
        count=len(frames),
        errors=count(ERROR),
        remote=count(REMOTE),
        fd=count(FD),
        first_ns=figures.first_ns,
        last_ns=figures.last_ns,
        gaps=tuple(sorted((*figures.gaps, *_silences(frames.t_ns)), key=_begin)),
    )


def _begin(gap: Gap) -> int:
    return gap.from_ns


def _stream(
    name: str, kind: StreamKind, t_ns: NDArray[np.int64], health: tuple[Event, ...]
) -> StreamFigures:
    return StreamFigures(
        name=name,
        kind=kind,
        count=len(t_ns),
        first_ns=int(t_ns.min()) if len(t_ns) else None,
        last_ns=int(t_ns.max()) if len(t_ns) else None,
        gaps=tuple(_losses(name, health)),
    )


def _losses(stream: str, health: tuple[Event, ...]) -> Iterator[Gap]:
    for event in health:
        begin, end = event.body.get("from_ns"), event.body.get("to_ns")
        lost = event.body.get("lost")
        if event.body.get("stream") == stream and isinstance(begin, int):
            yield Gap(
                from_ns=begin,
                to_ns=end if isinstance(end, int) else event.t_ns,
                cause="lost",
                lost=lost if isinstance(lost, int) else None,
            )


def _silences(t_ns: NDArray[np.int64]) -> Iterator[Gap]:
    steps = np.diff(t_ns)
    for at in np.flatnonzero((steps > LONG_SILENCE_NS) | (steps < 0)).tolist():
        cause = "silence" if steps[at] > 0 else "clock"
        yield Gap(from_ns=int(t_ns[at]), to_ns=int(t_ns[at + 1]), cause=cause)


def _identifiers(channel: str, frames: Frames) -> Iterator[IdentifierFigures]:
    for can_id, extended, group in by_identifier(data_frames(frames)):
        yield IdentifierFigures(
            stream=channel,
            can_id=can_id,
            extended=extended,
            count=len(group),
            cycle_ms=_cycle_ms(group.t_ns),
        )


def _cycle_ms(t_ns: NDArray[np.int64]) -> tuple[float, float, float] | None:
    if len(t_ns) < 2:
        return None
    steps_ms = np.diff(t_ns) / 1e6
    mean, longest = float(steps_ms.mean()), float(steps_ms.max())
    return mean, float(np.percentile(steps_ms, 99)), longest
