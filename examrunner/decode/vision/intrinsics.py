"""Intrinsics of one camera from pictures of a board."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import cv2
import numpy as np

from examrunner.criteria.poses import Pose
from examrunner.decode.vision.calibration import (
    FEWEST_VIEWS,
    Calibration,
    Trust,
    ViewReport,
    assess,
    coverage_of,
)
from examrunner.decode.vision.shots import Shot, usable
from examrunner.decode.vision.uncertainty import uncertainty
from examrunner.model.camera import CameraModel, Floats

OUTLIER_RATIO: Final = 3.0
OUTLIER_PX: Final = 0.3
ENOUGH_TO_COMPARE: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Solution:
    model: CameraModel
    poses: tuple[Pose, ...]


def calibrate(
    shots: Sequence[Shot], *, fisheye: bool = False, hold_k3: bool = False
) -> Calibration:
    """The camera that took ``shots``; never raises for poor pictures.

    Args:
        shots: As ``read_shots`` gives them.
        fisheye: Equidistant model with four coefficients instead of a pinhole.
        hold_k3: Keep the third radial coefficient at zero (pinhole only).
    """
    cv2.setNumThreads(1)
    used = usable(shots)
    if len(used) < FEWEST_VIEWS:
        sentence = f"Only {len(used)} usable pictures; {FEWEST_VIEWS} are the least."
        return _refused(shots, sentence)
    try:
        solution = _fisheye(used) if fisheye else _pinhole(used, hold_k3=hold_k3)
    except cv2.error:
        return _refused(shots, "No camera model explains these views.")
    held = ("k3",) if hold_k3 and not fisheye else ()
    return _result(shots, used, solution, held)


def without_outliers(
    calibration: Calibration,
    shots: Sequence[Shot],
    *,
    fisheye: bool = False,
    hold_k3: bool = False,
) -> Calibration | None:
    """The same calibration without its outlier views; None if it has none."""
    if not calibration.outliers:
        return None
    kept = [
        replace(shot, refusal="outlier") if shot.image in calibration.outliers else shot
        for shot in shots
    ]
    return calibrate(kept, fisheye=fisheye, hold_k3=hold_k3)


def _pinhole(shots: Sequence[Shot], *, hold_k3: bool) -> _Solution:
    _, matrix, distortion, turns, shifts = cv2.calibrateCamera(
        [shot.points_mm.astype(np.float32) for shot in shots],
        [shot.corners_px.astype(np.float32) for shot in shots],
        shots[0].size_px,
        None,
        None,
        flags=cv2.CALIB_FIX_K3 if hold_k3 else 0,
    )
    model = CameraModel(
        matrix=np.asarray(matrix, dtype=np.float64),
        distortion=np.asarray(distortion, dtype=np.float64).ravel(),
        size_px=shots[0].size_px,
    )
    return _Solution(model, _poses(turns, shifts))


def _fisheye(shots: Sequence[Shot]) -> _Solution:
    matrix, distortion = np.eye(3), np.zeros((4, 1))
    _, matrix, distortion, turns, shifts = cv2.fisheye.calibrate(
        [shot.points_mm.reshape(1, -1, 3) for shot in shots],
        [shot.corners_px.reshape(1, -1, 2) for shot in shots],
        shots[0].size_px,
        matrix,
        distortion,
        flags=cv2.CALIB_RECOMPUTE_EXTRINSIC | cv2.CALIB_FIX_SKEW,
    )
    model = CameraModel(
        matrix=np.asarray(matrix, dtype=np.float64),
        distortion=np.asarray(distortion, dtype=np.float64).ravel(),
        size_px=shots[0].size_px,
        fisheye=True,
    )
    return _Solution(model, _poses(turns, shifts))


def _poses(turns: Sequence[Floats], shifts: Sequence[Floats]) -> tuple[Pose, ...]:
    return tuple(
        Pose(turn=cv2.Rodrigues(turn)[0], at_mm=np.asarray(shift).ravel())
        for turn, shift in zip(turns, shifts, strict=True)
    )


def _result(
    shots: Sequence[Shot],
    used: Sequence[Shot],
    solution: _Solution,
    held: Sequence[str],
) -> Calibration:
    model, poses = solution.model, solution.poses
    views = [
        (pose, shot.points_mm, shot.corners_px)
        for pose, shot in zip(poses, used, strict=True)
    ]
    with np.errstate(all="ignore"):
        offs = [model.project(p.place(points)) - px for p, points, px in views]
        squares = [(off**2).sum(axis=1) for off in offs]
        found = uncertainty(model, views, held=held)
    rms_px = float(np.sqrt(np.concatenate(squares).mean()))
    errors = {
        shot.image: float(np.sqrt(square.mean()))
        for shot, square in zip(used, squares, strict=True)
    }
    outliers = _outliers(errors)
    trust, problems = assess(model, rms_px, found, poses, used)
    return Calibration(
        model=model,
        rms_px=rms_px,
        views=_reports(shots, errors, outliers),
        poses=poses,
        uncertainty=found,
        coverage=coverage_of(used),
        outliers=tuple(outliers),
        trust=trust,
        problems=(*problems, *(_outlier_sentence(n, w) for n, w in outliers.items())),
    )


def _outliers(errors: dict[str, float]) -> dict[str, str]:
    """Views whose error stands out from the others, with the reason."""
    if len(errors) < ENOUGH_TO_COMPARE:
        return {}
    usual = median(errors.values())
    limit = max(OUTLIER_RATIO * usual, usual + OUTLIER_PX)
    return {
        name: f"outlier: {error:.2f} px, the others have {usual:.2f} px"
        for name, error in errors.items()
        if error > limit
    }


def _outlier_sentence(name: str, reason: str) -> str:
    return f"{name} is an {reason}."


def _reports(
    shots: Sequence[Shot], errors: dict[str, float], outliers: dict[str, str]
) -> tuple[ViewReport, ...]:
    return tuple(
        ViewReport(
            image=shot.image,
            used=not shot.refusal,
            error_px=None if shot.refusal else errors.get(shot.image),
            reason=shot.refusal or outliers.get(shot.image, ""),
        )
        for shot in shots
    )


def _refused(shots: Sequence[Shot], sentence: str) -> Calibration:
    return Calibration(
        model=None,
        rms_px=None,
        views=tuple(
            ViewReport(image=shot.image, used=False, error_px=None, reason=shot.refusal)
            for shot in shots
        ),
        coverage=coverage_of(usable(shots)),
        trust=Trust.REFUSED,
        problems=(sentence,),
    )
