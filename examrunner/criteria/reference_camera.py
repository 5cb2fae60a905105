"""This rig's own camera, as the case knows it."""

from collections.abc import Mapping

import numpy as np

from examrunner.model.camera import CameraModel
from examrunner.model.case import Case
from examrunner.model.errors import MissingError


def reference_camera(case: Case, name: str) -> CameraModel:
    """Reference intrinsics of a camera.

    Raises:
        MissingError: If the case does not hold them.
    """
    found = case.reference.get(name)
    if not isinstance(found, Mapping):
        raise MissingError("reference", name=name)
    try:
        width, height = found["size_px"]
        return CameraModel(
            matrix=np.array(found["camera_matrix"], np.float64).reshape(3, 3),
            distortion=np.array(found["distortion"], np.float64).ravel(),
            size_px=(int(width), int(height)),
            fisheye=bool(found.get("fisheye", False)),
        )
    except (KeyError, TypeError, ValueError):
        raise MissingError("usable_reference", name=name) from None


def reference_number(case: Case, name: str) -> float:
    """A reference value, for example the sharpness of a good still.

    Raises:
        MissingError: If the case does not hold it.
    """
    found = case.reference.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise MissingError("reference", name=name)
    return float(found)
