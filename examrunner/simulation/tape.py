"""Yesterday's recording in the hands of somebody who plays it back today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from examrunner.archive.reading import Recording
from examrunner.model.frames import Frames
from examrunner.simulation.actions import Action
from examrunner.simulation.pictures import Lens, Pixels

NOT_HIS: Final = frozenset(
    {"phase", "start", "stop", "inject", "clear", "capture", "agent_read", "challenge"}
)
"""Operations of the station, not of the candidate."""
STILL: Final = "still"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tape:
    """The exam of a recording; all times since its start, in nanoseconds.

    Attributes:
        frames: Frames of each channel.
        actions: What the candidate did, in order of time.
        pictures: Times and pictures of each camera, in order of time.
    """

    frames: Mapping[str, Frames]
    actions: Sequence[tuple[int, Action]]
    pictures: Mapping[str, Sequence[tuple[int, Pixels]]]

    @classmethod
    def of(cls, recording: Recording) -> "Tape":
        """Everything between start and stop of a closed recording."""
        marks = {event.body["op"]: event.t_ns for event in recording.events("ops")}
        start_ns, stop_ns = marks["start"], marks["stop"]
        return cls(
            frames={
                channel: _between(recording.frames(channel), start_ns, stop_ns)
                for channel in recording.channels
            },
            actions=sorted(_actions(recording, start_ns), key=lambda each: each[0]),
            pictures={
                camera: [
                    (picture.t_ns - start_ns, _decoded(picture.data))
                    for picture in recording.pictures(camera)
                    if start_ns <= picture.t_ns < stop_ns
                ]
                for camera in recording.cameras
            },
        )


def _between(frames: Frames, start_ns: int, stop_ns: int) -> Frames:
    inside = frames.take((frames.t_ns >= start_ns) & (frames.t_ns < stop_ns))
    return inside.at(inside.t_ns - start_ns)


def _actions(recording: Recording, start_ns: int) -> Iterator[tuple[int, Action]]:
    for event in recording.events("form"):
        do = "submit" if event.body.get("submit") else "edit"
        body = {key: value for key, value in event.body.items() if key != "submit"}
        yield event.t_ns - start_ns, Action(do=do, body=body)
    for event in recording.events("ops"):
        if event.body["op"] not in NOT_HIS:
            yield event.t_ns - start_ns, Action(do="op", body=event.body)
        elif event.body["op"] == "stop":
            yield event.t_ns - start_ns, Action(do="stop")
    for camera in recording.cameras:
        for picture in recording.pictures(camera):
            if picture.purpose == STILL:
                body = {"camera": camera}
                yield picture.t_ns - start_ns, Action(do="capture", body=body)


def _decoded(data: bytes) -> Pixels:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if found is None:
        raise ValueError("a simulated picture cannot be decoded")
    picture: Pixels = found
    return picture


class TapedLens:
    """A camera before which, once a tape plays, yesterday's pictures are held.

    Args:
        lens: The camera.
        pictures: Times since the start of the tape, and pictures.
    """

    def __init__(self, lens: Lens, pictures: Sequence[tuple[int, Pixels]]) -> None:
        self._lens = lens
        self._pictures = pictures
        self.begins_ns: int | None = None

    def still(self, t_ns: int) -> Pixels:
        if self.begins_ns is None or not self._pictures:
            return self._lens.still(t_ns)
        at_ns = t_ns - self.begins_ns
        past = [picture for taken_ns, picture in self._pictures if taken_ns <= at_ns]
        return past[-1] if past else self._pictures[0][1]


class TapedFrames:
    """Frames of a tape on today's clock, given as they come due.

    Args:
        frames: Times since the start of the tape.
        begins_ns: Rig time at which it starts.
    """

    def __init__(self, frames: Frames, begins_ns: int) -> None:
        self._frames = frames.at(frames.t_ns + begins_ns)
        self._given = 0

    def until(self, t_ns: int) -> Frames:
        """Those before ``t_ns`` that were not given yet."""
        first = self._given
        self._given = max(first, int(np.searchsorted(self._frames.t_ns, t_ns)))
        return self._frames.take(slice(first, self._given))


class Splice:
    """Sits between a bus and whoever records it: only the tape gets through.

    Args:
        frames: Of the tape, times since its start.
        begins_ns: Rig time at which it starts.
    """

    def __init__(self, frames: Frames, begins_ns: int) -> None:
        self._taped = TapedFrames(frames, begins_ns)
        last_ns = int(frames.t_ns[-1]) if len(frames) else 0
        self._span = (begins_ns, begins_ns + last_ns + 1)

    def __call__(self, sent: Frames, until_ns: int) -> Frames:
        begin, end = self._span
        real = sent.take((sent.t_ns < begin) | (sent.t_ns >= end))
        both = Frames.concatenate([real, self._taped.until(until_ns)])
        return both.take(np.argsort(both.t_ns, kind="stable"))


def owned(frames: Frames, ids: Sequence[int]) -> Frames:
    """The frames with one of these identifiers."""
    return frames.take(np.isin(frames.ids, np.array(ids, np.uint32)))
