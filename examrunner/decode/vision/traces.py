"""What is remembered of a picture, so that it is recognised if it comes again."""

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.pictures import Gray
from examrunner.model.recording import Picture
from examrunner.model.traces import PictureTrace

SIDE: Final = 32
"""Places across and down that are remembered."""
FLAT: Final = 4.0
"""Places that differ by up to so many times the median show noise and no edge."""

Bits = NDArray[np.uint64]


def picture_trace(gray: Gray, picture: Picture, before: Gray | None) -> PictureTrace:
    """What is remembered of a picture.

    Args:
        gray: Its grey values.
        picture: Where it comes from.
        before: Grey values of the previous one of this camera and purpose, if any.
    """
    height, width = gray.shape
    sharp = _sharp(gray)
    size = np.abs(sharp)
    flat = (sharp != 0) & (size <= FLAT * _median(size))
    return PictureTrace(
        camera=picture.stream,
        picture=picture.name,
        t_ns=picture.t_ns,
        purpose=picture.purpose,
        size_px=(width, height),
        brightness=round(float(cv2.mean(gray)[0]), 2),
        detail=round(_variance(sharp), 1),
        change=_change(gray, before),
        grain=_packed(sharp > 0),
        flat=_packed(flat),
    )


def _median(values: NDArray[np.int16]) -> float:
    """The median of an even count, at less overhead than ``np.median``."""
    half = values.size // 2
    middle = np.partition(values, (half - 1, half), axis=None)[half - 1 : half + 1]
    return 0.5 * float(int(middle[0]) + int(middle[1]))


def _variance(values: NDArray[np.int16]) -> float:
    """The variance of whole numbers, from their sums."""
    flat = values.ravel().astype(np.float64)
    mean = float(flat.sum()) / flat.size
    return float(flat @ flat) / flat.size - mean * mean


def _change(gray: Gray, before: Gray | None) -> float | None:
    if before is None or before.shape != gray.shape:
        return None
    return round(float(cv2.mean(cv2.absdiff(gray, before))[0]), 3)


def _sharp(gray: Gray) -> NDArray[np.int16]:
    """Each place against its four neighbours: edges and noise, but no shading."""
    rows, columns = _places(*gray.shape)
    around = (
        gray[rows - 1, columns].astype(np.int16)
        + gray[rows + 1, columns]
        + gray[rows, columns - 1]
        + gray[rows, columns + 1]
    )
    sharp: NDArray[np.int16] = 4 * gray[rows, columns].astype(np.int16) - around
    return sharp


@cache
def _places(height: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows (32, 1) and columns (1, 32) that are remembered."""
    places = np.linspace(0.5, SIDE - 0.5, SIDE) / SIDE
    rows = 1 + (places * (height - 2)).astype(np.intp)
    columns = 1 + (places * (width - 2)).astype(np.intp)
    return rows[:, None], columns[None, :]


def _packed(bits: NDArray[np.bool_]) -> Bits:
    return np.packbits(bits.ravel()).view(np.uint64)
