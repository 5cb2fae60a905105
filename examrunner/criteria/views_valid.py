"""How many stills of the board are valid and different."""

from dataclasses import dataclass

from examrunner.criteria.scales import Scale
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.views import ViewRules, hull_of, no_views, sorted_views
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewsValid:
    """Number of accepted stills.

    Attributes:
        views: What makes a still count.
        score: Their number to share of the points.
    """

    views: ViewRules
    score: Scale

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "camera": self.views.camera,
            "corners": self.views.min_corners,
            "deg": self.views.distinct.deg,
            "mm": self.views.distinct.mm,
            "scale": self.score.sentence(),
        }
        return Sentence(key="views_valid.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found = sorted_views(hearing, self.views)
        if not found.taken:
            return no_views(hearing, self.views.camera)
        hull = hull_of(found.taken)
        counts = {
            "taken": len(found.taken),
            "valid": found.count("valid"),
            "duplicates": found.count("duplicate"),
            "few": found.count("few"),
            "blurred": found.count("blurred"),
        }
        reason = Sentence(
            key="views_valid.reason",
            values={**counts, "scale": self.score.sentence(), "span": span_of(hull)},
        )
        return graded(
            self.score.fraction(counts["valid"]),
            reason,
            measured=Measured(value=float(counts["valid"])),
            evidence=[evidence_of(self.views.camera, hull)],
            details={name: float(count) for name, count in counts.items()},
        )
