"""What is true of a simulated rig: the reference values of a case."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from examrunner.model.camera import CameraModel
from examrunner.model.placement import Placement
from examrunner.model.rubric import Variant
from examrunner.model.station import Camera

MATRIX: Final = ((905.4, 0.0, 642.3), (0.0, 903.1, 357.6), (0.0, 0.0, 1.0))
DISTORTION: Final = (-0.291, 0.094, 0.0006, -0.0004, -0.012)


FLOOR_POINTS_MM: Final = (
    (4800, -700), (4800, 600), (5200, -900), (5200, 100), (5600, -400),
    (5600, 800), (6000, -900), (6000, 300), (6400, -200), (6400, 900),
)  # fmt: skip
"""Points on the floor that judge a pose of the front camera: forward, left."""


def camera_model(camera: Camera, variant: Variant | None) -> CameraModel:
    """The true intrinsics of a camera: the variant's, else the bench's own."""
    given = _given(camera, variant)
    return CameraModel(
        matrix=np.array(given.get("camera_matrix", MATRIX), np.float64),
        distortion=np.array(given.get("distortion", DISTORTION), np.float64),
        size_px=camera.size_px,
    )


def camera_placement(camera: Camera, variant: Variant | None) -> Placement | None:
    """Where the variant mounts a camera on the vehicle; None if it does not say."""
    given = _given(camera, variant)
    if "at_mm" not in given:
        return None
    x, y, z = given["at_mm"]
    roll, pitch, yaw = given.get("roll_pitch_yaw_deg", (0.0, 0.0, 0.0))
    return Placement(
        at_mm=(float(x), float(y), float(z)),
        yaw_deg=float(yaw),
        pitch_deg=float(pitch),
        roll_deg=float(roll),
    )


def _given(camera: Camera, variant: Variant | None) -> Mapping[str, Any]:
    differing = variant.rig.get("cameras") if variant else None
    own = differing.get(camera.name) if isinstance(differing, Mapping) else None
    return own if isinstance(own, Mapping) else {}
