"""How often each identifier comes: what tells a healthy bus from a faulty one."""

from dataclasses import dataclass

import numpy as np

from examrunner.model.frames import ERROR, EXTENDED, REMOTE, Frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One identifier within one observation.

    Attributes:
        channel: CAN channel.
        can_id: Identifier without flag bits.
        extended: Whether it has 29 bits.
        count: Frames.
        longest_gap_s: Longest silence, including before the first and after the last.
    """

    channel: str
    can_id: int
    extended: bool
    count: int
    longest_gap_s: float


@dataclass(slots=True)
class _Tally:
    count: int
    last_ns: int
    longest_ns: int


class BusWatch:
    """Tallies the frames of one channel from a moment on.

    Args:
        channel: CAN channel.
        from_ns: When the observation begins.
    """

    def __init__(self, channel: str, from_ns: int) -> None:
        self._channel = channel
        self._from_ns = from_ns
        self._tallies: dict[tuple[int, bool], _Tally] = {}

    def add(self, frames: Frames) -> None:
        """Counts in further frames, in order of time."""
        data = (frames.flags & (ERROR | REMOTE)) == 0
        keys = (frames.ids.astype(np.int64) << 1) | ((frames.flags & EXTENDED) > 0)
        for key in np.unique(keys[data]):
            times = frames.t_ns[(keys == key) & data & (frames.t_ns >= self._from_ns)]
            if len(times):
                self._count((int(key) >> 1, bool(key & 1)), times)

    def report(self, until_ns: int) -> tuple[Heard, ...]:
        """Everything heard so far, by identifier."""
        return tuple(
            Heard(
                channel=self._channel,
                can_id=can_id,
                extended=extended,
                count=tally.count,
                longest_gap_s=max(tally.longest_ns, until_ns - tally.last_ns) / 1e9,
            )
            for (can_id, extended), tally in sorted(self._tallies.items())
        )

    def _count(self, key: tuple[int, bool], times: np.ndarray) -> None:
        tally = self._tallies.setdefault(key, _Tally(0, self._from_ns, 0))
        gaps = np.diff(times, prepend=tally.last_ns)
        tally.count += len(times)
        tally.longest_ns = max(tally.longest_ns, int(gaps.max()))
        tally.last_ns = int(times[-1])
