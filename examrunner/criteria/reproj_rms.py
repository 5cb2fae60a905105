"""How well the submitted camera explains the candidate's own views."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.geometry import reprojection
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_models import (
    NothingSubmittedError,
    submitted_model,
)
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.views import (
    ViewRules,
    hull_of,
    no_views,
    sorted_views,
)
from examrunner.criteria.without_model import without_model
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

PX_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprojRms:
    """Reprojection error over the accepted stills, every pose solved anew.

    A gate with few points: the worst work has the best residual.

    Attributes:
        attachment: File field with the calibration.
        views: What makes a still count.
        score: Pixels to share of the points.
        robust_cap_px: Largest distance that one corner counts with.
    """

    attachment: str
    views: ViewRules
    score: Scale
    robust_cap_px: float = 20.0

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"camera": self.views.camera, "scale": self.score.sentence("px")}
        return Sentence(key="reproj_rms.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found = sorted_views(hearing, self.views)
        if not found.valid:
            return no_views(hearing, self.views.camera)
        try:
            model = submitted_model(hearing, self.attachment)
        except NothingSubmittedError as nothing:
            return without_model(hearing, self.attachment, nothing.problem)
        pairs = [(view.points_mm, view.corners_px) for view, _ in found.valid]
        error = reprojection(pairs, model.camera, cap_px=self.robust_cap_px)
        rms = round(error.rms_px, PX_DECIMALS)
        hull = hull_of(found.taken)
        values = {
            "views": len(pairs),
            "corners": error.corners,
            "rms": rms,
            "scale": self.score.sentence("px"),
            "span": span_of(hull),
        }
        return graded(
            self.score.fraction(rms),
            Sentence(key="reproj_rms.reason", values=values),
            measured=Measured(value=rms, unit="px"),
            evidence=[evidence_of(self.views.camera, hull)],
        )
