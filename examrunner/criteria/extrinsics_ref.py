"""Where a sensor sits and looks, against the rig's own values."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from examrunner.criteria.geometry import turn_between_deg
from examrunner.criteria.pose_conventions import FITS_DEG, inverse, other_convention
from examrunner.criteria.poses import Pose
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_models import NothingSubmittedError
from examrunner.criteria.submitted_poses import (
    PoseSource,
    reference_pose,
    submitted_pose,
)
from examrunner.criteria.verdicts import evidence_at, graded, moment
from examrunner.criteria.without_model import without_model
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

DEG_DECIMALS: Final = 4
MM_DECIMALS: Final = 2
COMPARED: Final = {
    "translation": "extrinsics_ref.of_translation",
    "centre": "extrinsics_ref.of_centre",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Shares of rotation and translation, where both are scored."""

    rotation: float = 0.5
    translation: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtrinsicsRef:
    """Rotation and translation error of a submitted pose ``x -> R x + t``.

    Rotation error: the angle of ``R_submitted R_reference^T``, by
    ``atan2(|skew part|, (trace - 1) / 2)``, exact near 0 and near 180 degrees.
    Translation error: ``|t_submitted - t_reference|``, or the distance of the centres
    ``-R^T t``. What has no scale is measured and not scored.

    A pose that is farther off than 3 degrees and is right (3 degrees, 100 mm) as its
    inverse, with its rotation transposed, or with body axes (forward, left, up) for
    optical ones (right, down, forward), earns nothing, and the reason says so: an
    examiner may decide otherwise. Nothing submitted, or nothing readable: not met.
    Without the reference: not measured.

    Attributes:
        submitted: Where the candidate states the pose.
        reference: Name of the right pose in the case.
        rotation_deg: Degrees to share of the points of the rotation.
        translation_mm: Millimetres to share of the points of the translation.
        weights: Shares of the two.
        distance_of: What the translation error compares.
    """

    submitted: PoseSource
    reference: str
    rotation_deg: Scale | None = None
    translation_mm: Scale | None = None
    weights: Weights = Weights()
    distance_of: Literal["translation", "centre"] = "translation"

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        if self.rotation_deg is None and self.translation_mm is None:
            return "give 'rotation_deg', 'translation_mm' or both"
        return ""

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"field": self.submitted.name, "parts": self._scales()}
        return Sentence(key="extrinsics_ref.rule", values=values)

    def _scales(self) -> tuple[Sentence, ...]:
        parts = []
        if self.rotation_deg is not None:
            scale = self.rotation_deg.sentence("deg")
            key = "extrinsics_ref.of_rotation"
            parts.append(_part(key, scale, self._share("rotation")))
        if self.translation_mm is not None:
            scale = self.translation_mm.sentence("mm")
            key = COMPARED[self.distance_of]
            parts.append(_part(key, scale, self._share("translation")))
        return tuple(parts)

    def _share(self, name: Literal["rotation", "translation"]) -> float:
        """What a part is worth; everything if it stands alone."""
        if self.rotation_deg is None or self.translation_mm is None:
            return 1.0
        whole = self.weights.rotation + self.weights.translation
        return float(getattr(self.weights, name)) / whole

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        right = reference_pose(hearing.case, self.reference)
        try:
            found = submitted_pose(hearing, self.submitted, right)
        except NothingSubmittedError as nothing:
            return without_model(hearing, self.submitted.fields, nothing.problem)
        angle = round(turn_between_deg(found.pose.turn, right.turn), DEG_DECIMALS)
        apart = round(self._apart(found.pose, right), MM_DECIMALS)
        convention = other_convention(found.pose, right)
        plain = "plain" if angle <= FITS_DEG else "no_convention"
        values = {
            "angle": angle,
            "apart": apart,
            "parts": self._scales(),
            "note": Sentence(key=f"extrinsics_ref.{convention or plain}"),
            "moment": moment(found.t_ns),
        }
        return graded(
            0.0 if convention else self._fraction(angle, apart),
            Sentence(key="extrinsics_ref.reason", values=values),
            measured=self._measured(angle, apart),
            evidence=[
                evidence_at(f"form.{field}", found.t_ns)
                for field in self.submitted.fields
            ],
            details={"rotation_deg": angle, "translation_mm": apart},
        )

    def _apart(self, one: Pose, other: Pose) -> float:
        if self.distance_of == "centre":
            one, other = inverse(one), inverse(other)
        return float(np.linalg.norm(one.at_mm - other.at_mm))

    def _fraction(self, angle: float, apart: float) -> float:
        fraction = 0.0
        if self.rotation_deg is not None:
            fraction += self._share("rotation") * self.rotation_deg.fraction(angle)
        if self.translation_mm is not None:
            share = self.translation_mm.fraction(apart)
            fraction += self._share("translation") * share
        return fraction

    def _measured(self, angle: float, apart: float) -> Measured:
        """The rotation error where it is scored: what a critical limit looks at."""
        if self.rotation_deg is None:
            return Measured(value=apart, unit="mm")
        return Measured(value=angle, unit="deg")


def _part(key: str, scale: Sentence, share: float) -> Sentence:
    return Sentence(key=key, values={"scale": scale, "share": round(100 * share)})
