"""Whether the stills are sharp and not overexposed."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.protection import percent
from examrunner.criteria.reference_camera import reference_number
from examrunner.criteria.scales import Scale
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.views import ViewRules, hull_of, no_views, taken_views
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

SHARE_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageQuality:
    """Share of the stills that are sharp inside the board and not saturated there.

    Attributes:
        views: Camera and references.
        score: Share of the stills to share of the points.
        lapvar_ratio_min: Smallest Laplacian variance, as a share of the reference's.
        saturated_share_max: Share of saturated pixels from which a still is bad.
    """

    views: ViewRules
    score: Scale
    lapvar_ratio_min: float = 0.5
    saturated_share_max: float = 0.02

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "lapvar": self.lapvar_ratio_min,
            "saturated": 100 * self.saturated_share_max,
            "scale": percent(self.score),
        }
        return Sentence(key="image_quality.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        taken = taken_views(hearing, self.views.camera)
        if not taken:
            return no_views(hearing, self.views.camera)
        sharp = reference_number(hearing.case, self.views.sharpness)
        good = sum(
            view.sharpness >= self.lapvar_ratio_min * sharp
            and view.saturated < self.saturated_share_max
            for view in taken
        )
        share = round(good / len(taken), SHARE_DECIMALS)
        hull = hull_of(taken)
        values = {
            "taken": len(taken),
            "good": good,
            "share": round(100 * share, 2),
            "scale": percent(self.score),
            "span": span_of(hull),
        }
        return graded(
            self.score.fraction(share),
            Sentence(key="image_quality.reason", values=values),
            measured=Measured(value=round(100 * share, 2), unit="%"),
            evidence=[evidence_of(self.views.camera, hull)],
        )
