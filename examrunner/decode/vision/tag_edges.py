"""Corners of small tags from their edges.

A refined corner of a black square is drawn inwards by the blur: by 0.25 px on a tag of
40 px, which moves a plate seven metres away by 7 mm. An edge has no such bias, so each
side is found as a line between its corners, and corners are where the lines meet.
"""

from typing import Final

import cv2
import numpy as np

from examrunner.decode.vision.pictures import Gray
from examrunner.model.camera import Floats

ALONG: Final = np.linspace(0.15, 0.85, 24)
"""Where each side is looked at: away from its ends, which are rounded."""
CELLS: Final = 8
"""Cells across a tag: the black border and the white one are one cell wide."""
STEP_PX: Final = 0.25
ROUNDS: Final = 3
TRUST_PX: Final = 2.0
TRUST_SHARE: Final = 0.06
"""Corners that move farther than that, in pixels and as a share of a side, stay where
they were. On large slanting tags a rough corner may be that of an inner cell."""
NARROWEST_PX, WIDEST_PX = 1.5, 4.0


def corners_from_edges(gray: Gray, corners_px: Floats) -> Floats:
    """Corners (m, 4, 2) of black squares on white, from rough ones (m, 4, 2)."""
    refined = np.array(corners_px, np.float64)
    for row, rough in enumerate(refined):
        found = rough
        for _ in range(ROUNDS):
            found = _crossings(gray, found)
        side = float(np.linalg.norm(rough - np.roll(rough, -1, axis=0), axis=1).max())
        trust = max(TRUST_PX, TRUST_SHARE * side)
        if (np.linalg.norm(found - rough, axis=1) < trust).all():
            refined[row] = found
    return refined


def _crossings(gray: Gray, corners: Floats) -> Floats:
    """Where the lines through the four sides of one square meet."""
    ends = np.roll(corners, -1, axis=0)
    sides = ends - corners
    lengths = np.linalg.norm(sides, axis=1, keepdims=True)
    outwards = np.column_stack([sides[:, 1], -sides[:, 0]]) / lengths
    reach = float(np.clip(0.6 * lengths.min() / CELLS, NARROWEST_PX, WIDEST_PX))
    points = corners[:, None] + ALONG[None, :, None] * sides[:, None]
    shifts = _edge_shifts(gray, points, outwards, reach)
    lines = np.array(
        [
            _line(on_side + shift[:, None] * outwards[row])
            for row, (on_side, shift) in enumerate(zip(points, shifts, strict=True))
        ]
    )
    met = np.cross(np.roll(lines, 1, axis=0), lines)
    crossings: Floats = met[:, :2] / met[:, 2:]
    return crossings


def _edge_shifts(gray: Gray, points: Floats, outwards: Floats, reach: float) -> Floats:
    """How far outwards (4, n) the edge lies: the centre of the rise in brightness."""
    steps = np.arange(-reach, reach + STEP_PX / 2, STEP_PX)
    places = points[:, :, None] + steps[None, None, :, None] * outwards[:, None, None]
    maps = places.astype(np.float32).reshape(-1, len(steps), 2)
    profile = cv2.remap(gray, maps, None, cv2.INTER_LINEAR).astype(np.float64)
    rise = np.maximum(np.diff(profile.reshape(places.shape[:3]), axis=2), 0.0)
    weight = rise.sum(axis=2)
    between = (steps[1:] + steps[:-1]) / 2
    found: Floats = (rise @ between) / np.maximum(weight, 1e-9)
    return np.where(weight > 0, found, 0.0)


def _line(points: Floats) -> Floats:
    """Homogeneous line (3,) through points (n, 2), least squares."""
    centre = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - centre)
    normal = axes[1]
    return np.array([normal[0], normal[1], -float(normal @ centre)])
