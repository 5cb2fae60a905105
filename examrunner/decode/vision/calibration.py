"""What a calibration is, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from examrunner.criteria.geometry import pose_difference
from examrunner.criteria.poses import Pose
from examrunner.decode.vision.shots import Shot
from examrunner.decode.vision.uncertainty import Uncertainty
from examrunner.model.camera import CameraModel

COVERAGE_GRID: Final = (8, 6)
CORNERS_PER_CELL: Final = 5
DISTINCT_DEG: Final = 3.0
DISTINCT_MM: Final = 30.0
TILTED_DEG: Final = 15.0

FEWEST_VIEWS: Final = 3
ENOUGH_VIEWS: Final = 8
ENOUGH_TILTED: Final = 3
ENOUGH_COVERAGE: Final = 0.45
SHARP_PICTURE_PX: Final = 2.0
"""Expected distance to an equally good calibration beyond which a set is weak."""
BLIND_PICTURE_PX: Final = 40.0
"""The same, beyond which its result says nothing."""
HIGH_RMS_PX: Final = 1.0
WRONG_RMS_PX: Final = 5.0


class Trust(StrEnum):
    """How far a calibration can be trusted."""

    GOOD = "good"
    WEAK = "weak"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewReport:
    """What became of one picture.

    Attributes:
        image: Its name.
        used: Whether the result rests on it.
        error_px: Root mean square error of its corners; None if it was not used.
        reason: Why it was not used, or what is odd about it; empty otherwise.
    """

    image: str
    used: bool
    error_px: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """The result of calibrating one camera.

    Attributes:
        model: The camera; None if nothing could be computed.
        rms_px: Root mean square error over all corners; None likewise.
        views: One report a picture, in order.
        poses: The board's pose in each used view, in order.
        uncertainty: Of the model; None likewise.
        coverage: Share of 8 x 6 cells of the picture with at least 5 corners.
        outliers: Names of views whose error stands out.
        trust: How far to trust it.
        problems: Why not further, as sentences.
    """

    model: CameraModel | None
    rms_px: float | None
    views: tuple[ViewReport, ...]
    poses: tuple[Pose, ...] = ()
    uncertainty: Uncertainty | None = None
    coverage: float = 0.0
    outliers: tuple[str, ...] = ()
    trust: Trust
    problems: tuple[str, ...]


def coverage_of(shots: Sequence[Shot]) -> float:
    """Share of the picture's cells that hold enough corners."""
    cells = np.zeros(COVERAGE_GRID, dtype=np.int64)
    for shot in shots:
        places = shot.corners_px * COVERAGE_GRID / shot.size_px
        across, down = np.clip(places.astype(int), 0, np.array(COVERAGE_GRID) - 1).T
        np.add.at(cells, (across, down), 1)
    return float((cells >= CORNERS_PER_CELL).mean())


def distinct_views(poses: Sequence[Pose], shots: Sequence[Shot]) -> int:
    """How many views differ from every earlier one by angle or distance."""
    kept: list[Pose] = []
    for pose, shot in zip(poses, shots, strict=True):
        centre = shot.points_mm.mean(axis=0)
        apart = (pose_difference(pose, other, centre) for other in kept)
        if all(deg > DISTINCT_DEG or mm > DISTINCT_MM for deg, mm in apart):
            kept.append(pose)
    return len(kept)


def assess(
    model: CameraModel,
    rms_px: float,
    found: Uncertainty,
    poses: Sequence[Pose],
    shots: Sequence[Shot],
) -> tuple[Trust, tuple[str, ...]]:
    """How far to trust a computed model, and why not further."""
    distinct = distinct_views(poses, shots)
    wrong = _contradictions(model, rms_px, found, distinct)
    if wrong:
        return Trust.REFUSED, tuple(wrong)
    weak = _weaknesses(rms_px, found, poses, shots, distinct)
    return (Trust.WEAK if weak else Trust.GOOD), tuple(weak)


def _contradictions(
    model: CameraModel, rms_px: float, found: Uncertainty, distinct: int
) -> list[str]:
    numbers = np.concatenate([model.matrix.ravel(), model.distortion, [rms_px]])
    if not np.isfinite(numbers).all():
        return ["The result is not finite."]
    problems = []
    if distinct < FEWEST_VIEWS:
        problems.append(
            f"Only {distinct} different views; {FEWEST_VIEWS} are the least."
        )
    if not found.picture_px <= BLIND_PICTURE_PX:
        problems.append("These views do not determine a camera model.")
    if rms_px > WRONG_RMS_PX:
        problems.append(
            f"The model does not explain the corners: {rms_px:.1f} px on average."
        )
    width, height = model.size_px
    cx, cy = model.matrix[0, 2], model.matrix[1, 2]
    if not (0 < cx < width and 0 < cy < height):
        problems.append(
            f"The principal point ({cx:.0f}, {cy:.0f}) lies outside the picture."
        )
    return problems


def _weaknesses(
    rms_px: float,
    found: Uncertainty,
    poses: Sequence[Pose],
    shots: Sequence[Shot],
    distinct: int,
) -> list[str]:
    coverage = coverage_of(shots)
    tilted = sum(pose.tilt_deg >= TILTED_DEG for pose in poses)
    checks = (
        (
            distinct < ENOUGH_VIEWS,
            f"Only {distinct} different views; {ENOUGH_VIEWS} or more are wanted.",
        ),
        (
            tilted < ENOUGH_TILTED,
            f"Only {tilted} views are tilted by {TILTED_DEG:g} degrees or more: "
            "focal length and distance cannot be told apart.",
        ),
        (
            coverage < ENOUGH_COVERAGE,
            f"The corners cover only {coverage:.0%} of the picture: "
            "distortion is a guess elsewhere.",
        ),
        (
            found.picture_px > SHARP_PICTURE_PX,
            "Another set of views as good as this one would give a model "
            f"about {found.picture_px:.1f} px away from this one.",
        ),
        (
            rms_px > HIGH_RMS_PX,
            f"The error of {rms_px:.2f} px is high: check the board's label, its "
            "flatness and the sharpness of the pictures.",
        ),
    )
    return [sentence for applies, sentence in checks if applies]
