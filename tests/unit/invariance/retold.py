"""A recording told again with a difference that must not matter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from examrunner.archive.reading import Recording
from examrunner.archive.writer import RecordingWriter
from examrunner.model.frames import Frames
from examrunner.model.recording import EVENT_STREAMS, Event, Picture

Body = Mapping[str, Any]


def same_frames(_channel: str, frames: Frames) -> Frames:
    return frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """What is different.

    Attributes:
        frames: Frames of a channel, changed.
        times: Times of frames, events and pictures, changed; keeps their order.
        events: Events that come in addition.
        bodies: Bodies of events, changed.
    """

    frames: Callable[[str, Frames], Frames] = same_frames
    times: Callable[[np.ndarray], np.ndarray] = lambda t_ns: t_ns
    events: Sequence[tuple[int, str, Body]] = ()
    bodies: Callable[[Event], Body] = field(default=lambda event: event.body)


def retold(recording: Recording, folder: Path, retelling: Retelling) -> Path:
    """Writes the recording again, changed, and closes it in the same way."""
    with RecordingWriter(
        folder,
        recording.header,
        channels=recording.channels,
        cameras=recording.cameras,
        sync=False,
    ) as writer:
        for name, data in recording.attachments().items():
            writer.attach(name, "application/octet-stream", data)
        for channel in recording.channels:
            frames = recording.frames(channel)
            moved = frames.at(retelling.times(frames.t_ns))
            changed = retelling.frames(channel, moved)
            if len(changed):
                writer.frames(channel, changed)
        for camera in recording.cameras:
            for picture in recording.pictures(camera):
                writer.picture(_moved(picture, retelling))
        for t_ns, stream, body in _events(recording, retelling):
            writer.event(t_ns, stream, body)
        assert recording.ending is not None
        end_ns = _time(recording.duration_ns, retelling)
        writer.close(recording.ending, recording.reason, end_ns)
    return folder


def _time(t_ns: int, retelling: Retelling) -> int:
    return int(retelling.times(np.array([t_ns], np.int64))[0])


def _moved(picture: Picture, retelling: Retelling) -> Picture:
    return replace(picture, t_ns=_time(picture.t_ns, retelling))


def _events(recording: Recording, retelling: Retelling) -> list[tuple[int, str, Body]]:
    told = [
        (_time(event.t_ns, retelling), event.stream, _body(event, retelling))
        for event in sorted(
            (e for stream in EVENT_STREAMS for e in recording.events(stream)),
            key=lambda event: event.number,
        )
    ]
    return sorted([*told, *retelling.events], key=lambda each: each[0])


def _body(event: Event, retelling: Retelling) -> Body:
    body = dict(retelling.bodies(event))
    for name in ("from_ns", "to_ns"):
        if name in body:
            body[name] = _time(int(body[name]), retelling)
    return body
