"""Corners to a fraction of a pixel."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.pictures import Gray
from examrunner.model.camera import Floats

WIDEST_PX: Final = 11
NARROWEST_PX: Final = 3
PRECISION: Final = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 1e-3)


def refined(
    gray: Gray, corners: Floats, ids: NDArray[Any], across: int, *, share: float
) -> Floats:
    """Saddle points nearest to ``corners``, all searched within the same reach.

    Args:
        gray: The full picture.
        corners: About where they are (m, 2).
        ids: Their numbers on a board that counts row by row.
        across: Corners in a row of that board.
        share: Share of the closest spacing that a corner may look around: beyond it
            lie edges of its neighbours, which would pull it away.
    """
    reach = int(spacings(corners, ids, across).min(initial=np.inf) * share)
    return _saddles(gray, corners, _window(reach))


def refined_one_by_one(
    gray: Gray,
    corners: Floats,
    ids: NDArray[Any],
    across: int,
    *,
    share: float,
    trust_px: float,
) -> Floats:
    """The same with a reach for each corner; one that runs off stays where it was.

    Args:
        gray: The full picture.
        corners: About where they are (m, 2).
        ids: Their numbers on a board that counts row by row.
        across: Corners in a row of that board.
        share: Share of its closest spacing that a corner may look around.
        trust_px: How far a saddle may lie from its start.
    """
    reaches = (spacings(corners, ids, across) * share).astype(int)
    windows = np.array([_window(int(reach)) for reach in reaches], dtype=int)
    found = corners.copy()
    for window in np.unique(windows):
        chosen = windows == window
        found[chosen] = _saddles(gray, corners[chosen], int(window))
    lost = ~(np.linalg.norm(found - corners, axis=1) <= trust_px)
    found[lost] = corners[lost]
    return found


def spacings(corners: Floats, ids: NDArray[Any], across: int) -> Floats:
    """Distance in pixels (m,) to the closest neighbour on the board."""
    place = {int(number): corner for number, corner in zip(ids, corners, strict=True)}
    return np.array(
        [
            min(
                (
                    float(np.linalg.norm(place[other] - corner))
                    for other in _neighbours(number, across)
                    if other in place
                ),
                default=float(2 * NARROWEST_PX),
            )
            for number, corner in place.items()
        ]
    )


def _neighbours(number: int, across: int) -> list[int]:
    found = [number - across, number + across]
    if number % across:
        found.append(number - 1)
    if (number + 1) % across:
        found.append(number + 1)
    return found


def _window(reach: int) -> int:
    return min(WIDEST_PX, max(NARROWEST_PX, reach))


def _saddles(gray: Gray, corners: Floats, window: int) -> Floats:
    start = np.ascontiguousarray(corners, dtype=np.float32).reshape(-1, 1, 2)
    found = cv2.cornerSubPix(gray, start, (window, window), (-1, -1), PRECISION)
    return np.asarray(found, dtype=np.float64).reshape(-1, 2)
