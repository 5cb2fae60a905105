"""How well the submitted camera explains the candidate's own views."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.geometry import reprojection
from examrunner.criteria.planes import (
    PlaneSource,
    consistency_mm,
    joint_planes,
    lost_planes,
)
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_models import (
    NothingSubmittedError,
    submitted_model,
)
from examrunner.criteria.submitted_poses import PoseSource, submitted_pose
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
MM_DECIMALS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprojRms:
    """Reprojection error over the accepted stills, every pose solved anew.

    A gate with few points: the worst work has the best residual.

    With ``joint`` the file is a pose ``x_camera = R x_lidar + t`` and the value is the
    root mean square of ``n . (R c + t) - d`` in mm over all joint planes: normal n and
    distance d of the board as the reference camera sees it, centroid c as the lidar
    does; each plane counts with ``cap_mm`` at most.

    Attributes:
        attachment: File field with the calibration.
        views: What makes a still count.
        score: Pixels, or with ``joint`` millimetres, to share of the points.
        robust_cap_px: Largest distance that one corner counts with.
        joint: The lidar's planes, for a pose instead of a camera.
        cap_mm: Largest distance that one plane counts with.
    """

    attachment: str
    views: ViewRules
    score: Scale
    robust_cap_px: float = 20.0
    joint: PlaneSource | None = None
    cap_mm: float = 1000.0

    def rule(self) -> Sentence:
        """The question as a sentence."""
        if self.joint is not None:
            parts = {
                "scale": self.score.sentence("mm"),
                "planes": self.joint.sentence(),
            }
            return Sentence(key="reproj_rms.rule_planes", values=parts)
        values = {"camera": self.views.camera, "scale": self.score.sentence("px")}
        return Sentence(key="reproj_rms.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        if self.joint is not None:
            return self._of_planes(hearing, self.joint)
        found = sorted_views(hearing, self.views)
        if not found.valid:
            return no_views(hearing, self.views.camera, len(found.taken))
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

    def _of_planes(self, hearing: Hearing, source: PlaneSource) -> Judgement:
        found = joint_planes(hearing, self.views, source)
        if not found.views.taken:
            return no_views(hearing, self.views.camera)
        hull = hull_of(found.views.taken)
        if not found.planes:
            if len(found.lost):
                return lost_planes(source, found.lost, hull)
            return no_views(hearing, self.views.camera, len(found.views.taken))
        try:
            submitted = submitted_pose(hearing, PoseSource(attachment=self.attachment))
        except NothingSubmittedError as nothing:
            return without_model(hearing, self.attachment, nothing.problem)
        planes = [(p.normal, p.distance_mm, p.lidar_centre_mm) for p in found.planes]
        rms = round(consistency_mm(submitted.pose, planes, self.cap_mm), MM_DECIMALS)
        values = {
            "joint": len(planes),
            "rms": rms,
            "scale": self.score.sentence("mm"),
            "span": span_of(hull),
        }
        return graded(
            self.score.fraction(rms),
            Sentence(key="reproj_rms.planes", values=values),
            measured=Measured(value=rms, unit="mm"),
            evidence=[evidence_of(self.views.camera, hull)],
        )
