"""The bench tool that finds where the lidar sits before the camera."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.poses import Pose
from examrunner.model.camera import rotation, rotation_vector

Floats = NDArray[np.float64]
ROUNDS: Final = 20
SIGMA_RAD: Final = np.radians(0.2)
SIGMA_MM: Final = 6.0
"""How well the tool believes the lidar to measure normals and centroids."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanePair:
    """One board as both sensors saw it, normals towards the sensors.

    Attributes:
        camera_normal: float64 (3,).
        camera_centre_mm: float64 (3,), a point of the board.
        lidar_normal: float64 (3,).
        lidar_centre_mm: float64 (3,), another point of it.
    """

    camera_normal: Floats
    camera_centre_mm: Floats
    lidar_normal: Floats
    lidar_centre_mm: Floats


def solve(pairs: Sequence[PlanePair]) -> Pose:
    """The pose ``x_camera = R x_lidar + t`` that makes the planes agree best.

    Rotation from the normals (Kabsch 1976), translation from the distances, then both
    together by Gauss-Newton on what is left of normals and distances, each divided by
    its standard deviation. Too few or parallel planes give some pose, not a good one.
    """
    camera = np.array([pair.camera_normal for pair in pairs])
    lidar = np.array([pair.lidar_normal for pair in pairs])
    u, _, vt = np.linalg.svd(camera.T @ lidar)
    turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    pose = Pose(turn=turn, at_mm=_shift(turn, pairs))
    for _ in range(ROUNDS):
        rows, left = _linearised(pose, pairs)
        step, *_ = np.linalg.lstsq(rows, -left, rcond=1e-9)
        pose = _moved(pose, np.asarray(step, np.float64))
    return pose


def residual_mm(pose: Pose, pairs: Sequence[PlanePair]) -> float:
    """Root mean square of how far lidar centroids are from the camera's planes."""
    return float(np.sqrt(np.mean([_off_mm(pose, pair) ** 2 for pair in pairs])))


def _off_mm(pose: Pose, pair: PlanePair) -> float:
    placed = pose.turn @ pair.lidar_centre_mm + pose.at_mm
    return float(pair.camera_normal @ (placed - pair.camera_centre_mm))


def _shift(turn: Floats, pairs: Sequence[PlanePair]) -> Floats:
    normals = np.array([pair.camera_normal for pair in pairs])
    still = Pose(turn=turn, at_mm=np.zeros(3))
    off = np.array([_off_mm(still, pair) for pair in pairs])
    found, *_ = np.linalg.lstsq(normals, -off, rcond=1e-9)
    return np.asarray(found, np.float64)


def _linearised(pose: Pose, pairs: Sequence[PlanePair]) -> tuple[Floats, Floats]:
    """Derivatives by a small turn and shift, and what is left now."""
    rows, left = [], []
    for pair in pairs:
        turned = pose.turn @ pair.lidar_normal
        # d(w x n) / dw; the component along the normal is zero by itself.
        rows.append(np.hstack([-_cross(turned), np.zeros((3, 3))]) / SIGMA_RAD)
        left.append((turned - pair.camera_normal) / SIGMA_RAD)
        arm = pose.turn @ pair.lidar_centre_mm
        slope = np.concatenate([np.cross(arm, pair.camera_normal), pair.camera_normal])
        rows.append(slope[None] / SIGMA_MM)
        left.append(np.array([_off_mm(pose, pair) / SIGMA_MM]))
    return np.vstack(rows), np.concatenate(left)


def _cross(v: Floats) -> Floats:
    return np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])


def _moved(pose: Pose, step: Floats) -> Pose:
    return Pose(turn=rotation(step[:3]) @ pose.turn, at_mm=pose.at_mm + step[3:])


def numbers(pose: Pose) -> tuple[float, ...]:
    """Rotation vector in rad and translation in mm, as single floats hold them."""
    both = np.concatenate([rotation_vector(pose.turn), pose.at_mm])
    return tuple(float(value) for value in both.astype(np.float32))


def file(pose: Pose) -> dict[str, str]:
    """The pose as an upload."""
    found = numbers(pose)
    content = {
        "rotation_vector": list(found[:3]),
        "translation": list(found[3:]),
        "unit": "mm",
    }
    text = json.dumps(content, indent=1)
    return {
        "name": "T_cam_lidar.json",
        "media_type": "application/json",
        "base64": base64.b64encode(text.encode()).decode(),
    }
