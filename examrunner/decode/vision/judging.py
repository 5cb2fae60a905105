"""Is a submitted calibration right? Against the pictures, and against a better one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.geometry import (
    Discrepancy,
    model_discrepancy,
    reprojection,
    resized,
)
from examrunner.decode.vision.calibration import Calibration, Trust
from examrunner.decode.vision.intrinsics import calibrate, without_outliers
from examrunner.decode.vision.shots import Shot, usable
from examrunner.model.camera import CameraModel

RMS_LIMIT_PX: Final = 1.0
REFERENCE_LIMIT_PX: Final = 2.0
OWN_LIMIT_PX: Final = 1.5
OWN_DEVIATIONS: Final = 2.0
"""Own calibrations are uncertain themselves: so many deviations are conceded."""
SHAPE_TOLERANCE: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is said about a submitted calibration.

    Attributes:
        accepted: Whether it is right.
        reasons: Why (not), as sentences.
        rms_px: Its error on the pictures with poses solved anew; None without any.
        discrepancy_px: Its distance to the reference, or to the pictures' own
            calibration; None if there is neither.
        limit_px: What the discrepancy may be; None likewise.
        compared_with: ``reference``, ``pictures`` or ``nothing``.
        trust: How far the pictures' own calibration can be trusted.
    """

    accepted: bool
    reasons: tuple[str, ...]
    rms_px: float | None
    discrepancy_px: float | None
    limit_px: float | None
    compared_with: str
    trust: Trust


def judge(
    submitted: CameraModel,
    shots: Sequence[Shot],
    reference: CameraModel | None = None,
) -> Ruling:
    """Judges a submitted model by pictures of a board, and a reference if given."""
    own = _own(shots, fisheye=submitted.fisheye)
    used = usable(shots)
    size_px = used[0].size_px if used else submitted.size_px
    reasons = _shape_reasons(submitted, size_px)
    fitting = resized(submitted, size_px)
    rms_px = _rms_px(fitting, used)
    reasons += _rms_reasons(rms_px, len(used))
    compared_with, distance, limit_px = _compared(fitting, own, reference)
    reasons += _distance_reasons(
        fitting, own.model if reference is None else reference, distance, limit_px
    )
    if compared_with == "pictures" and own.trust is Trust.WEAK:
        remarks = [
            f"The pictures are a weak proof. {text}" for text in own.problems[:1]
        ]
    else:
        remarks = []
    accepted = not reasons
    if accepted:
        remarks.insert(0, _praise(rms_px, distance, compared_with))
    return Ruling(
        accepted=accepted,
        reasons=(*reasons, *remarks),
        rms_px=rms_px,
        discrepancy_px=None if distance is None else distance.rms_px,
        limit_px=limit_px,
        compared_with=compared_with,
        trust=own.trust,
    )


def _own(shots: Sequence[Shot], *, fisheye: bool) -> Calibration:
    """The pictures' own calibration, without outliers if that is as trusted."""
    own = calibrate(shots, fisheye=fisheye)
    cleaned = without_outliers(own, shots, fisheye=fisheye)
    return cleaned if cleaned is not None and cleaned.trust is own.trust else own


def _shape_reasons(submitted: CameraModel, size_px: tuple[int, int]) -> list[str]:
    (width, height), (w, h) = submitted.size_px, size_px
    if abs(width * h / (height * w) - 1) > SHAPE_TOLERANCE:
        return [
            f"It holds for pictures of {width} x {height} pixels, "
            f"these have {w} x {h}: another shape."
        ]
    return []


def _rms_px(model: CameraModel, used: Sequence[Shot]) -> float | None:
    if not used:
        return None
    # The cap is far above any limit: it only keeps one lost corner from infinity.
    views = [(shot.points_mm, shot.corners_px) for shot in used]
    return reprojection(views, model, cap_px=1000.0).rms_px


def _rms_reasons(rms_px: float | None, views: int) -> list[str]:
    if rms_px is None:
        return ["None of the pictures shows the board, so that nothing can be checked."]
    if rms_px > RMS_LIMIT_PX:
        return [
            f"It misses the corners in {views} pictures by {rms_px:.2f} px on average; "
            f"at most {RMS_LIMIT_PX:g} px are accepted."
        ]
    return []


def _compared(
    submitted: CameraModel, own: Calibration, reference: CameraModel | None
) -> tuple[str, Discrepancy | None, float | None]:
    if reference is not None:
        return "reference", model_discrepancy(submitted, reference), REFERENCE_LIMIT_PX
    if own.model is None or own.uncertainty is None or own.trust is Trust.REFUSED:
        return "nothing", None, None
    limit_px = max(OWN_LIMIT_PX, OWN_DEVIATIONS * own.uncertainty.picture_px)
    return "pictures", model_discrepancy(submitted, own.model), limit_px


def _distance_reasons(
    submitted: CameraModel,
    truth: CameraModel | None,
    distance: Discrepancy | None,
    limit_px: float | None,
) -> list[str]:
    if distance is None or limit_px is None or truth is None:
        return ["These pictures do not determine a camera; a reference is needed."]
    if distance.rms_px <= limit_px:
        return []
    reasons = [
        f"It is {distance.rms_px:.1f} px away from the right camera over the picture; "
        f"at most {limit_px:.1f} px are accepted."
    ]
    return reasons + _likely_slip(submitted, truth, limit_px)


def _likely_slip(
    submitted: CameraModel, truth: CameraModel, limit_px: float
) -> list[str]:
    """What kind of mistake would explain a wrong camera, if one does."""
    if not np.any(submitted.distortion) and np.any(truth.distortion):
        return ["All its distortion coefficients are zero."]
    K = submitted.matrix
    slips = {
        "fx and fy": [[K[1, 1], 0, K[0, 2]], [0, K[0, 0], K[1, 2]], [0, 0, 1]],
        "cx and cy": [[K[0, 0], 0, K[1, 2]], [0, K[1, 1], K[0, 2]], [0, 0, 1]],
    }
    for names, matrix in slips.items():
        swapped = CameraModel(
            matrix=np.array(matrix),
            distortion=submitted.distortion,
            size_px=submitted.size_px,
            fisheye=submitted.fisheye,
        )
        if model_discrepancy(swapped, truth).rms_px <= limit_px:
            return [f"{names} seem to be swapped."]
    return []


def _praise(
    rms_px: float | None, distance: Discrepancy | None, compared_with: str
) -> str:
    what = {"reference": "the reference", "pictures": "the pictures' own calibration"}
    rms = float("nan") if rms_px is None else rms_px
    apart = float("nan") if distance is None else distance.rms_px
    return (
        f"It explains the pictures to {rms:.2f} px and is {apart:.1f} px away from "
        f"{what.get(compared_with, compared_with)}."
    )
