"""Planes that a lidar reports, beside the board that a camera shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import lost_for
from examrunner.criteria.poses import Pose
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, left_open, span_of
from examrunner.criteria.views import Sorted, ViewRules, sorted_views
from examrunner.model.camera import Floats
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.timeline import NS_PER_S, BoardView, Quality, Series

Axes = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneSource:
    """Signals in which a lidar tells the plane of a board, in its own frame.

    Attributes:
        inliers: Number of points on the plane.
        normal: Its normal, x, y and z.
        centroid: A point of it, x, y and z.
        unit: Unit of the centroid.
        min_inliers: Fewer points are no plane.
        within_s: How far from the still in time the report may be.
    """

    inliers: str
    normal: Axes
    centroid: Axes
    unit: Literal["mm", "m"] = "mm"
    min_inliers: float = 200.0
    within_s: float = 0.2

    def sentence(self) -> Sentence:
        """What is wanted beside a still, as words."""
        values = {"inliers": self.min_inliers, "within_s": self.within_s}
        return Sentence(key="planes.with", values=values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointPlane:
    """One board as camera and lidar saw it at the same time, normals towards them.

    Attributes:
        view: The still.
        normal: float64 (3,), of the board in the camera's frame.
        distance_mm: ``normal . x`` of every point x of the board, negative.
        lidar_normal: float64 (3,), in the lidar's frame.
        lidar_centre_mm: float64 (3,), in the lidar's frame.
    """

    view: BoardView
    normal: Floats
    distance_mm: float
    lidar_normal: Floats
    lidar_centre_mm: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointPlanes:
    """The boards that both sensors saw.

    Attributes:
        views: The stills with what became of each.
        planes: One for each valid, different still with a plane beside it.
        lost: Valid stills beside which the recorder lost the lidar's report.
    """

    views: Sorted
    planes: tuple[JointPlane, ...]
    lost: Spans


def joint_planes(
    hearing: Hearing, rules: ViewRules, source: PlaneSource
) -> JointPlanes:
    """Pair every valid, different still with the lidar's report nearest in time.

    Raises:
        MissingError: If a signal was not recorded, or the case lacks a reference.
    """
    views = sorted_views(hearing, rules)
    series = [
        hearing.timeline.series(name)
        for name in (source.inliers, *source.normal, *source.centroid)
    ]
    found, missed = [], []
    for view, pose in views.valid:
        report = _report(series, view.t_ns, source)
        if report is None:
            missed.append(view.t_ns)
        else:
            found.append(_joined(view, pose, report))
    around_ns = round(source.within_s * NS_PER_S)
    near = Spans.of([(t - around_ns, t + around_ns + 1) for t in missed])
    return JointPlanes(
        views=views,
        planes=tuple(found),
        lost=near & lost_for(hearing, source.inliers),
    )


def lost_planes(source: PlaneSource, lost: Spans, stills: Spans) -> Judgement:
    """The recorder lost reports on which points hang: an examiner has to decide."""
    values = {
        "name": source.inliers,
        "lost_s": round(seconds(lost.total_ns), 3),
        "span": span_of(stills),
    }
    shown = [evidence_of(source.inliers, lost)]
    reason = Sentence(key="planes.lost", values=values)
    return left_open(Outcome.NOT_MEASURED, reason, evidence=shown)


def _report(series: list[Series], t_ns: int, source: PlaneSource) -> Floats | None:
    """Normal and centroid in mm (6,) of the nearest report; None without a plane."""
    inliers = series[0]
    good = inliers.quality == Quality.OK
    for each in series[1:]:
        good &= each.quality == Quality.OK
    rows = np.flatnonzero(good)
    if not len(rows):
        return None
    apart = np.abs(inliers.t_ns[rows] - t_ns)
    row = int(rows[np.argmin(apart)])
    if apart.min() > source.within_s * NS_PER_S:
        return None
    if inliers.values[row] < source.min_inliers:
        return None
    values = np.array([each.values[row] for each in series[1:]])
    values[3:] *= 1000.0 if source.unit == "m" else 1.0
    return values if np.linalg.norm(values[:3]) > 0 else None


def _joined(view: BoardView, pose: Pose, report: Floats) -> JointPlane:
    centre = pose.place(view.points_mm.mean(axis=0)[None])[0]
    normal = _facing(pose.turn[:, 2], centre)
    return JointPlane(
        view=view,
        normal=normal,
        distance_mm=float(normal @ centre),
        lidar_normal=_facing(report[:3] / np.linalg.norm(report[:3]), report[3:]),
        lidar_centre_mm=report[3:],
    )


def _facing(normal: Floats, place: Floats) -> Floats:
    """The normal that points back to the sensor."""
    return -normal if normal @ place > 0 else normal


def consistency_mm(
    pose: Pose, planes: list[tuple[Floats, float, Floats]], cap_mm: float
) -> float:
    """Root mean square of ``n . (R c + t) - d``, each capped.

    Args:
        pose: ``x_camera = R x_lidar + t``.
        planes: Normal and distance in the camera's frame, centroid in the lidar's.
        cap_mm: Largest distance that one plane counts with.
    """
    off = [n @ (pose.turn @ c + pose.at_mm) - d for n, d, c in planes]
    capped = np.minimum(np.abs(np.array(off)), cap_mm)
    return float(np.sqrt(np.mean(capped**2)))
