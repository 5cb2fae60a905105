"""How well a camera model explains corners, and how far two models are apart."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from examrunner.criteria.poses import Pose, board_pose, fitted
from examrunner.model.camera import CameraModel, Floats

SOFT_PX: Final = 2.0
"""Beyond this distance a grid point pulls on the rotation less than its square."""

ROUND_TRIP_PX: Final = 0.01
"""A pixel that the reference does not map back this closely says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprojection:
    """How well a camera model explains detected corners.

    Attributes:
        rms_px: Root of the mean squared distance over all corners.
        per_view_px: The same for each view, in order; the cap where no pose was found.
        corners: Number of corners.
    """

    rms_px: float
    per_view_px: tuple[float, ...]
    corners: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Discrepancy:
    """How far two camera models are apart once their mounting is taken out.

    Attributes:
        rms_px: Root of the mean squared distance over the grid, capped per point.
        worst_px: Largest distance, capped.
        pixels: float64 (n, 2), the grid.
        shifts_px: float64 (n, 2), submitted minus reference; NaN where undefined.
    """

    rms_px: float
    worst_px: float
    pixels: Floats
    shifts_px: Floats


def reprojection(
    views: Iterable[tuple[Floats, Floats]], model: CameraModel, *, cap_px: float = 20.0
) -> Reprojection:
    """Error of ``model`` over views (points_mm, corners_px), each pose solved anew."""
    squares = [_squares(points, corners, model, cap_px) for points, corners in views]
    return Reprojection(
        rms_px=_root_mean(np.concatenate(squares) if squares else np.empty(0)),
        per_view_px=tuple(_root_mean(square) for square in squares),
        corners=sum(map(len, squares)),
    )


def model_discrepancy(
    submitted: CameraModel,
    reference: CameraModel,
    *,
    inner: float = 0.9,
    grid: tuple[int, int] = (16, 10),
    cap_px: float = 100.0,
) -> Discrepancy:
    """Distance of two models over the inner part of the picture, free to rotate.

    The rotation takes out how the camera is mounted, and with it the trade between
    principal point and orientation; what stays is wrong whatever the camera looks at.
    """
    submitted = resized(submitted, reference.size_px)
    pixels = _grid(reference.size_px, inner, grid)
    still = Pose(turn=np.eye(3), at_mm=np.zeros(3))
    # A wild model overflows at the rim of the picture; such points cost the cap.
    with np.errstate(all="ignore"):
        rays = reference.rays(pixels)
        sound = np.linalg.norm(reference.project(rays) - pixels, axis=1) < ROUND_TRIP_PX
        pixels, rays = pixels[sound], rays[sound]
        best = fitted(still, rays, pixels, submitted, free_shift=False, soft_px=SOFT_PX)
        moved = submitted.project(best.place(rays)) - pixels
        distances = np.linalg.norm(moved, axis=1)
    capped = np.where(np.isfinite(distances), np.minimum(distances, cap_px), cap_px)
    return Discrepancy(
        rms_px=_root_mean(capped**2),
        worst_px=float(capped.max(initial=0.0)),
        pixels=pixels,
        shifts_px=moved,
    )


def resized(model: CameraModel, size_px: tuple[int, int]) -> CameraModel:
    """The same lens on a picture of another size; pixel centres are integers."""
    if model.size_px == size_px:
        return model
    across, down = (new / old for new, old in zip(size_px, model.size_px, strict=True))
    matrix = model.matrix.copy()
    matrix[:2, 2] += 0.5
    matrix[0] *= across
    matrix[1] *= down
    matrix[:2, 2] -= 0.5
    return replace(model, matrix=matrix, size_px=size_px)


def pose_difference(one: Pose, other: Pose, centre_mm: Floats) -> tuple[float, float]:
    """Angle in degrees and distance in mm of a board point between two poses."""
    apart = one.turn @ centre_mm + one.at_mm - other.turn @ centre_mm - other.at_mm
    return turn_between_deg(one.turn, other.turn), float(np.linalg.norm(apart))


def turn_between_deg(one: Floats, other: Floats) -> float:
    """Angle of the rotation that takes one rotation matrix into the other."""
    turn = one @ other.T
    sine = 0.5 * float(
        np.linalg.norm(
            [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]]
        )
    )
    return float(np.degrees(np.arctan2(sine, (np.trace(turn) - 1) / 2)))


def _squares(
    points_mm: Floats, corners_px: Floats, model: CameraModel, cap_px: float
) -> Floats:
    pose = board_pose(points_mm, corners_px, model)
    if pose is None:
        return np.full(len(points_mm), cap_px**2)
    with np.errstate(all="ignore"):
        off = model.project(pose.place(points_mm)) - corners_px
        squares = (off**2).sum(axis=1)
    return np.where(np.isfinite(squares), np.minimum(squares, cap_px**2), cap_px**2)


def _root_mean(squares: Floats) -> float:
    """Root of the mean; NaN if there is nothing to average."""
    return float(np.sqrt(squares.mean())) if len(squares) else float("nan")


def _grid(size_px: tuple[int, int], inner: float, grid: tuple[int, int]) -> Floats:
    across, down = (
        np.linspace(side * (1 - inner) / 2, side * (1 + inner) / 2, count)
        for side, count in zip(size_px, grid, strict=True)
    )
    return np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
