"""Whether the board was tilted both ways and held at several distances."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.planes import PlaneSource, joint_planes, lost_planes
from examrunner.criteria.poses import Pose
from examrunner.criteria.scales import LEAST_EPSILON
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.views import ViewRules, hull_of, no_views, sorted_views
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

DEG_DECIMALS: Final = 2
EIGENVALUE_DECIMALS: Final = 6
SIGNED_TILT_DEG: Final = 5.0
"""Tilt about one axis from which its sign counts; below, noise decides it."""
DIRECTIONS: Final = ("+x", "-x", "+y", "-y")


@dataclass(frozen=True, slots=True, kw_only=True)
class TiltPart:
    """Enough tilted views, both ways about both axes.

    Attributes:
        tilt_deg_min: Tilt from which a view counts.
        views_min: How many of them.
        both_axes_both_signs: Whether they have to lean both ways about x and y.
        weight: Share of the points.
    """

    tilt_deg_min: float = 20.0
    views_min: int = 4
    both_axes_both_signs: bool = True
    weight: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DistancePart:
    """Far views and near ones.

    Attributes:
        ratio_min: Farthest distance over the nearest.
        weight: Share of the points.
    """

    ratio_min: float = 1.5
    weight: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalsPart:
    """Normals that point into all directions, so that planes fix a pose.

    Value: the smallest eigenvalue of the mean of ``n n^T`` over the unit normals n of
    the joint planes in the camera's frame, 0 for parallel boards, 1/3 at most. Share:
    ``log(value / zero) / log(full / zero)``, between 0 and 1.

    Attributes:
        joint: The lidar's planes; only stills with one count.
        full: Eigenvalue that earns everything.
        zero: Eigenvalue up to which nothing is earned.
    """

    joint: PlaneSource
    full: float = 0.05
    zero: float = 0.005

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        return "" if 0 < self.zero < self.full else "'zero' lies between 0 and 'full'"

    def fraction(self, value: float) -> float:
        """Share of the points."""
        if value <= self.zero:
            return 0.0
        return min(1.0, math.log(value / self.zero) / math.log(self.full / self.zero))


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewDiversity:
    """Tilts and distances of the valid stills, seen through the reference camera.

    With ``normals`` the spread of the board's normals over the joint planes of camera
    and lidar is scored instead of tilts and distances.

    Attributes:
        views: What makes a still count.
        tilt: The part about tilts.
        distance: The part about distances.
        normals: Instead of both.
    """

    views: ViewRules
    tilt: TiltPart = TiltPart()
    distance: DistancePart = DistancePart()
    normals: NormalsPart | None = None

    def rule(self) -> Sentence:
        """The question as a sentence."""
        if self.normals is not None:
            return _normals_rule(self.normals)
        values = {
            "views": self.tilt.views_min,
            "tilt": self.tilt.tilt_deg_min,
            "ratio": self.distance.ratio_min,
            "w_tilt": self.tilt.weight,
            "w_distance": self.distance.weight,
        }
        key = "rule" if self.tilt.both_axes_both_signs else "rule_any"
        return Sentence(key=f"view_diversity.{key}", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        if self.normals is not None:
            return _of_normals(hearing, self.views, self.normals)
        found = sorted_views(hearing, self.views)
        if not found.taken:
            return no_views(hearing, self.views.camera)
        poses = [pose for _, pose in found.valid]
        tilted = [p for p in poses if self._is_tilted(p)]
        missing = _missing(tilted) if self.tilt.both_axes_both_signs else []
        leans = len(tilted) >= self.tilt.views_min and not missing
        ratio = round(_distance_ratio(found.valid), 3) if poses else 1.0
        far = ratio >= self.distance.ratio_min - LEAST_EPSILON
        hull = hull_of(found.taken)
        values = {
            "tilted": len(tilted),
            "tilt": self.tilt.tilt_deg_min,
            "views": self.tilt.views_min,
            "missing": ", ".join(missing) or "-",
            "was": ratio,
            "ratio": self.distance.ratio_min,
            "span": span_of(hull),
        }
        return graded(
            self.tilt.weight * leans + self.distance.weight * far,
            Sentence(key="view_diversity.reason", values=values),
            measured=Measured(value=float(len(tilted))),
            evidence=[evidence_of(self.views.camera, hull)],
            details={"tilted": float(len(tilted)), "distance_ratio": ratio},
        )

    def _is_tilted(self, pose: Pose) -> bool:
        return round(pose.tilt_deg, DEG_DECIMALS) >= self.tilt.tilt_deg_min


def _missing(poses: Sequence[Pose]) -> list[str]:
    """Directions in which no board leans."""
    about_x = [pose.about_x_deg for pose in poses]
    about_y = [pose.about_y_deg for pose in poses]
    seen = (
        max(about_x, default=0.0) >= SIGNED_TILT_DEG,
        min(about_x, default=0.0) <= -SIGNED_TILT_DEG,
        max(about_y, default=0.0) >= SIGNED_TILT_DEG,
        min(about_y, default=0.0) <= -SIGNED_TILT_DEG,
    )
    return [name for name, ok in zip(DIRECTIONS, seen, strict=True) if not ok]


def _distance_ratio(valid: Sequence[tuple[object, Pose]]) -> float:
    distances = [float(np.linalg.norm(pose.at_mm)) for _, pose in valid]
    return max(distances) / min(distances)


def _normals_rule(part: NormalsPart) -> Sentence:
    values = {"full": part.full, "zero": part.zero, "planes": part.joint.sentence()}
    return Sentence(key="view_diversity.rule_normals", values=values)


def _of_normals(hearing: Hearing, rules: ViewRules, part: NormalsPart) -> Judgement:
    found = joint_planes(hearing, rules, part.joint)
    if not found.views.taken:
        return no_views(hearing, rules.camera)
    normals = np.array([plane.normal for plane in found.planes]).reshape(-1, 3)
    spread = normals.T @ normals / max(1, len(normals))
    value = max(0.0, round(float(np.linalg.eigvalsh(spread)[0]), EIGENVALUE_DECIMALS))
    hull, fraction = hull_of(found.views.taken), part.fraction(value)
    if fraction < 1 and len(found.lost):
        return lost_planes(part.joint, found.lost, hull)
    values = {
        "joint": len(normals),
        "value": value,
        "full": part.full,
        "zero": part.zero,
        "span": span_of(hull),
    }
    return graded(
        fraction,
        Sentence(key="view_diversity.normals", values=values),
        measured=Measured(value=value),
        evidence=[evidence_of(rules.camera, hull)],
        details={"joint": float(len(normals))},
    )
