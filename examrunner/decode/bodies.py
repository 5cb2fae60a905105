"""Where tagged bodies stand in a camera's frame. Plain numpy: it decides marks.

All tags of a body make one pose: a single tag flips and wobbles by degrees.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from examrunner.criteria.poses import (
    Pose,
    board_pose,
    fitted,
    normal_equations,
)
from examrunner.model.bodies import Body, Tag
from examrunner.model.camera import CameraModel, Floats
from examrunner.model.station import Rig
from examrunner.model.timeline import BodyPose, Sighting

CORNER_SIGMA_PX: Final = 0.06
"""A corner is never believed to be known better than this."""
FREE: Final = 6
"""Unknowns of a pose."""


def body_poses(sightings: Iterable[Sighting], rig: Rig) -> list[BodyPose]:
    """Every body that the pictures of measuring cameras show, in order."""
    lenses = {
        camera.name: camera.intrinsics for camera in rig.cameras if camera.intrinsics
    }
    return [
        pose
        for sighting in sightings
        if (lens := lenses.get(sighting.camera)) is not None
        for pose in _in_picture(sighting, lens, rig.bodies)
    ]


def _in_picture(
    sighting: Sighting, lens: CameraModel, bodies: Mapping[str, Body]
) -> Iterable[BodyPose]:
    seen = dict(zip(sighting.ids.tolist(), sighting.corners_px, strict=True))
    for name, body in bodies.items():
        tags = [tag for tag in body.tags if tag.id in seen]
        if not tags:
            continue
        pixels = np.concatenate([seen[tag.id] for tag in tags])
        found = _solved(tags, pixels, lens)
        if found is not None:
            pose, covariance, error_px = found
            yield BodyPose(
                camera=sighting.camera,
                body=name,
                t_ns=sighting.t_ns,
                turn=pose.turn,
                at_mm=pose.at_mm,
                covariance=covariance,
                tags=len(tags),
                error_px=error_px,
            )


def _solved(
    tags: list[Tag], pixels: Floats, lens: CameraModel
) -> tuple[Pose, Floats, float] | None:
    """The pose of the body, its covariance and what is left of the corners."""
    points = np.concatenate([tag.corners_mm() for tag in tags])
    start = _start(tags, pixels, lens)
    if start is None:
        return None
    pose = fitted(start, points, pixels, lens)
    off = lens.project(pose.place(points)) - pixels
    square = normal_equations(pose, points, pixels, lens)[0]
    if not np.isfinite(off).all() or np.linalg.matrix_rank(square) < FREE:
        return None
    variance = float((off**2).sum()) / max(1, off.size - FREE)
    scale = max(variance, CORNER_SIGMA_PX**2)
    covariance = np.asarray(np.linalg.inv(square) * scale, np.float64)
    return pose, covariance, float(np.sqrt((off**2).sum(axis=1).mean()))


def _start(tags: list[Tag], pixels: Floats, lens: CameraModel) -> Pose | None:
    """A first pose from the tags that lie in one plane with the first one."""
    first = tags[0]
    right, down = first.sides
    axes = np.array([right, down, np.cross(right, down)])
    origin = np.array(first.at_mm)
    rows = [
        row
        for row, tag in enumerate(tags)
        if (tag.facing, tag.up) == (first.facing, first.up)
        and abs(axes[2] @ (np.array(tag.at_mm) - origin)) < 1.0
    ]
    flat = np.concatenate([tags[row].corners_mm() for row in rows])
    corners = np.concatenate([pixels[4 * row : 4 * row + 4] for row in rows])
    pose = board_pose((flat - origin) @ axes.T, corners, lens)
    if pose is None:
        return None
    turn = pose.turn @ axes
    return Pose(turn=turn, at_mm=pose.at_mm - turn @ origin)
