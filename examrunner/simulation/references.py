"""What is true of a simulated rig: the reference values of a case."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from examrunner.model.camera import CameraModel
from examrunner.model.rubric import Variant
from examrunner.model.station import Camera

MATRIX: Final = ((905.4, 0.0, 642.3), (0.0, 903.1, 357.6), (0.0, 0.0, 1.0))
DISTORTION: Final = (-0.291, 0.094, 0.0006, -0.0004, -0.012)


def camera_model(camera: Camera, variant: Variant | None) -> CameraModel:
    """The true intrinsics of a camera: the variant's, else the bench's own."""
    differing = variant.rig.get("cameras") if variant else None
    own = differing.get(camera.name) if isinstance(differing, Mapping) else None
    given = own if isinstance(own, Mapping) else {}
    return CameraModel(
        matrix=np.array(given.get("camera_matrix", MATRIX), np.float64),
        distortion=np.array(given.get("distortion", DISTORTION), np.float64),
        size_px=camera.size_px,
    )
