"""Camera models: how a point in space meets the picture. Plain numpy.

Coordinates: x right, y down, z forward, millimetres; pixels with integer
coordinates at pixel centres. Formulas: OpenCV calib3d documentation.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNDISTORT_ROUNDS: Final = 40
UNDISTORTED: Final = 1e-13
"""A step of the undistortion, in ideal coordinates, that no picture can show."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CameraModel:
    """Intrinsics of one camera.

    Attributes:
        matrix: float64 (3, 3), fx, fy, cx, cy in pixels.
        distortion: float64 (k,): k1 k2 p1 p2 [k3 [k4 k5 k6]], fisheye: k1 k2 k3 k4.
        size_px: (width, height) of the picture that it holds for.
        fisheye: Equidistant model instead of pinhole with radial terms.
    """

    matrix: Floats
    distortion: Floats
    size_px: tuple[int, int]
    fisheye: bool = False

    def project(self, points: Floats) -> Floats:
        """Pixels (n, 2) of camera-frame points (n, 3); NaN behind the camera."""
        z = np.where(points[:, 2] > 0, points[:, 2], np.nan)
        distorted = self._distort(points[:, :2] / z[:, None])
        pixels: Floats = distorted @ self.matrix[:2, :2].T + self.matrix[:2, 2]
        return pixels

    def rays(self, pixels: Floats) -> Floats:
        """Directions (n, 3) with z = 1 that meet ``pixels`` (n, 2)."""
        wanted = (pixels - self.matrix[:2, 2]) @ np.linalg.inv(self.matrix[:2, :2]).T
        flat = self._undistort(wanted)
        return np.column_stack([flat, np.ones(len(flat))])

    def _distort(self, flat: Floats) -> Floats:
        if self.fisheye:
            return _distort_fisheye(flat, self.distortion)
        return _distort_pinhole(flat, self.distortion)

    def _undistort(self, wanted: Floats) -> Floats:
        flat = wanted.copy()
        for _ in range(UNDISTORT_ROUNDS):
            off = (self._distort(flat) - wanted)[..., None]
            step = np.linalg.solve(self._slope(flat), off)[..., 0]
            flat = flat - step
            # What is undefined stays so, and more rounds would not move the others.
            if not (np.abs(step) > UNDISTORTED).any():
                break
        return flat

    def _slope(self, flat: Floats) -> Floats:
        """Derivative (n, 2, 2) of the distortion, by central differences."""
        step = 1e-6
        columns = [
            (self._distort(flat + shift) - self._distort(flat - shift)) / (2 * step)
            for shift in (np.array([step, 0.0]), np.array([0.0, step]))
        ]
        return np.stack(columns, axis=-1)


def _distort_pinhole(flat: Floats, distortion: Floats) -> Floats:
    k = np.zeros(8)
    k[: len(distortion)] = distortion[:8]
    x, y = flat[:, 0], flat[:, 1]
    r2 = x * x + y * y
    radial = (1 + r2 * (k[0] + r2 * (k[1] + r2 * k[4]))) / (
        1 + r2 * (k[5] + r2 * (k[6] + r2 * k[7]))
    )
    return np.column_stack(
        [
            x * radial + 2 * k[2] * x * y + k[3] * (r2 + 2 * x * x),
            y * radial + k[2] * (r2 + 2 * y * y) + 2 * k[3] * x * y,
        ]
    )


def _distort_fisheye(flat: Floats, distortion: Floats) -> Floats:
    k = np.zeros(4)
    k[: len(distortion)] = distortion[:4]
    radius = np.linalg.norm(flat, axis=1)
    theta = np.arctan(radius)
    t2 = theta * theta
    bent = theta * (1 + t2 * (k[0] + t2 * (k[1] + t2 * (k[2] + t2 * k[3]))))
    scale = np.where(radius > 1e-9, bent / np.maximum(radius, 1e-9), 1.0)
    return flat * scale[:, None]


def rotation(vector: Floats) -> Floats:
    """Rotation matrix (3, 3) of a rotation vector (Rodrigues' formula)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-12:
        return np.eye(3) + _skew(vector)
    axis = _skew(vector / angle)
    turned: Floats = (
        np.eye(3) + np.sin(angle) * axis + (1 - np.cos(angle)) * (axis @ axis)
    )
    return turned


def rotation_vector(turn: Floats) -> Floats:
    """Rotation vector (3,) of a rotation matrix, the inverse of ``rotation``.

    By way of the quaternion's largest part, which is exact at every angle.
    """
    trace = float(np.trace(turn))
    squares = np.array([trace, *np.diag(turn)])
    largest = int(np.argmax(squares))
    if largest == 0:
        quaternion = np.array([1 + trace, *_antisymmetric(turn)])
    else:
        i = largest - 1
        quaternion = np.empty(4)
        quaternion[0] = _antisymmetric(turn)[i]
        quaternion[1:] = turn[i] + turn[:, i]
        quaternion[largest] = 1 - trace + 2 * turn[i, i]
    quaternion *= np.copysign(1.0, quaternion[0]) / np.linalg.norm(quaternion)
    sine = float(np.linalg.norm(quaternion[1:]))
    scale = 2 * np.arctan2(sine, quaternion[0]) / sine if sine > 1e-12 else 2.0
    vector: Floats = quaternion[1:] * scale
    return vector


def _antisymmetric(turn: Floats) -> Floats:
    """What makes ``turn`` differ from its transpose: 2 sin(angle) times the axis."""
    return np.array(
        [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]]
    )


def _skew(v: Floats) -> Floats:
    return np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
