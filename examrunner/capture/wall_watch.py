"""Jumps of the wall clock: each is written down, and none touches recording time."""

import time
from collections.abc import Callable
from typing import Final

SMALLEST_STEP_S: Final = 2.0
"""Less is a clock that is being corrected, or this PC being busy."""

Nanoseconds = Callable[[], int]


class WallWatch:
    """Compares the wall clock with one that only ever runs forward.

    Args:
        wall_ns: Wall time since 1970.
        monotonic_ns: The other clock.
    """

    def __init__(
        self, wall_ns: Nanoseconds, monotonic_ns: Nanoseconds = time.monotonic_ns
    ) -> None:
        self._wall_ns = wall_ns
        self._monotonic_ns = monotonic_ns
        self._ahead_ns = wall_ns() - monotonic_ns()

    def step_s(self) -> float | None:
        """How far the wall clock jumped since the last call; None if it did not."""
        ahead_ns = self._wall_ns() - self._monotonic_ns()
        step_s = (ahead_ns - self._ahead_ns) / 1e9
        self._ahead_ns = ahead_ns
        return step_s if abs(step_s) > SMALLEST_STEP_S else None
