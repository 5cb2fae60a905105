"""Frames on their way from one channel to the disk: bounded, and losses are counted."""

import threading
from dataclasses import dataclass
from typing import Final

from examrunner.model.frames import Frames

CAPACITY: Final = 200_000
"""Frames that may wait: half a minute of a full 500 kbit/s bus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Frames that did not fit any more.

    Attributes:
        count: How many.
        from_ns: Recording time of the first.
        to_ns: Recording time of the last.
    """

    count: int
    from_ns: int
    to_ns: int


class FrameQueue:
    """One producer; consumers take everything at once.

    Args:
        patience_s: How long a full queue holds the producer up before it drops: 0 for
            a real bus, which waits for nobody.
        capacity: Most frames that may wait.
    """

    def __init__(self, *, patience_s: float = 0.0, capacity: int = CAPACITY) -> None:
        self.depth = 0
        self._patience_s = patience_s
        self._capacity = capacity
        self._parts: list[Frames] = []
        self._dropped: Dropped | None = None
        self._changed = threading.Condition()

    def put(self, frames: Frames) -> None:
        """Appends frames, or drops and counts them."""
        with self._changed:
            fits = self._changed.wait_for(
                lambda: self.depth + len(frames) <= self._capacity, self._patience_s
            )
            if fits:
                self._parts.append(frames)
                self.depth += len(frames)
            else:
                self._dropped = _joined(self._dropped, frames)
            self._changed.notify_all()

    def wait(self, *, most: int, within_s: float) -> None:
        """Returns when ``most`` frames wait or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.depth >= most, within_s)

    def take(self) -> tuple[Frames, Dropped | None]:
        """Everything that waits, and what had no room since the last call."""
        with self._changed:
            parts, self._parts = self._parts, []
            dropped, self._dropped = self._dropped, None
            self.depth = 0
            self._changed.notify_all()
        return Frames.concatenate(parts), dropped


def _joined(before: Dropped | None, frames: Frames) -> Dropped:
    return Dropped(
        count=len(frames) + (before.count if before else 0),
        from_ns=before.from_ns if before else int(frames.t_ns[0]),
        to_ns=int(frames.t_ns[-1]),
    )
