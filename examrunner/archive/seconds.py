"""Smallest and largest payload bytes of each second: skip what cannot matter."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames

SECOND_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seconds:
    """Runs of frames that fall into the same second of recording time.

    Attributes:
        second: int64 (m,), whole seconds, rounded down.
        start: int64 (m,), row of the run's first frame.
        minimum: uint8 (m, width), smallest value of each payload byte. Bytes beyond
            a frame's length count as zero.
        maximum: uint8 (m, width), largest value of each payload byte.
    """

    second: NDArray[np.int64]
    start: NDArray[np.int64]
    minimum: NDArray[np.uint8]
    maximum: NDArray[np.uint8]


def seconds_of(frames: Frames) -> Seconds:
    """The seconds of these frames, in file order."""
    second = frames.t_ns // SECOND_NS
    start = np.flatnonzero(np.diff(second, prepend=second[:1] - 1)).astype(np.int64)
    return Seconds(
        second=second[start],
        start=start,
        minimum=_reduced(np.minimum, frames.data, start),
        maximum=_reduced(np.maximum, frames.data, start),
    )


def _reduced(
    function: np.ufunc, data: NDArray[np.uint8], start: NDArray[np.int64]
) -> NDArray[np.uint8]:
    if not len(start):
        return np.zeros((0, data.shape[1]), np.uint8)
    reduced: NDArray[np.uint8] = function.reduceat(data, start, axis=0)
    return reduced
