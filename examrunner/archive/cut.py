"""Where a recording was cut off, so that writing can go on after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from examrunner.archive.arrow_frames import batch_columns, batch_rows
from examrunner.archive.layout import CAMERA, CAN, MANIFEST, segment_paths
from examrunner.archive.reading import Recording, open_recording
from examrunner.model.recording import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The end of what an unclosed recording holds.

    Attributes:
        last_ns: Recording time of the last whole flush.
        heard_ns: Of each CAN channel, recording time of its last frame; 0 without one.
        pictures: Of each camera, number of its pictures.
        lost: Streams that were lost then, and since when.
        events: All events, in order.
    """

    last_ns: int
    heard_ns: Mapping[str, int]
    pictures: Mapping[str, int]
    lost: Mapping[str, int]
    events: tuple[Event, ...]


def cut_of(folder: Path) -> Cut | None:
    """Where the unclosed recording in ``folder`` ends; None if nothing of it counts.

    Raises:
        RecordingError: If a whole flush holds something that cannot be read.
    """
    if not folder.exists() or (folder / MANIFEST).exists():
        return None
    if not segment_paths(folder):
        return None
    recording = open_recording(folder)
    if recording.chain.origin is None:
        return None
    events = recording.events()
    return Cut(
        last_ns=recording.duration_ns,
        heard_ns={name: _heard_ns(recording, name) for name in recording.channels},
        pictures={
            name: len(recording.chain.messages(CAMERA + name))
            for name in recording.cameras
        },
        lost=_lost(event for event in events if event.stream == "health"),
        events=events,
    )


def _heard_ns(recording: Recording, channel: str) -> int:
    """Recording time of a channel's last frame, without reading the others."""
    batches = recording.chain.messages(CAN + channel)
    if not batches:
        return 0
    segment, message = batches[-1]
    view = segment.view[message.start : message.end]
    frames = batch_columns(view, batch_rows(view, message.width), message.width)
    return int(frames.t_ns[-1]) if len(frames) else 0


def _lost(health: Iterable[Event]) -> dict[str, int]:
    """Streams that went down and did not come back."""
    lost: dict[str, int] = {}
    for event in health:
        body = event.body
        if "down" in body:
            lost.setdefault(str(body["down"]), event.t_ns)
        elif "from_ns" in body:
            stream = str(body.get("stream"))
            if lost.get(stream) == body["from_ns"]:
                del lost[stream]
    return lost
