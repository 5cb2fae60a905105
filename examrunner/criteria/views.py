"""Which stills of a calibration board count."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from examrunner.criteria.exam_time import running
from examrunner.criteria.geometry import pose_difference
from examrunner.criteria.poses import Pose, board_pose
from examrunner.criteria.reference_camera import reference_camera, reference_number
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.model.camera import CameraModel
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence
from examrunner.model.timeline import BoardView

FLATNESS_SQUARES: Final = 1.5
"""Smallest spread of the corners across their main direction, in squares."""

KEPT_POSES: Final = 512

Fate = Literal["valid", "few", "blurred", "duplicate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """How different two views have to be: by either."""

    deg: float = 3.0
    mm: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRules:
    """What makes a still count.

    Attributes:
        camera: Camera that takes the stills.
        reference: Reference intrinsics of the case; never the candidate's.
        sharpness: Reference sharpness of the case.
        min_corners: Fewest corners.
        lapvar_ratio_min: Smallest sharpness, as a share of the reference.
        distinct: How different it has to be from every accepted one.
    """

    camera: str
    reference: str
    sharpness: str
    min_corners: int = 12
    lapvar_ratio_min: float = 0.5
    distinct: Distinct = Distinct()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sorted:
    """The stills of an attempt with what became of each.

    Attributes:
        taken: Every still of the camera within the exam.
        fates: What became of each, in the same order.
        valid: The accepted ones with their poses.
    """

    taken: tuple[BoardView, ...]
    fates: tuple[Fate, ...]
    valid: tuple[tuple[BoardView, Pose], ...]

    def count(self, fate: Fate) -> int:
        """How many stills had that fate."""
        return self.fates.count(fate)


def taken_views(hearing: Hearing, camera: str) -> tuple[BoardView, ...]:
    """The stills of a camera within the exam that were kept, in order of capture.

    What was taken in a pause was not taken in the exam. What the candidate discarded
    (operation ``discard``) was not handed in.
    """
    clock = hearing.clock
    paused = Spans.of(clock.pauses_ns)
    discarded = {
        op.body.get("picture")
        for op in hearing.timeline.operations("discard")
        if op.body.get("camera") == camera and op.t_ns <= clock.stop_ns
    }
    return tuple(
        view
        for view in hearing.timeline.views
        if view.camera == camera
        and clock.start_ns <= view.t_ns <= clock.stop_ns
        and not paused.holds(np.array([view.t_ns])).any()
        and view.picture not in discarded
    )


def sorted_views(hearing: Hearing, rules: ViewRules) -> Sorted:
    """Accept stills greedily in order of capture.

    Raises:
        MissingError: If the case lacks the reference camera or sharpness.
    """
    taken = taken_views(hearing, rules.camera)
    fates: list[Fate] = []
    valid: list[tuple[BoardView, Pose]] = []
    for view, found in _appraised(hearing, rules, taken):
        if not isinstance(found, Pose):
            fates.append(found)
        elif _repeats(view, found, valid, rules.distinct):
            fates.append("duplicate")
        else:
            fates.append("valid")
            valid.append((view, found))
    return Sorted(taken=taken, fates=tuple(fates), valid=tuple(valid))


def posed_views(
    hearing: Hearing, rules: ViewRules
) -> tuple[tuple[BoardView, Pose], ...]:
    """Every usable still with its pose, repetitions too, in order of capture.

    Raises:
        MissingError: If the case lacks the reference camera or sharpness.
    """
    taken = taken_views(hearing, rules.camera)
    return tuple(
        (view, found)
        for view, found in _appraised(hearing, rules, taken)
        if isinstance(found, Pose)
    )


def _appraised(
    hearing: Hearing, rules: ViewRules, taken: Sequence[BoardView]
) -> Iterator[tuple[BoardView, Pose | Fate]]:
    """Each still with its pose, or with why it has none."""
    lens = _Lens.of(reference_camera(hearing.case, rules.reference))
    sharp = rules.lapvar_ratio_min * reference_number(hearing.case, rules.sharpness)
    for view in taken:
        if len(view.ids) < rules.min_corners or _is_line(view):
            yield view, "few"
        elif not view.sharpness >= sharp:
            yield view, "blurred"
        else:
            yield view, _pose(view, lens) or "few"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lens:
    """A camera model that can be compared, so that its poses can be kept."""

    matrix: tuple[float, ...]
    distortion: tuple[float, ...]
    size_px: tuple[int, int]
    fisheye: bool

    @classmethod
    def of(cls, camera: CameraModel) -> "_Lens":
        return cls(
            matrix=tuple(camera.matrix.ravel().tolist()),
            distortion=tuple(camera.distortion.tolist()),
            size_px=camera.size_px,
            fisheye=camera.fisheye,
        )

    def camera(self) -> CameraModel:
        return CameraModel(
            matrix=np.array(self.matrix).reshape(3, 3),
            distortion=np.array(self.distortion),
            size_px=self.size_px,
            fisheye=self.fisheye,
        )


@functools.lru_cache(maxsize=KEPT_POSES)
def _pose(view: BoardView, lens: _Lens) -> Pose | None:
    """Several criteria ask for the same poses; solving one takes milliseconds."""
    return board_pose(view.points_mm, view.corners_px, lens.camera())


def _repeats(
    view: BoardView,
    pose: Pose,
    accepted: Sequence[tuple[BoardView, Pose]],
    distinct: Distinct,
) -> bool:
    centre = view.points_mm.mean(axis=0)
    for _, other in accepted:
        angle_deg, apart_mm = pose_difference(pose, other, centre)
        if angle_deg <= distinct.deg and apart_mm <= distinct.mm:
            return True
    return False


def _is_line(view: BoardView) -> bool:
    """Whether the corners lie on a line, so that they fix no pose."""
    points = view.points_mm[:, :2]
    steps = np.unique(points[:, 0])
    square = float(np.diff(steps).min()) if len(steps) > 1 else 0.0
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return not square or bool(spread[1] < FLATNESS_SQUARES * square)


def no_views(hearing: Hearing, camera: str, taken: int = 0) -> Judgement:
    """Nothing was taken, or none of the stills counts: not met."""
    window: Spans = running(hearing.clock)
    values = {"camera": camera, "taken": taken, "span": span_of(window)}
    key = "views.none_valid" if taken else "views.none"
    reason = Sentence(key=key, values=values)
    return graded(0.0, reason, evidence=[evidence_of(camera, window)])


def hull_of(views: Sequence[BoardView]) -> Spans:
    """From the first still to the last."""
    return Spans.of([(views[0].t_ns, views[-1].t_ns + 1)])
