"""A value that changes at known moments, sampled at any others."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class History(Generic[T]):
    """A step function of rig time.

    Args:
        initial: The value before the first change.
    """

    def __init__(self, initial: T) -> None:
        self._times: list[int] = []
        self._values: list[T] = [initial]

    def set(self, t_ns: int, value: T) -> None:
        """Take ``value`` from ``t_ns`` on; anything planned for later is dropped."""
        keep = bisect_right(self._times, t_ns - 1)
        del self._times[keep:], self._values[keep + 1 :]
        if self._values[-1] != value:
            self._times.append(t_ns)
            self._values.append(value)

    def at(self, t_ns: int) -> T:
        """The value at one moment."""
        return self._values[bisect_right(self._times, t_ns)]

    @property
    def latest(self) -> T:
        """The value after the last known change."""
        return self._values[-1]

    def changes(self, from_ns: int, to_ns: int) -> Sequence[tuple[int, T]]:
        """The changes in (from, to], in order."""
        first, last = (
            bisect_right(self._times, from_ns),
            bisect_right(self._times, to_ns),
        )
        return [(self._times[i], self._values[i + 1]) for i in range(first, last)]

    def sample(self, t_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        """The values at ``t_ns`` (n,) as float64 (n,)."""
        rows = np.searchsorted(np.array(self._times, np.int64), t_ns, side="right")
        values = np.array(self._values, np.float64)
        sampled: NDArray[np.float64] = values[rows]
        return sampled
