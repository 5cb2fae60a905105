"""Where a board was. Plain numpy.

OpenCV answers the same question; marks must not depend on its version, so what
criteria use is here.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.model.camera import CameraModel, Floats, rotation

FEWEST_POINTS: Final = 4
ROUNDS: Final = 50
SETTLED: Final = 1e-10
"""Relative gain below which a fit has settled."""
LOST_PX: Final = 1e4
"""What a point costs that a model cannot project at all."""
DIFFERENCE: Final = 1e-6
"""Step of numerical derivatives, relative to the distance from the camera."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pose:
    """A board in the camera's frame: ``x_camera = turn @ x_board + at_mm``.

    Attributes:
        turn: float64 (3, 3), rotation matrix.
        at_mm: float64 (3,), origin of the board.
    """

    turn: Floats
    at_mm: Floats

    def place(self, points_mm: Floats) -> Floats:
        """Board points (n, 3) in the camera's frame."""
        placed: Floats = points_mm @ self.turn.T + self.at_mm
        return placed

    @property
    def tilt_deg(self) -> float:
        """Angle between the board's normal and the optical axis, 0 to 90."""
        return float(np.degrees(np.arccos(min(1.0, abs(self.turn[2, 2])))))

    @property
    def about_x_deg(self) -> float:
        """Signed tilt about the camera's x axis, -90 to 90."""
        normal = self._normal()
        return float(np.degrees(np.arctan2(-normal[1], normal[2])))

    @property
    def about_y_deg(self) -> float:
        """Signed tilt about the camera's y axis, -90 to 90."""
        normal = self._normal()
        return float(np.degrees(np.arctan2(normal[0], normal[2])))

    def _normal(self) -> Floats:
        """Board normal that points away from the camera."""
        normal: Floats = self.turn[:, 2]
        return normal if normal[2] >= 0 else -normal


def board_pose(
    points_mm: Floats, corners_px: Floats, model: CameraModel
) -> Pose | None:
    """The pose that explains ``corners_px`` best; None if they cannot tell one.

    Args:
        points_mm: Flat board points (m, 3) with z = 0.
        corners_px: The pixels (m, 2) that show them.
        model: The camera.
    """
    if len(points_mm) < FEWEST_POINTS:
        return None
    # A wild model overflows far from its centre; the fit gives such points up.
    with np.errstate(all="ignore"):
        flat = _undistorted(corners_px, model)
        start = _pose_from_plane(points_mm[:, :2], flat)
        if start is None:
            return None
        pose = fitted(start, points_mm, corners_px, model)
        seen = model.project(pose.place(points_mm))
    return pose if np.isfinite(seen).any() else None


def fitted(
    start: Pose,
    points: Floats,
    pixels: Floats,
    model: CameraModel,
    *,
    free_shift: bool = True,
    soft_px: float | None = None,
) -> Pose:
    """The pose near ``start`` at which ``model`` sees ``points`` at ``pixels``.

    Levenberg-Marquardt in pixels.

    Args:
        start: Where to begin.
        points: Points (n, 3) that the pose moves before the camera.
        pixels: Where they are seen (n, 2); rows with NaN count for nothing.
        model: The camera.
        free_shift: Whether the position may change, or only the orientation.
        soft_px: Distance from which errors count linearly; None: always squared.
    """
    pose, cost, damping = start, _cost(start, points, pixels, model, soft_px), 1e-4
    for _ in range(ROUNDS):
        square, slope = normal_equations(
            pose, points, pixels, model, free_shift=free_shift, soft_px=soft_px
        )
        while damping < 1e9:
            trial = _moved(pose, _damped_step(square, slope, damping))
            trial_cost = _cost(trial, points, pixels, model, soft_px)
            if trial_cost < cost:
                break
            damping *= 10
        else:
            return pose
        gained = cost - trial_cost
        pose, cost, damping = trial, trial_cost, max(damping / 10, 1e-12)
        if gained <= SETTLED * cost:
            break
    return pose


def _cost(
    pose: Pose,
    points: Floats,
    pixels: Floats,
    model: CameraModel,
    soft_px: float | None,
) -> float:
    off = model.project(pose.place(points)) - pixels
    off = np.where(np.isfinite(off), np.clip(off, -LOST_PX, LOST_PX), LOST_PX)
    if soft_px is None:
        return float((off**2).sum())
    return float((soft_px**2 * 2 * (np.sqrt(1 + (off / soft_px) ** 2) - 1)).sum())


def normal_equations(
    pose: Pose,
    points: Floats,
    pixels: Floats,
    model: CameraModel,
    *,
    free_shift: bool = True,
    soft_px: float | None = None,
) -> tuple[Floats, Floats]:
    """J'WJ and J'Wr for a turn about the board's origin and, if free, a shift."""
    turned = points @ pose.turn.T
    slopes = projection_slopes(model, turned + pose.at_mm)
    off = model.project(turned + pose.at_mm) - pixels
    columns = [np.cross(slopes, -turned[:, None, :])]
    if free_shift:
        columns.append(slopes)
    jacobian = np.concatenate(columns, axis=2).reshape(len(points) * 2, -1)
    residuals = off.ravel()
    sound = np.isfinite(residuals) & np.isfinite(jacobian).all(axis=1)
    jacobian, residuals = jacobian[sound], residuals[sound]
    weights = 1.0 if soft_px is None else 1 / np.sqrt(1 + (residuals / soft_px) ** 2)
    weighted = jacobian.T * weights
    return weighted @ jacobian, weighted @ residuals


def projection_slopes(model: CameraModel, placed: Floats) -> Floats:
    """Derivative (n, 2, 3) of the pixel by the point's place, central differences."""
    step = DIFFERENCE * float(np.abs(placed[:, 2]).mean())
    shifts = step * np.concatenate([np.eye(3), -np.eye(3)])
    seen = model.project((placed[None] + shifts[:, None]).reshape(-1, 3))
    seen = seen.reshape(6, len(placed), 2)
    return np.moveaxis((seen[:3] - seen[3:]) / (2 * step), 0, -1)


def _damped_step(square: Floats, slope: Floats, damping: float) -> Floats:
    scale = np.diag(square)
    floor = 1e-12 * float(scale.max(initial=1.0))
    damped = square + np.diag(damping * scale + floor)
    return np.asarray(-np.linalg.solve(damped, slope), dtype=np.float64)


def _moved(pose: Pose, step: Floats) -> Pose:
    shift = step[3:] if len(step) > 3 else np.zeros(3)
    return Pose(turn=rotation(step[:3]) @ pose.turn, at_mm=pose.at_mm + shift)


def _undistorted(corners_px: Floats, model: CameraModel) -> Floats:
    """Ideal coordinates (m, 2); without distortion where a wild model has no answer."""
    ideal = (corners_px - model.matrix[:2, 2]) @ np.linalg.inv(model.matrix[:2, :2]).T
    try:
        rays = model.rays(corners_px)
    except np.linalg.LinAlgError:
        return ideal
    off = np.linalg.norm(model.project(rays) - corners_px, axis=1)
    return np.where((off < 0.5)[:, None], rays[:, :2], ideal)


def _pose_from_plane(points: Floats, flat: Floats) -> Pose | None:
    """Pose of a plane from its homography; None if the points lie on a line."""
    homography = _homography(points, flat)
    if homography is None:
        return None
    scale = np.sqrt(np.linalg.norm(homography[:, 0]) * np.linalg.norm(homography[:, 1]))
    columns = homography / (scale if homography[2, 2] >= 0 else -scale)
    sides = np.column_stack(
        [columns[:, 0], columns[:, 1], np.cross(columns[:, 0], columns[:, 1])]
    )
    u, _, vt = np.linalg.svd(sides)
    turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    return Pose(turn=turn, at_mm=columns[:, 2])


def _homography(points: Floats, flat: Floats) -> Floats | None:
    before, after = _normaliser(points), _normaliser(flat)
    if before is None or after is None:
        return None
    x, y = (_homogeneous(points) @ before.T)[:, :2].T
    u, v = (_homogeneous(flat) @ after.T)[:, :2].T
    one, nil = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.column_stack([x, y, one, nil, nil, nil, -u * x, -u * y, -u]),
            np.column_stack([nil, nil, nil, x, y, one, -v * x, -v * y, -v]),
        ]
    )
    _, sizes, vt = np.linalg.svd(rows, full_matrices=len(rows) < 9)
    if sizes[7] < 1e-9 * sizes[0]:
        return None
    found: Floats = np.linalg.inv(after) @ vt[8].reshape(3, 3) @ before
    return found


def _normaliser(points: Floats) -> Floats | None:
    """Similarity that centres points and scales them to about 1; None on a line."""
    centre = points.mean(axis=0)
    spread = np.linalg.svd(points - centre, compute_uv=False)
    if not np.isfinite(spread).all() or spread[1] < 1e-6 * max(spread[0], 1e-12):
        return None
    scale = np.sqrt(2 * len(points)) / np.linalg.norm(spread)
    return np.array(
        [[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]]
    )


def _homogeneous(points: Floats) -> Floats:
    return np.column_stack([points, np.ones(len(points))])
