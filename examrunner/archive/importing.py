"""Make a recording of log files, pictures, answers and operations."""

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from examrunner.archive.durable import disk_of
from examrunner.archive.log_file import LogFile
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header, Picture
from examrunner.model.timeline import NS_PER_S, Edit, Op

SAME_CLOCK_NS: Final = 86_400 * NS_PER_S
"""Logs that begin more than a day apart were made by clocks that never met."""
OLDEST_LOG_NS: Final = 631_152_000 * NS_PER_S
"""1990: times before it count from the start of the log or of the tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a recording is made of.

    Attributes:
        logs: Log files by channel name.
        pictures: Pictures by camera; their times count from the first frame.
        edits: What the candidate answered.
        operations: What happened to the attempt.
        attachments: Name, media type and bytes of files to keep inside.
    """

    logs: Mapping[str, LogFile] = field(default_factory=dict)
    pictures: Mapping[str, Iterable[Picture]] = field(default_factory=dict)
    edits: Sequence[Edit] = ()
    operations: Sequence[Op] = ()
    attachments: Sequence[tuple[str, str, bytes]] = ()


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
    cameras = list(sources.pictures)
    with (
        _whole(folder) as part,
        RecordingWriter(
            part, header, channels=list(channels), cameras=cameras, sync=False
        ) as writer,
    ):
        end_ns = _write(writer, channels, sources)
        return writer.close(Ending.IMPORTED, "imported from files", end_ns)


def named_channels(logs: Mapping[str, LogFile]) -> dict[str, Frames]:
    """Frames of every channel by its name in the recording, on one clock from 0.

    Raises:
        RecordingError: If two channels would have one name.
    """
    begins = {name: _begin_ns(log) for name, log in logs.items()}
    if _share_clock(list(begins.values())):
        begins = dict.fromkeys(begins, min(begins.values(), default=0))
    named: dict[str, Frames] = {}
    for name, log in logs.items():
        for position, frames in enumerate(log.channels.values(), 1):
            channel = name if position == 1 else f"{name}.{position}"
            if channel in named:
                raise _named_twice(channel)
            named[channel] = replace(frames, t_ns=frames.t_ns - begins[name])
    return named


def _named_twice(channel: str) -> RecordingError:
    return RecordingError(
        f"two logs have a channel that would be called {channel}.",
        where="the logs to import",
        remedy="Give the logs names that do not end in a number after a dot.",
    )


def last_ns(sources: Sources) -> int:
    """Recording time at which the frames, edits and operations of an import end."""
    times = [
        int(frames.t_ns.max())
        for frames in named_channels(sources.logs).values()
        if len(frames)
    ]
    times += [edit.t_ns for edit in sources.edits]
    times += [operation.t_ns for operation in sources.operations]
    return max(times, default=0)


def begun_at(logs: Mapping[str, LogFile]) -> str:
    """When the first frame was received, in ISO 8601; empty if no log knows."""
    if not _share_clock([_begin_ns(log) for log in logs.values()]):
        return ""
    first_ns = min((_begin_ns(log) for log in logs.values()), default=0)
    if first_ns < OLDEST_LOG_NS:
        return ""
    seconds, rest_ns = divmod(first_ns, NS_PER_S)
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return moment.replace(microsecond=rest_ns // 1000).isoformat()


def epoch_ns(opened_at: str) -> int:
    """Unix time of an ISO 8601 time in whole microseconds; 0 for an empty one."""
    if not opened_at:
        return 0
    since = dt.datetime.fromisoformat(opened_at) - dt.datetime(
        1970, 1, 1, tzinfo=dt.UTC
    )
    return since // dt.timedelta(microseconds=1) * 1000


def _begin_ns(log: LogFile) -> int:
    found = (int(frames.t_ns.min()) for frames in log.channels.values() if len(frames))
    return min(found, default=0)


def _share_clock(begins_ns: Sequence[int]) -> bool:
    return max(begins_ns, default=0) - min(begins_ns, default=0) <= SAME_CLOCK_NS


def _write(
    writer: RecordingWriter, channels: Mapping[str, Frames], sources: Sources
) -> int:
    end_ns = last_ns(sources)
    for name, media_type, data in sources.attachments:
        writer.attach(name, media_type, data)
    for channel, frames in channels.items():
        if len(frames):
            writer.frames(channel, frames)
    for pictures in sources.pictures.values():
        for picture in pictures:
            writer.picture(picture)
            end_ns = max(end_ns, picture.t_ns)
    for t_ns, stream, body in sorted(_events(sources), key=lambda event: event[0]):
        writer.event(t_ns, stream, body)
    return end_ns


def _events(sources: Sources) -> Iterator[tuple[int, str, dict[str, object]]]:
    for operation in sources.operations:
        yield operation.t_ns, "ops", {"op": operation.name, **operation.body}
    for edit in sources.edits:
        body: dict[str, object] = {"field": edit.field, "value": edit.value}
        yield edit.t_ns, "form", body | ({"submit": True} if edit.submit else {})


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
        with disk_of(folder):
            part.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with disk_of(folder):
            os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
