"""What is true of a lidar beside its camera: the reference values of a case."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.camera import rotation, rotation_vector
from examrunner.model.rubric import Variant
from examrunner.simulation.sensors.lidar import mounting_of

HIDDEN: Final = (
    (38.0, 10.0, 900.0, 300.0, 4600.0),
    (-35.0, 20.0, -1100.0, -250.0, 5000.0),
    (8.0, -40.0, 1200.0, 100.0, 5200.0),
    (-12.0, 38.0, -900.0, 350.0, 4400.0),
)
"""Hold-out planes in the hall: tilt about x and y in degrees, centre in mm, all in
the camera's frame. So far away a small turn is seen well."""


def lidar_references(variant: Variant | None) -> dict[str, object]:
    """Pose of the lidar and the hold-out planes, if the variant speaks of them."""
    own = variant.rig.get("lidar") if variant else None
    if not isinstance(own, Mapping):
        return {}
    mounting = mounting_of(own)
    back = mounting.turn.T
    planes = []
    for about_x, about_y, *place in HIDDEN:
        centre = np.array(place)
        normal = _normal(about_x, about_y)
        planes.append(
            {
                "normal": normal.round(9).tolist(),
                "distance_mm": round(float(normal @ centre), 6),
                "lidar_centroid_mm": (back @ (centre - mounting.at_mm))
                .round(6)
                .tolist(),
            }
        )
    return {
        "lidar_in_camera": {
            "rotation_vector": rotation_vector(mounting.turn).round(12).tolist(),
            "translation_mm": mounting.at_mm.tolist(),
        },
        "lidar_holdout": planes,
    }


def _normal(about_x_deg: float, about_y_deg: float) -> NDArray[np.float64]:
    turn = rotation(np.radians(np.array([about_x_deg, about_y_deg, 0.0])))
    normal: NDArray[np.float64] = -turn[:, 2]
    return normal
