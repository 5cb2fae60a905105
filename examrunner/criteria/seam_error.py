"""How far floor points move when a submitted camera pose transfers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.pose_conventions import BODY_TO_OPTICAL
from examrunner.criteria.poses import Pose
from examrunner.criteria.reference_camera import reference_camera
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_models import NothingSubmittedError
from examrunner.criteria.submitted_poses import (
    PoseSource,
    reference_pose,
    submitted_pose,
)
from examrunner.criteria.verdicts import evidence_at, graded, moment
from examrunner.criteria.without_model import without_model
from examrunner.model.camera import CameraModel, Floats
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

MM_DECIMALS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SeamError:
    """Mean distance on the ground between true and transferred floor points.

    The reference camera ``x_vehicle = R x_camera + t`` (camera axes forward, left, up)
    sees each hidden floor point at a pixel; the ray of that pixel, placed by the
    submitted pose, meets the floor ``z = 0`` elsewhere. The value is the mean of
    ``min(distance, cap)`` over the points. A ray that does not come down to the floor
    before the camera counts with the cap.

    Nothing submitted, or nothing readable: not met. Without reference pose, camera or
    points, or with a point that the reference camera does not see: not measured.

    Attributes:
        submitted: Where the candidate states the pose.
        reference: Name of the right pose in the case.
        intrinsics: Name of the reference intrinsics in the case.
        floor: Name of the floor points in the case: ``[[x, y], ...]`` in mm.
        score: Millimetres to share of the points.
        cap_mm: Largest distance that one point counts with.
    """

    submitted: PoseSource
    reference: str
    intrinsics: str
    floor: str
    score: Scale
    cap_mm: float = 500.0

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"field": self.submitted.name, "scale": self.score.sentence("mm")}
        return Sentence(key="seam_error.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        right = reference_pose(hearing.case, self.reference)
        camera = reference_camera(hearing.case, self.intrinsics)
        floor = _floor_points(hearing.case, self.floor)
        rays = _rays_to(floor, right, camera)
        try:
            found = submitted_pose(hearing, self.submitted, right)
        except NothingSubmittedError as nothing:
            return without_model(hearing, self.submitted.fields, nothing.problem)
        apart = _apart(rays, found.pose, floor, self.cap_mm)
        mean = round(float(apart.mean()), MM_DECIMALS)
        values = {
            "mean": mean,
            "worst": round(float(apart.max()), MM_DECIMALS),
            "points": len(floor),
            "scale": self.score.sentence("mm"),
            "moment": moment(found.t_ns),
        }
        return graded(
            self.score.fraction(mean),
            Sentence(key="seam_error.reason", values=values),
            measured=Measured(value=mean, unit="mm"),
            evidence=[
                evidence_at(f"form.{field}", found.t_ns)
                for field in self.submitted.fields
            ],
            details={"worst_mm": round(float(apart.max()), MM_DECIMALS)},
        )


def _floor_points(case: Case, name: str) -> Floats:
    """Points (n, 3) on the floor."""
    found = case.reference.get(name)
    if not isinstance(found, Sequence) or not found:
        raise MissingError("reference", name=name)
    try:
        flat = np.array(found, np.float64).reshape(len(found), 2)
    except (TypeError, ValueError):
        raise MissingError("usable_reference", name=name) from None
    return np.column_stack([flat, np.zeros(len(flat))])


def _rays_to(floor: Floats, right: Pose, camera: CameraModel) -> Floats:
    """Directions (n, 3) in the camera's axes in which the reference sees the points."""
    seen = (floor - right.at_mm) @ right.turn @ BODY_TO_OPTICAL.T
    pixels = camera.project(seen)
    inside = (pixels >= 0) & (pixels < np.array(camera.size_px))
    if not inside.all():
        raise MissingError("floor_points")
    rays: Floats = camera.rays(pixels) @ BODY_TO_OPTICAL
    return rays


def _apart(rays: Floats, pose: Pose, floor: Floats, cap_mm: float) -> Floats:
    """Distance (n,) on the floor of each transferred point from the true one."""
    directions = rays @ pose.turn.T
    height = float(pose.at_mm[2])
    down = -directions[:, 2]
    falls = (down > 0) & (height > 0)
    reach = np.divide(height, down, out=np.full(len(down), np.nan), where=falls)
    landed = pose.at_mm + reach[:, None] * directions
    apart = np.linalg.norm(landed[:, :2] - floor[:, :2], axis=1)
    return np.where(falls, np.minimum(apart, cap_mm), cap_mm)
