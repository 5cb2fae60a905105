"""What is remembered of a picture, so that it is recognised if it comes again."""

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
    grain, flat = _grain(gray)
    _, deviation = cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_16S))
    return PictureTrace(
        camera=picture.stream,
        picture=picture.name,
        t_ns=picture.t_ns,
        purpose=picture.purpose,
        size_px=(width, height),
        brightness=round(float(cv2.mean(gray)[0]), 2),
        detail=round(float(deviation[0, 0]) ** 2, 1),
        change=_change(gray, before),
        grain=grain,
        flat=flat,
    )


def _change(gray: Gray, before: Gray | None) -> float | None:
    if before is None or before.shape != gray.shape:
        return None
    return round(float(cv2.mean(cv2.absdiff(gray, before))[0]), 3)


def _grain(gray: Gray) -> tuple[Bits, Bits]:
    """Each place against its four neighbours: edges and noise, but no shading."""
    height, width = gray.shape
    places = np.linspace(0.5, SIDE - 0.5, SIDE) / SIDE
    rows = 1 + (places * (height - 2)).astype(np.intp)[:, None]
    columns = 1 + (places * (width - 2)).astype(np.intp)[None, :]
    around = (
        gray[rows - 1, columns].astype(np.int16)
        + gray[rows + 1, columns]
        + gray[rows, columns - 1]
        + gray[rows, columns + 1]
    )
    sharp = 4 * gray[rows, columns].astype(np.int16) - around
    size = np.abs(sharp)
    flat = (sharp != 0) & (size <= FLAT * np.median(size))
    return _packed(sharp > 0), _packed(flat)


def _packed(bits: NDArray[np.bool_]) -> Bits:
    return np.packbits(bits.ravel()).view(np.uint64)
