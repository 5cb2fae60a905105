"""Which corners of a board fit the others: a lens bends a plane smoothly."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.model.camera import Floats

FEWEST: Final = 14
"""Below this number a wrong corner cannot be told from a bend."""
ENOUGH_FOR_CUBIC: Final = 24
LEAST_PX: Final = 0.5
"""A deviation below this is never wrong: blur and noise reach it."""
MEDIANS: Final = 4.0
ROUNDS: Final = 3


def fitting_corners(places: Floats, corners_px: Floats) -> NDArray[np.bool_]:
    """Mask (m,) of the corners that lie where the others say.

    What a perspective leaves over is fitted by a low polynomial over the board.

    Args:
        places: Positions on the board (m, 2), in squares.
        corners_px: Where they were found (m, 2).
    """
    kept = np.ones(len(places), dtype=np.bool_)
    if len(places) < FEWEST:
        return kept
    homography, _ = cv2.findHomography(places, corners_px)
    if homography is None:
        return kept
    flat = cv2.perspectiveTransform(places[:, None], homography)[:, 0]
    bends = corners_px - flat
    terms = _terms(places)
    for _ in range(ROUNDS):
        fit, *_ = np.linalg.lstsq(terms[kept], bends[kept], rcond=None)
        off = np.linalg.norm(bends - terms @ fit, axis=1)
        near = off <= max(LEAST_PX, MEDIANS * float(np.median(off)))
        if near.sum() < terms.shape[1] + 2:
            break
        kept = near
    return kept


def _terms(places: Floats) -> Floats:
    """Powers of the position up to the second or third degree, (m, 6 or 10)."""
    x, y = (2 * (places - places.mean(axis=0)) / np.ptp(places, axis=0).clip(1)).T
    terms = [np.ones_like(x), x, y, x * x, x * y, y * y]
    if len(places) >= ENOUGH_FOR_CUBIC:
        terms += [x**3, x * x * y, x * y * y, y**3]
    return np.column_stack(terms)
