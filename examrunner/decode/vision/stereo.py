"""Two cameras that see the same board at the same moment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.poses import Pose, board_pose
from examrunner.decode.vision.calibration import (
    FEWEST_VIEWS,
    Calibration,
    Trust,
    ViewReport,
)
from examrunner.decode.vision.intrinsics import calibrate
from examrunner.decode.vision.shots import Shot
from examrunner.model.camera import CameraModel, Floats
from examrunner.model.errors import ContentError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StereoRig:
    """Two cameras and how the right one is mounted against the left one.

    Attributes:
        left: Refined together with the mounting.
        right: Likewise.
        mounting: Takes points of the left camera into the right one's frame.
        rms_px: Root mean square error over both pictures of all pairs.
    """

    left: CameraModel
    right: CameraModel
    mounting: Pose
    rms_px: float

    @property
    def baseline_mm(self) -> float:
        """Distance of the two centres of projection."""
        return float(np.linalg.norm(self.mounting.at_mm))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StereoCalibration:
    """The result of calibrating two cameras together.

    Attributes:
        rig: None if nothing could be computed.
        left: Calibration of the left camera alone.
        right: Calibration of the right camera alone.
        views: One report a pair, in order, named as ``left01.jpg + right01.jpg``.
        trust: How far to trust it.
        problems: Why not further, as sentences.
    """

    rig: StereoRig | None
    left: Calibration
    right: Calibration
    views: tuple[ViewReport, ...]
    trust: Trust
    problems: tuple[str, ...]


def pairs_of(
    left: Sequence[Path], right: Sequence[Path]
) -> tuple[list[tuple[Path, Path]], list[Path]]:
    """Files that belong together by the last number in their names, and the others.

    Raises:
        ContentError: If a number appears twice on one side.
    """
    numbered = [_by_number(left, "left"), _by_number(right, "right")]
    shared = [number for number in numbered[0] if number in numbered[1]]
    single = [
        path
        for side in numbered
        for number, path in side.items()
        if number not in shared
    ]
    return [(numbered[0][number], numbered[1][number]) for number in shared], single


def calibrate_stereo(left: Sequence[Shot], right: Sequence[Shot]) -> StereoCalibration:
    """Both cameras and their mounting from paired shots; never raises."""
    alone = calibrate(left), calibrate(right)
    outliers = {*alone[0].outliers, *alone[1].outliers}
    pairs = [_pair(a, b, outliers) for a, b in zip(left, right, strict=True)]
    used = [pair for pair in pairs if not pair[0].refusal]
    rig = None
    if alone[0].model and alone[1].model and len(used) >= FEWEST_VIEWS:
        rig = _solve(used, alone[0].model, alone[1].model)
    trust, problems = _assess(rig, alone, len(used))
    return StereoCalibration(
        rig=rig,
        left=alone[0],
        right=alone[1],
        views=tuple(_report(pair, rig) for pair in pairs),
        trust=trust,
        problems=problems,
    )


def _by_number(paths: Sequence[Path], side: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in paths:
        numbers = re.findall(r"\d+", path.stem)
        key = numbers[-1].lstrip("0") if numbers else path.stem
        if key in found:
            raise ContentError(
                f"{found[key].name} and {path.name} have the same number, so that "
                "their partners cannot be told.",
                where=f"the pictures of the {side} camera",
                remedy="Give each side as a pattern of its own, as left*.jpg.",
            )
        found[key] = path
    return found


def _pair(left: Shot, right: Shot, outliers: set[str]) -> tuple[Shot, Shot]:
    """The corners that both pictures show; refused if either is."""
    refusal = ""
    for shot in (left, right):
        if shot.refusal:
            refusal = refusal or f"{shot.image}: {shot.refusal}"
        elif shot.image in outliers:
            refusal = refusal or f"{shot.image} is an outlier of its camera"
    _, ours, theirs = np.intersect1d(left.ids, right.ids, return_indices=True)
    if not refusal and len(ours) < 6:
        refusal = "the two pictures share fewer than 6 corners"
    return _only(left, ours, refusal), _only(right, theirs, refusal)


def _only(shot: Shot, chosen: NDArray[np.intp], refusal: str) -> Shot:
    return replace(
        shot,
        ids=shot.ids[chosen],
        corners_px=shot.corners_px[chosen],
        points_mm=shot.points_mm[chosen],
        refusal=refusal,
    )


def _solve(
    pairs: Sequence[tuple[Shot, Shot]], left: CameraModel, right: CameraModel
) -> StereoRig | None:
    try:
        rms, K1, D1, K2, D2, turn, shift, *_ = cv2.stereoCalibrate(
            [a.points_mm.astype(np.float32) for a, _ in pairs],
            [a.corners_px.astype(np.float32) for a, _ in pairs],
            [b.corners_px.astype(np.float32) for _, b in pairs],
            left.matrix.copy(),
            left.distortion.copy(),
            right.matrix.copy(),
            right.distortion.copy(),
            left.size_px,
            flags=cv2.CALIB_USE_INTRINSIC_GUESS,
        )
    except cv2.error:
        return None
    rig = StereoRig(
        left=_refined(left, K1, D1),
        right=_refined(right, K2, D2),
        mounting=Pose(turn=np.asarray(turn), at_mm=np.asarray(shift).ravel()),
        rms_px=float(rms),
    )
    return rig if np.isfinite([rig.rms_px, rig.baseline_mm]).all() else None


def _refined(model: CameraModel, matrix: Floats, distortion: Floats) -> CameraModel:
    return replace(
        model,
        matrix=np.asarray(matrix, dtype=np.float64),
        distortion=np.asarray(distortion, dtype=np.float64).ravel(),
    )


def _assess(
    rig: StereoRig | None, alone: tuple[Calibration, Calibration], pairs: int
) -> tuple[Trust, tuple[str, ...]]:
    problems = [
        f"{side}: {sentence}"
        for side, one in zip(("Left camera", "Right camera"), alone, strict=True)
        for sentence in one.problems
    ]
    if rig is None:
        sentence = f"{pairs} usable pairs do not determine how the cameras are mounted."
        return Trust.REFUSED, (sentence, *problems)
    worst = max((one.trust for one in alone), key=list(Trust).index)
    return worst, tuple(problems)


def _report(pair: tuple[Shot, Shot], rig: StereoRig | None) -> ViewReport:
    left, right = pair
    used = rig is not None and not left.refusal
    return ViewReport(
        image=f"{left.image} + {right.image}",
        used=used,
        error_px=_pair_error_px(pair, rig) if rig is not None and used else None,
        reason=left.refusal,
    )


def _pair_error_px(pair: tuple[Shot, Shot], rig: StereoRig) -> float:
    """Error of both pictures at the board pose that suits the left one best."""
    left, right = pair
    pose = board_pose(left.points_mm, left.corners_px, rig.left)
    if pose is None:
        return float("inf")
    seen_left = pose.place(left.points_mm)
    off = np.concatenate(
        [
            rig.left.project(seen_left) - left.corners_px,
            rig.right.project(rig.mounting.place(seen_left)) - right.corners_px,
        ]
    )
    return float(np.sqrt((off**2).sum(axis=1).mean()))
