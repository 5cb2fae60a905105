"""The target stand as the front camera sees it."""

from typing import Final

import numpy as np

from examrunner.model.camera import Floats
from examrunner.model.placement import Placement
from examrunner.simulation.bodies import Bodies

STAND: Final = "target_stand"
CAMERA_AT_MM: Final = (1400.0, 0.0, 1200.0)
"""Where the front camera looks from, in the vehicle's frame."""
ASKED_MM: Final = 3000.0
FARTHEST_OFF_MM: Final = 300.0
"""How wrong the distance may be before the pattern does not fit."""
WIDEST_DEG: Final = 10.0
"""How far the plate may be turned away before the pattern does not fit."""
PATTERN_MM: Final = np.array(
    [(0.0, 500, 300), (0.0, -500, 300), (0.0, 500, -300), (0.0, -500, -300)]
)
FEATURE_MM: Final = 120.0
FOCAL_PX, CENTRE_PX = 905.0, (640.0, 360.0)


def looked_at(bodies: Bodies, t_ns: int) -> Placement | None:
    """The stand against the camera's place; None if its pattern is not recognised."""
    standing = bodies.standing(STAND, t_ns)
    if standing.placement is None or standing.moving:
        return None
    own = standing.placement
    x, y, z = (a - b for a, b in zip(own.at_mm, CAMERA_AT_MM, strict=True))
    fits = abs(np.hypot(x, y) - ASKED_MM) <= FARTHEST_OFF_MM
    turned = max(abs(own.yaw_deg), abs(own.pitch_deg), abs(own.roll_deg))
    if x <= 0 or not fits or turned > WIDEST_DEG:
        return None
    return Placement(
        at_mm=(x, y, z),
        yaw_deg=own.yaw_deg,
        pitch_deg=own.pitch_deg,
        roll_deg=own.roll_deg,
    )


def features(target: Placement, mounted_deg: tuple[float, float, float]) -> Floats:
    """Column, row and size in pixels (4, 3) of the pattern's features."""
    yaw, pitch, roll = mounted_deg
    camera = Placement(yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll)
    ahead, left, up = (target.place(PATTERN_MM) @ camera.turn).T
    return np.column_stack(
        [
            CENTRE_PX[0] - FOCAL_PX * left / ahead,
            CENTRE_PX[1] - FOCAL_PX * up / ahead,
            FOCAL_PX * FEATURE_MM / ahead,
        ]
    )
