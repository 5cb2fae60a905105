"""How far the submitted camera is from the rig's own."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria import geometry
from examrunner.criteria.reference_camera import reference_camera
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_models import (
    NothingSubmittedError,
    submitted_model,
)
from examrunner.criteria.verdicts import evidence_at, graded, moment
from examrunner.criteria.without_model import without_model
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

PX_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDiscrepancy:
    """Distance of two camera models over the picture, free to rotate.

    Attributes:
        attachment: File field with the calibration.
        reference: Reference intrinsics of the case.
        score: Pixels to share of the points.
        inner: Share of the picture's width and height that counts.
        grid: Points across and down.
        cap_px: Largest distance that one point counts with.
    """

    attachment: str
    reference: str
    score: Scale
    inner: float = 0.9
    grid: tuple[int, int] = (16, 10)
    cap_px: float = 100.0

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"inner": 100 * self.inner, "scale": self.score.sentence("px")}
        return Sentence(key="model_discrepancy.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        right = reference_camera(hearing.case, self.reference)
        try:
            model = submitted_model(hearing, self.attachment, right.size_px)
        except NothingSubmittedError as nothing:
            return without_model(hearing, self.attachment, nothing.problem)
        found = geometry.model_discrepancy(
            model.camera, right, inner=self.inner, grid=self.grid, cap_px=self.cap_px
        )
        rms = round(found.rms_px, PX_DECIMALS)
        values = {
            "rms": rms,
            "worst": round(found.worst_px, PX_DECIMALS),
            "scale": self.score.sentence("px"),
            "moment": moment(model.t_ns),
        }
        return graded(
            self.score.fraction(rms),
            Sentence(key="model_discrepancy.reason", values=values),
            measured=Measured(value=rms, unit="px"),
            evidence=[evidence_at(f"form.{self.attachment}", model.t_ns)],
            details={"worst_px": round(found.worst_px, PX_DECIMALS)},
        )
