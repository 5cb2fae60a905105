"""The bench tool that computes where a camera sits from a picture of the mat."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.pose_conventions import BODY_TO_OPTICAL
from examrunner.decode.bodies import body_poses
from examrunner.decode.vision.markers import find_markers
from examrunner.decode.vision.tag_edges import corners_from_edges
from examrunner.model.camera import CameraModel
from examrunner.model.placement import Placement
from examrunner.model.station import Rig
from examrunner.model.timeline import Sighting

MAT: Final = "mat"


def camera_on_vehicle(
    picture: NDArray[np.uint8], rig: Rig, camera: str, lens: CameraModel, mat: Placement
) -> Placement:
    """Where a camera sits, if the mat lies where it is said to.

    Args:
        picture: Grey levels, with the tags of the mat.
        rig: Knows the mat.
        camera: Which camera took it.
        lens: Its intrinsics.
        mat: The mat in the vehicle's frame.

    Raises:
        ValueError: If the picture does not show the mat.
    """
    tags = next(c.marker_dictionary for c in rig.cameras if c.role == "targets")
    seeing = [replace(c, intrinsics=lens) for c in rig.cameras if c.name == camera]
    ids, corners = find_markers(picture, tags)
    sighting = Sighting(
        camera=camera,
        t_ns=0,
        ids=ids,
        corners_px=corners_from_edges(picture, corners),
    )
    poses = body_poses([sighting], replace(rig, cameras=tuple(seeing)))
    seen = next((pose for pose in poses if pose.body == MAT), None)
    if seen is None:
        raise ValueError("the picture does not show the mat")
    from_camera = mat.turn @ seen.turn.T
    at_mm = np.array(mat.at_mm) - from_camera @ seen.at_mm
    return Placement.of(from_camera @ BODY_TO_OPTICAL, at_mm)
