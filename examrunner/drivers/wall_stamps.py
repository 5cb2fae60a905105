"""Stamps of the wall clock on the monotonic one, however the wall clock is set."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Stamps = NDArray[np.int64]

STEP_NS: Final = 1_000_000
"""The wall clock was set, not only drawn along, when it moved by more."""


class WallStamps:
    """Follows the distance between two clocks of one PC.

    The kernel stamps a frame with the wall clock, which somebody may set while frames
    wait in a socket. Such a frame has an impossible time by the new distance and a
    possible one by the old.

    Args:
        wall_ns: The wall clock now.
        monotonic_ns: The clock that nobody sets, now.
    """

    def __init__(
        self, wall_ns: Callable[[], int], monotonic_ns: Callable[[], int]
    ) -> None:
        self._wall_ns = wall_ns
        self._monotonic_ns = monotonic_ns
        self._distance_ns = monotonic_ns() - wall_ns()
        self._read_ns = monotonic_ns()

    def monotonic(self, stamps: Stamps) -> Stamps:
        """When frames arrived that were read just now; 0 in ``stamps`` means now."""
        before_ns, since_ns = self._distance_ns, self._read_ns
        now_ns = self._monotonic_ns()
        self._distance_ns = now_ns - self._wall_ns()
        self._read_ns = now_ns
        by_new = stamps + self._distance_ns
        found = np.where(stamps == 0, now_ns, by_new)
        if abs(self._distance_ns - before_ns) > STEP_NS:
            by_old = stamps + before_ns
            old_fits = (by_old <= now_ns) & (by_old >= since_ns - STEP_NS)
            found = np.where(old_fits & (stamps != 0), by_old, found)
        times: Stamps = np.clip(found, 0, now_ns)
        return times
