"""Corners to a fraction of a pixel."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.pictures import Gray
from examrunner.model.camera import Floats

WIDEST_PX: Final = 11
NARROWEST_PX: Final = 2
PRECISION: Final = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 1e-3)


def refined(
    gray: Gray, corners: Floats, ids: NDArray[Any], across: int, *, share: float
) -> Floats:
    """Saddle points nearest to ``corners``.

    Args:
        gray: The full picture.
        corners: About where they are (m, 2).
        ids: Their numbers on a board that counts row by row.
        across: Corners in a row of that board.
        share: Share of the closest spacing that a corner may look around: beyond it
            lie edges of its neighbours, which would pull it away.
    """
    reach = int(closest_spacing(corners, ids, across) * share)
    window = min(WIDEST_PX, max(NARROWEST_PX, reach))
    start = np.ascontiguousarray(corners, dtype=np.float32).reshape(-1, 1, 2)
    found = cv2.cornerSubPix(gray, start, (window, window), (-1, -1), PRECISION)
    return np.asarray(found, dtype=np.float64).reshape(-1, 2)


def closest_spacing(corners: Floats, ids: NDArray[Any], across: int) -> float:
    """Smallest distance in pixels of two corners that are neighbours on the board."""
    place = {int(number): corner for number, corner in zip(ids, corners, strict=True)}
    steps = [
        float(np.linalg.norm(place[other] - corner))
        for number, corner in place.items()
        for other in (number + across, number + 1 if (number + 1) % across else -1)
        if other in place
    ]
    return min(steps, default=float(2 * NARROWEST_PX))
