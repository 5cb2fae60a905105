"""Where the camera stands against a board, picture by picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from examrunner.criteria.geometry import resized
from examrunner.criteria.poses import Pose, board_pose
from examrunner.decode.vision.shots import Shot
from examrunner.model.camera import CameraModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoseReport:
    """The board's pose in one picture.

    Attributes:
        image: Its name.
        pose: Board to camera; None if there is none.
        error_px: Root mean square error of the corners; None likewise.
        reason: Why there is none; empty otherwise.
    """

    image: str
    pose: Pose | None
    error_px: float | None
    reason: str


def solve_poses(shots: Sequence[Shot], model: CameraModel) -> tuple[PoseReport, ...]:
    """The pose that each shot shows; never raises for poor pictures."""
    return tuple(_solve(shot, model) for shot in shots)


def _solve(shot: Shot, model: CameraModel) -> PoseReport:
    if shot.refusal:
        return _none(shot, shot.refusal)
    fitting = resized(model, shot.size_px)
    pose = board_pose(shot.points_mm, shot.corners_px, fitting)
    if pose is None:
        return _none(shot, "no pose explains its corners")
    off = fitting.project(pose.place(shot.points_mm)) - shot.corners_px
    error_px = float(np.sqrt((off**2).sum(axis=1).mean()))
    if not np.isfinite(error_px):
        return _none(shot, "the intrinsics do not hold where the board is")
    return PoseReport(image=shot.image, pose=pose, error_px=error_px, reason="")


def _none(shot: Shot, reason: str) -> PoseReport:
    return PoseReport(image=shot.image, pose=None, error_px=None, reason=reason)
