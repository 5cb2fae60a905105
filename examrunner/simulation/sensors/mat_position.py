"""Where a calibration mat lies, from six distances between wheel hubs and the mat."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEAR_LEFT: Final = (-800.0, 1000.0)
NEAR_RIGHT: Final = (-800.0, -1000.0)
"""Marks at the two corners of the mat that are next to the vehicle, in its frame."""
SPANS: Final = (
    ("front_left", NEAR_LEFT),
    ("front_right", NEAR_RIGHT),
    ("front_left", NEAR_RIGHT),
    ("front_right", NEAR_LEFT),
    ("rear_left", NEAR_LEFT),
    ("rear_right", NEAR_RIGHT),
)
"""The six distances in order: from which hub to which mark, on the floor."""
ROUNDS: Final = 12
STEPS: Final = (0.01, 0.01, 1e-6)
"""Differences for the derivatives: mm, mm, rad."""

Position = tuple[float, float, float]
"""x and y of the mat's centre in mm and its yaw in degrees, in the vehicle's frame."""


def hubs_of(wheelbase: float, front_track: float, rear_track: float) -> Floats:
    """Foot (6, 2) of the plumb line at the hub where each distance begins."""
    feet = {
        "front_left": (wheelbase, front_track / 2),
        "front_right": (wheelbase, -front_track / 2),
        "rear_left": (0.0, rear_track / 2),
        "rear_right": (0.0, -rear_track / 2),
    }
    return np.array([feet[hub] for hub, _ in SPANS])


def distances_to(position: Position, hubs: Floats) -> Floats:
    """The six distances in mm for a mat that lies there."""
    x, y, yaw_deg = position
    return _distances(np.array([x, y, np.radians(yaw_deg)]), hubs)


def position_of(distances: Floats, hubs: Floats) -> Position | None:
    """Where the mat lies, by least squares; None if the distances fit nowhere."""
    ahead = float(hubs[:, 0].max() + distances[:2].mean() - NEAR_LEFT[0])
    found = np.array([ahead, 0.0, 0.0])
    for _ in range(ROUNDS):
        off = _distances(found, hubs) - distances
        slope = np.column_stack(
            [
                (_distances(found + by, hubs) - _distances(found - by, hubs)) / 2
                for by in np.diag(STEPS)
            ]
        ) / np.array(STEPS)
        if not np.isfinite(slope).all():
            return None
        found = found - np.linalg.lstsq(slope, off, rcond=None)[0]
    return float(found[0]), float(found[1]), float(np.degrees(found[2]))


def _distances(found: Floats, hubs: Floats) -> Floats:
    turned = np.array(
        [[np.cos(found[2]), -np.sin(found[2])], [np.sin(found[2]), np.cos(found[2])]]
    )
    marks = np.array([mark for _, mark in SPANS]) @ turned.T + found[:2]
    return np.asarray(np.linalg.norm(marks - hubs, axis=1), np.float64)
