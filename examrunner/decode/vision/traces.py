"""What is remembered of a picture, so that it is recognised if it comes again."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.pictures import Gray
from examrunner.model.digests import digest_of
from examrunner.model.recording import Picture
from examrunner.model.traces import PictureTrace

GRAIN_POINTS: Final = 1024
"""About how many places of a picture are remembered."""
LARGEST_GRAIN: Final = 127


def picture_trace(gray: Gray, picture: Picture, before: Gray | None) -> PictureTrace:
    """What is remembered of a picture.

    Args:
        gray: Its grey values.
        picture: Where it comes from.
        before: Grey values of the previous one of this camera and purpose, if any.
    """
    height, width = gray.shape
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
        digest=digest_of(gray.tobytes()),
        grain=_grain(gray),
    )


def _change(gray: Gray, before: Gray | None) -> float | None:
    if before is None or before.shape != gray.shape:
        return None
    return round(float(cv2.mean(cv2.absdiff(gray, before))[0]), 3)


def _grain(gray: Gray) -> NDArray[np.int8]:
    """Each place against its four neighbours: edges and noise, but no shading."""
    height, width = gray.shape
    step = max(2, round((height * width / GRAIN_POINTS) ** 0.5))
    rows = np.arange(1, height - 1, step)[:, None]
    columns = np.arange(1, width - 1, step)[None, :]
    around = (
        gray[rows - 1, columns].astype(np.int16)
        + gray[rows + 1, columns]
        + gray[rows, columns - 1]
        + gray[rows, columns + 1]
    )
    sharp = 4 * gray[rows, columns].astype(np.int16) - around
    grain: NDArray[np.int8] = np.clip(sharp, -LARGEST_GRAIN, LARGEST_GRAIN).astype(
        np.int8
    )
    return grain.ravel()
