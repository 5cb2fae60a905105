"""Who is on the bus when: frames that are ready wait for those of higher priority."""

import heapq
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import BRS, ERROR, EXTENDED, FD, Frames

Times = NDArray[np.int64]

ERROR_FRAME_BITS: Final = 20
FD_ARBITRATION_BITS: Final = 30
FD_TRAILER_BITS: Final = 28


def duration_ns(frames: Frames, bitrate_bps: int, data_bitrate_bps: int) -> Times:
    """How long each frame occupies the bus, with an average share of stuff bits."""
    payload = 8 * frames.length.astype(np.int64)
    fixed = np.where(frames.flags & EXTENDED, 67, 47)
    classic = (fixed + payload + (33 + payload) // 8) * (1_000_000_000 // bitrate_bps)
    slow_ns, fast_ns = 1_000_000_000 // bitrate_bps, 1_000_000_000 // data_bitrate_bps
    data_ns = np.where(frames.flags & BRS, fast_ns, slow_ns)
    flexible = FD_ARBITRATION_BITS * slow_ns + (payload + FD_TRAILER_BITS) * data_ns
    lengths = np.where(frames.flags & FD, flexible, classic)
    error = np.int64(ERROR_FRAME_BITS * slow_ns)
    return np.where(frames.flags & ERROR, error, lengths).astype(np.int64)


class Arbiter:
    """Turns the times at which frames are ready into those at which they are sent.

    A stretch of time without a pause on the bus is settled as a whole, once nothing
    can join it any more. So it does not matter how often ``settle`` is called.

    Args:
        bitrate_bps: Arbitration bit rate.
        data_bitrate_bps: Bit rate of the data phase of CAN FD frames.
    """

    def __init__(self, bitrate_bps: int, data_bitrate_bps: int) -> None:
        self._bitrate_bps = bitrate_bps
        self._data_bitrate_bps = data_bitrate_bps
        self._waiting = Frames.empty()

    def settle(self, ready: Frames, known_to_ns: int) -> Frames:
        """The frames of all stretches that end before ``known_to_ns``, as sent.

        Args:
            ready: New frames with the times at which they are ready, in any order.
            known_to_ns: All frames that are ready before then have been given.
        """
        frames = Frames.concatenate([self._waiting, ready])
        frames = frames.take(np.lexsort((frames.ids, frames.t_ns)))
        lasting = duration_ns(frames, self._bitrate_bps, self._data_bitrate_bps)
        begin = _first_come(frames.t_ns, lasting)
        starts = np.flatnonzero(_idle_before(frames.t_ns, begin, lasting))
        settled = _settled(begin + lasting, starts, known_to_ns)
        self._waiting = frames.take(slice(settled, None))
        sent = frames.take(slice(0, settled))
        order = np.arange(settled)
        _prefer_low_identifiers(sent, lasting, starts[starts < settled], order, begin)
        moved = sent.take(order)
        return Frames(
            t_ns=begin[:settled],
            ids=moved.ids,
            flags=moved.flags,
            length=moved.length,
            data=moved.data,
        )


def _first_come(ready: Times, lasting: Times) -> Times:
    ended = np.cumsum(lasting)
    slack = np.maximum.accumulate(ready - (ended - lasting)) if len(ready) else ready
    begin: Times = slack + ended - lasting
    return begin


def _idle_before(ready: Times, begin: Times, lasting: Times) -> NDArray[np.bool_]:
    idle = np.ones(len(ready), np.bool_)
    idle[1:] = ready[1:] >= begin[:-1] + lasting[:-1]
    return idle


def _settled(ends: Times, starts: NDArray[np.intp], known_to_ns: int) -> int:
    """How many frames lie in stretches that are over."""
    if not len(ends):
        return 0
    borders = np.append(starts[1:], len(ends))
    over = ends[borders - 1] <= known_to_ns
    done = int(np.argmin(over)) if not over.all() else len(over)
    return int(borders[done - 1]) if done else 0


def _prefer_low_identifiers(
    sent: Frames,
    lasting: Times,
    starts: NDArray[np.intp],
    order: NDArray[np.intp],
    begin: Times,
) -> None:
    """Settle the stretches in which more than one frame waits at the same time."""
    borders = np.append(starts[1:], len(sent))
    crowded = borders - starts > 2
    for first, last in zip(starts[crowded], borders[crowded], strict=True):
        rows = range(int(first), int(last))
        now = int(sent.t_ns[first])
        waiting: list[tuple[int, int]] = []
        coming = iter(rows)
        upcoming = next(coming, None)
        for slot in rows:
            while upcoming is not None and sent.t_ns[upcoming] <= now:
                heapq.heappush(waiting, (int(sent.ids[upcoming]), upcoming))
                upcoming = next(coming, None)
            _, row = heapq.heappop(waiting)
            order[slot], begin[slot] = row, now
            now += int(lasting[row])
