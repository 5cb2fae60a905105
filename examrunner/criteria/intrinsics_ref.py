"""Focal lengths and principal point against the rig's own camera."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.geometry import resized
from examrunner.criteria.protection import percent
from examrunner.criteria.reference_camera import reference_camera
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_models import (
    NothingSubmittedError,
    submitted_model,
)
from examrunner.criteria.verdicts import evidence_at, graded, moment
from examrunner.criteria.without_model import without_model
from examrunner.model.camera import CameraModel
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

REL_DECIMALS: Final = 6
PX_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Shares of focal lengths and principal point."""

    f: float = 0.5
    pp: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrinsicsRef:
    """Relative error of the worse focal length, and distance of the principal point.

    Attributes:
        attachment: File field with the calibration.
        reference: Reference intrinsics of the case.
        f_rel: Relative focal error to share of its part.
        pp_px: Distance in pixels to share of its part.
        weights: The parts.
    """

    attachment: str
    reference: str
    f_rel: Scale
    pp_px: Scale
    weights: Weights = Weights()

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "f": percent(self.f_rel),
            "pp": self.pp_px.sentence("px"),
            "w_f": self.weights.f,
            "w_pp": self.weights.pp,
        }
        return Sentence(key="intrinsics_ref.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        right = reference_camera(hearing.case, self.reference)
        try:
            model = submitted_model(hearing, self.attachment, right.size_px)
        except NothingSubmittedError as nothing:
            return without_model(hearing, self.attachment, nothing.problem)
        mine = resized(model.camera, right.size_px)
        focal = round(_focal_error(mine, right), REL_DECIMALS)
        centre = mine.matrix[:2, 2] - right.matrix[:2, 2]
        apart = round(float(np.linalg.norm(centre)), PX_DECIMALS)
        values = {
            "df": round(100 * focal, 4),
            "dp": apart,
            "f": percent(self.f_rel),
            "pp": self.pp_px.sentence("px"),
            "note": Sentence(key=f"intrinsics_ref.{_note(model.camera, right)}"),
            "moment": moment(model.t_ns),
        }
        share = self.weights.f * self.f_rel.fraction(focal)
        share += self.weights.pp * self.pp_px.fraction(apart)
        return graded(
            share / (self.weights.f + self.weights.pp),
            Sentence(key="intrinsics_ref.reason", values=values),
            measured=Measured(value=round(100 * focal, 4), unit="%"),
            evidence=[evidence_at(f"form.{self.attachment}", model.t_ns)],
            details={"focal_error": focal, "principal_point_px": apart},
        )


def _focal_error(mine: CameraModel, right: CameraModel) -> float:
    """Relative error of the worse focal length."""
    ours, theirs = np.diag(mine.matrix)[:2], np.diag(right.matrix)[:2]
    return float(np.max(np.abs(ours - theirs) / theirs))


def _note(mine: CameraModel, right: CameraModel) -> str:
    """A mistake that people make, if this looks like it."""
    if mine.size_px != right.size_px:
        return "scaled"
    ours, theirs = np.diag(mine.matrix)[:2], np.diag(right.matrix)[:2]
    swapped = np.abs(ours[::-1] - theirs).max() < 0.5 * np.abs(ours - theirs).max()
    return "swapped" if swapped else "plain"
