"""Make a recording of log files, pictures, answers and operations."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from examrunner.archive.log_file import LogFile
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header, Picture
from examrunner.model.timeline import NS_PER_S

SAME_CLOCK_NS = 86_400 * NS_PER_S
"""Logs that begin more than a day apart were made by clocks that never met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a recording is made of.

    Attributes:
        logs: Log files by channel name.
        pictures: Pictures by camera; their times count from the first frame.
        answers: Field values, or edits with times: ``{"field": value | [edits]}``.
        operations: ``[{"t_s", "op", ...}]``.
        attachments: Name, media type and bytes of files to keep inside.
    """

    logs: Mapping[str, LogFile] = field(default_factory=dict)
    pictures: Mapping[str, Iterable[Picture]] = field(default_factory=dict)
    answers: Mapping[str, object] = field(default_factory=dict)
    operations: Iterable[Mapping[str, object]] = ()
    attachments: Iterable[tuple[str, str, bytes]] = ()


def import_recording(folder: Path, header: Header, sources: Sources) -> str:
    """Write a closed recording; nothing is left behind if that fails.

    Every frame that the logs hold is kept, in their order. Time 0 is the first frame.
    A log with several channels becomes ``NAME``, ``NAME.2``, ``NAME.3``, ... by their
    numbers.

    Returns:
        The recording's digest.

    Raises:
        RecordingError: If the folder exists, or the disk refuses.
    """
    channels = named_channels(sources.logs)
    with _whole(folder) as part:
        writer = RecordingWriter(
            part,
            header,
            channels=list(channels),
            cameras=list(sources.pictures),
            sync=False,
        )
        end_ns = _write(writer, channels, sources)
        return writer.close(Ending.IMPORTED, "imported from files", end_ns)


def named_channels(logs: Mapping[str, LogFile]) -> dict[str, Frames]:
    """Frames of every channel by its name in the recording, on one clock from 0."""
    named: dict[str, Frames] = {}
    for name, log in logs.items():
        for position, frames in enumerate(log.channels.values(), 1):
            named[name if position == 1 else f"{name}.{position}"] = frames
    begins = {
        name: min(
            (int(f.t_ns.min()) for f in log.channels.values() if len(f)), default=0
        )
        for name, log in logs.items()
    }
    first, last = min(begins.values(), default=0), max(begins.values(), default=0)
    one_clock = last - first <= SAME_CLOCK_NS
    return {
        name: replace(
            frames,
            t_ns=frames.t_ns - (first if one_clock else begins[_log_of(name, begins)]),
        )
        for name, frames in named.items()
    }


def _begin_ns(log: LogFile) -> int:
    found = (int(frames.t_ns.min()) for frames in log.channels.values() if len(frames))
    return min(found, default=0)


def _log_of(channel: str, begins: Mapping[str, int]) -> str:
    return channel if channel in begins else channel.rpartition(".")[0]


def _write(
    writer: RecordingWriter, channels: Mapping[str, Frames], sources: Sources
) -> int:
    end_ns = 0
    for name, media_type, data in sources.attachments:
        writer.attach(name, media_type, data)
    for channel, frames in channels.items():
        if len(frames):
            writer.frames(channel, frames)
            end_ns = max(end_ns, int(frames.t_ns.max()))
    for pictures in sources.pictures.values():
        for picture in pictures:
            writer.picture(picture)
            end_ns = max(end_ns, picture.t_ns)
    for t_ns, stream, body in _events(sources, end_ns):
        writer.event(t_ns, stream, body)
        end_ns = max(end_ns, t_ns)
    return end_ns


def _events(
    sources: Sources, end_ns: int
) -> Iterator[tuple[int, str, Mapping[str, object]]]:
    """Operations and edits by time; an answer without times was given at the end."""
    found: list[tuple[int, str, Mapping[str, object]]] = []
    for operation in sources.operations:
        t_s, body = _timed(operation, "op")
        found.append((t_s, "ops", body))
    for name, value in sources.answers.items():
        if isinstance(value, list) and value and all(_is_edit(one) for one in value):
            for edit in value:
                t_ns, body = _timed(edit, "value")
                found.append((t_ns, "form", {"field": name, **body}))
        else:
            found.append((end_ns, "form", {"field": name, "value": value}))
    return iter(sorted(found, key=lambda event: event[0]))


def _is_edit(value: object) -> bool:
    return isinstance(value, Mapping) and "t_s" in value and "value" in value


def _timed(event: object, needed: str) -> tuple[int, dict[str, object]]:
    if not isinstance(event, Mapping) or needed not in event:
        raise _not_an_event(event, needed)
    t_s = event.get("t_s")
    if isinstance(t_s, bool) or not isinstance(t_s, int | float) or t_s < 0:
        raise _not_an_event(event, needed)
    return round(t_s * NS_PER_S), {k: v for k, v in event.items() if k != "t_s"}


def _not_an_event(event: object, needed: str) -> RecordingError:
    return RecordingError(
        f"this is no event: {str(event)[:80]}.",
        where="answers or events",
        remedy=f'Write {{"t_s": seconds, "{needed}": ...}}, t_s not below 0.',
    )


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` that takes its name only when all is written."""
    if folder.exists():
        raise RecordingError(
            "there is something of that name already.",
            where=str(folder),
            remedy="Choose another name, or move it away.",
        )
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        yield part
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
