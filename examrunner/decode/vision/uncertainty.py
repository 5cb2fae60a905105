"""How well a set of views determines a camera model. Plain least-squares statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.poses import Pose, projection_slopes
from examrunner.model.camera import CameraModel, Floats

INNER: Final = 0.9
GRID: Final = (16, 10)
DIFFERENCE: Final = 1e-6

View = tuple[Pose, Floats, Floats]
"""Pose, board points in mm and the corners in pixels that show them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uncertainty:
    """Standard deviations of a calibrated model.

    Attributes:
        deviations: One standard deviation by parameter: fx, fy, cx, cy in pixels, then
            the distortion coefficients; 0 for one that was held.
        picture_px: Expected distance to a calibration from equally good new views: root
            mean square over the inner 90 % of the picture, mounting taken out. Infinite
            if the views do not determine the model.
    """

    deviations: dict[str, float]
    picture_px: float


def uncertainty(
    model: CameraModel,
    views: Sequence[View],
    *,
    held: Sequence[str] = (),
) -> Uncertainty:
    """Uncertainty of ``model`` from views (pose, points_mm, corners_px)."""
    names = parameter_names(model)
    free = np.array([name not in held for name in names])
    try:
        covariance = _covariance(model, views, free)
        picture_px = _picture_px(model, covariance, free)
    except np.linalg.LinAlgError:
        unknown = dict.fromkeys(names, float("inf"))
        return Uncertainty(deviations=unknown, picture_px=float("inf"))
    deviations = np.zeros(len(names))
    deviations[free] = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return Uncertainty(
        deviations=dict(zip(names, deviations.tolist(), strict=True)),
        picture_px=picture_px,
    )


def _covariance(
    model: CameraModel, views: Sequence[View], free: NDArray[np.bool_]
) -> Floats:
    """Covariance of the free parameters, the poses being estimated with them.

    Raises:
        LinAlgError: If the views do not determine them.
    """
    square, squares, count = np.zeros((free.sum(), free.sum())), 0.0, 0
    for pose, points, corners in views:
        placed = pose.place(points)
        inner = parameter_slopes(model, placed)[:, free]
        outer = _pose_slopes(model, pose, points)
        cross = inner.T @ outer
        square += inner.T @ inner - cross @ np.linalg.pinv(outer.T @ outer) @ cross.T
        squares += float(((model.project(placed) - corners) ** 2).sum())
        count += corners.size
    spare = count - free.sum() - 6 * len(views)
    scale = np.sqrt(np.maximum(np.diag(square), 1e-300))
    scaled = square / np.outer(scale, scale)
    if spare <= 0 or not np.linalg.cond(scaled) < 1 / np.finfo(float).eps:
        raise np.linalg.LinAlgError
    variance = squares / spare
    covariance: Floats = np.linalg.inv(scaled) / np.outer(scale, scale) * variance
    return covariance


def parameter_names(model: CameraModel) -> tuple[str, ...]:
    """Names of the parameters: focal lengths, principal point, distortion."""
    pinhole = ("k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6")
    distortion = ("k1", "k2", "k3", "k4") if model.fisheye else pinhole
    return ("fx", "fy", "cx", "cy", *distortion[: len(model.distortion)])


def parameter_slopes(model: CameraModel, placed: Floats) -> Floats:
    """Derivative (2n, p) of pixels by the parameters, by central differences."""
    start = _parameters(model)
    columns = []
    for index, value in enumerate(start):
        step = DIFFERENCE * max(1.0, abs(value))
        ends = []
        for sign in (1, -1):
            moved = start.copy()
            moved[index] += sign * step
            ends.append(_with_parameters(model, moved).project(placed).ravel())
        columns.append((ends[0] - ends[1]) / (2 * step))
    return np.column_stack(columns)


def _parameters(model: CameraModel) -> Floats:
    K = model.matrix
    return np.concatenate([[K[0, 0], K[1, 1], K[0, 2], K[1, 2]], model.distortion])


def _with_parameters(model: CameraModel, values: Floats) -> CameraModel:
    fx, fy, cx, cy = values[:4]
    return CameraModel(
        matrix=np.array([[fx, model.matrix[0, 1], cx], [0, fy, cy], [0, 0, 1]]),
        distortion=values[4:],
        size_px=model.size_px,
        fisheye=model.fisheye,
    )


def _pose_slopes(model: CameraModel, pose: Pose, points: Floats) -> Floats:
    turned = points @ pose.turn.T
    slopes = projection_slopes(model, turned + pose.at_mm)
    turning = np.cross(slopes, -turned[:, None, :])
    return np.concatenate([turning, slopes], axis=2).reshape(len(points) * 2, 6)


def _picture_px(
    model: CameraModel, covariance: Floats, free: NDArray[np.bool_]
) -> float:
    across, down = (
        np.linspace(side * (1 - INNER) / 2, side * (1 + INNER) / 2, count)
        for side, count in zip(model.size_px, GRID, strict=True)
    )
    pixels = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    rays = model.rays(pixels)
    sound = np.linalg.norm(model.project(rays) - pixels, axis=1) < 1e-3
    if not sound.any():
        return float("inf")
    rays = rays[sound]
    slopes = parameter_slopes(model, rays)[:, free]
    turning = np.cross(projection_slopes(model, rays), -rays[:, None, :])
    turning = turning.reshape(len(rays) * 2, 3)
    basis, _ = np.linalg.qr(turning)
    slopes -= basis @ (basis.T @ slopes)
    variance = np.einsum("ij,jk,ik->", slopes, covariance, slopes) / len(rays)
    return float(np.sqrt(max(variance, 0.0)))
