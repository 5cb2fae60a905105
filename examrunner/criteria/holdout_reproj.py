"""How well what was submitted explains samples that the candidate never saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from examrunner.criteria.geometry import reprojection
from examrunner.criteria.planes import consistency_mm
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_models import (
    NothingSubmittedError,
    submitted_model,
)
from examrunner.criteria.submitted_poses import PoseSource, submitted_pose
from examrunner.criteria.verdicts import evidence_at, graded, moment
from examrunner.criteria.without_model import without_model
from examrunner.model.camera import Floats
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

DECIMALS: Final = {"corners": 3, "planes": 2}
UNITS: Final = {"corners": "px", "planes": "mm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutReproj:
    """Error of a submitted calibration on hold-out samples of the case.

    ``corners``: the case holds ``[{points_mm, corners_px}]`` of hidden stills. Every
    pose is solved anew with the submitted camera; the value is the root mean square
    distance in pixels over all corners, each capped, because a wild model explodes
    outside of what it was fitted to. A free pose absorbs a wrong focal length: this is
    a second gate beside the distance from the reference camera.

    ``planes``: the case holds ``[{normal, distance_mm, lidar_centroid_mm}]`` of hidden
    poses of a board (normal and distance in the camera's frame, centroid in the
    lidar's). The value is the root mean square of ``n . (R c + t) - d`` in mm with the
    submitted ``x_camera = R x_lidar + t``, each capped. Nothing is free here.

    Nothing submitted: not met. No such samples in the case: not measured.

    Attributes:
        attachment: File field with the calibration, or with the pose.
        reference: Name of the hold-out samples in the case.
        samples: What they are.
        score: Pixels or millimetres to share of the points.
        cap: Largest error that one corner or plane counts with.
    """

    attachment: str
    reference: str
    samples: Literal["corners", "planes"]
    score: Scale
    cap: float

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "field": self.attachment,
            "scale": self.score.sentence(UNITS[self.samples]),
        }
        return Sentence(key=RULES[self.samples], values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        samples = _samples(hearing.case, self.reference)
        try:
            error, t_ns = self._error(hearing, samples)
        except NothingSubmittedError as nothing:
            return without_model(hearing, self.attachment, nothing.problem)
        rms, unit = round(error, DECIMALS[self.samples]), UNITS[self.samples]
        values = {
            "count": len(samples),
            "rms": rms,
            "unit": unit,
            "scale": self.score.sentence(unit),
            "moment": moment(t_ns),
        }
        return graded(
            self.score.fraction(rms),
            Sentence(key="holdout_reproj.reason", values=values),
            measured=Measured(value=rms, unit=unit),
            evidence=[evidence_at(f"form.{self.attachment}", t_ns)],
        )

    def _error(
        self, hearing: Hearing, samples: Sequence[Mapping[str, object]]
    ) -> tuple[float, int]:
        if self.samples == "planes":
            planes = [
                (
                    _numbers(each, "normal"),
                    float(_numbers(each, "distance_mm")),
                    _numbers(each, "lidar_centroid_mm"),
                )
                for each in samples
            ]
            found = submitted_pose(hearing, PoseSource(attachment=self.attachment))
            return consistency_mm(found.pose, planes, self.cap), found.t_ns
        views = [
            (_numbers(each, "points_mm"), _numbers(each, "corners_px"))
            for each in samples
        ]
        model = submitted_model(hearing, self.attachment)
        return reprojection(views, model.camera, cap_px=self.cap).rms_px, model.t_ns


RULES: Final = {
    "corners": "holdout_reproj.rule_corners",
    "planes": "holdout_reproj.rule_planes",
}


def _samples(case: Case, name: str) -> Sequence[Mapping[str, object]]:
    found = case.reference.get(name)
    if not isinstance(found, list | tuple) or not found:
        raise MissingError("reference", name=name)
    if not all(isinstance(each, Mapping) for each in found):
        raise MissingError("usable_reference", name=name)
    return found


def _numbers(sample: Mapping[str, object], key: str) -> Floats:
    try:
        values = np.array(sample[key], np.float64)
    except (KeyError, TypeError, ValueError):
        raise MissingError("held_out", name=key) from None
    if not np.isfinite(values).all():
        raise MissingError("held_out", name=key)
    return values
