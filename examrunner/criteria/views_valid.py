"""How many stills of the board are valid and different."""

from dataclasses import dataclass

from examrunner.criteria.planes import PlaneSource, joint_planes, lost_planes
from examrunner.criteria.scales import Scale
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.views import ViewRules, hull_of, no_views, sorted_views
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewsValid:
    """Number of accepted stills.

    With ``joint`` only stills count beside which, nearest in time, a lidar reported
    the plane of the board; where the recorder lost such a report and points hang on
    it, nothing was measured.

    Attributes:
        views: What makes a still count.
        joint: The plane that has to come with it.
        score: Their number to share of the points.
    """

    views: ViewRules
    joint: PlaneSource | None = None
    score: Scale

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "camera": self.views.camera,
            "corners": self.views.min_corners,
            "sharp": 100 * self.views.lapvar_ratio_min,
            "deg": self.views.distinct.deg,
            "mm": self.views.distinct.mm,
            "scale": self.score.sentence(),
        }
        rule = Sentence(key="views_valid.rule", values=values)
        if self.joint is None:
            return rule
        parts = {"views": rule, "planes": self.joint.sentence()}
        return Sentence(key="views_valid.rule_joint", values=parts)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        if self.joint is not None:
            return self._joint(hearing, self.joint)
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

    def _joint(self, hearing: Hearing, source: PlaneSource) -> Judgement:
        found = joint_planes(hearing, self.views, source)
        taken = found.views.taken
        if not taken:
            return no_views(hearing, self.views.camera)
        hull, count = hull_of(taken), len(found.planes)
        fraction = self.score.fraction(count)
        if fraction < 1 and len(found.lost):
            return lost_planes(source, found.lost, hull)
        values = {
            "taken": len(taken),
            "valid": len(found.views.valid),
            "joint": count,
            "scale": self.score.sentence(),
            "span": span_of(hull),
        }
        return graded(
            fraction,
            Sentence(key="views_valid.joint", values=values),
            measured=Measured(value=float(count)),
            evidence=[
                evidence_of(self.views.camera, hull),
                evidence_of(source.inliers, hull),
            ],
            details={"joint": float(count)},
        )
