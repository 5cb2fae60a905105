"""The calibration board as the lidar sees it: a plane of points."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.poses import Pose
from examrunner.model.camera import rotation
from examrunner.model.station import Board
from examrunner.simulation.board_camera import BoardPose, straight_before
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

NORMAL_SIGMA_DEG: Final = 0.2
CENTROID_SIGMA_MM: Final = 6.0
"""Errors of the scan pattern on the board: the same as long as the board rests."""
JITTER_SHARE: Final = 0.1
"""From turn to turn of the mirror, as a share of these."""
POINTS_AT_1_M: Final = 480.0
"""Points on the board, straight before the lidar at 1 m."""
SEEN_UP_DEG: Final = 25.0
"""Half of the vertical field of view."""
STAND_MM: Final = 650.0
NOTHING: Final = np.zeros(7)

Times = NDArray[np.int64]
Floats = NDArray[np.float64]


class SeenBoards:
    """What LIDU_Plane shows while a board is held here and there.

    Args:
        base: The rig.
        mounting: ``x_camera = R x_lidar + t``.
    """

    def __init__(self, base: SimulatedRig, mounting: Pose) -> None:
        self._base = base
        self._mounting = mounting
        cameras = base.description.cameras
        self._board = next(c.board for c in cameras if c.board is not None)
        self._times = [0]
        # Normal, centroid and number of points.
        self._rows = [self._plane(straight_before(self._board, STAND_MM), False)]

    @property
    def board(self) -> Board:
        """The board that is held."""
        return self._board

    def hold(self, pose: BoardPose | None) -> None:
        """The board is held there, in the camera's frame, from now on."""
        self._times.append(self._base.kernel.now_ns)
        self._rows.append(NOTHING if pose is None else self._plane(pose, True))

    def measured(self, t_ns: int) -> tuple[Floats, Floats] | None:
        """Normal and centroid in mm, averaged over a rest; None without a plane."""
        row = self._rows[int(np.searchsorted(self._times, t_ns, side="right")) - 1]
        return (row[:3], row[3:6]) if row[6] else None

    def signals(self, t_ns: Times) -> Mapping[str, Value]:
        """Values of LIDU_Plane."""
        rows = np.searchsorted(np.array(self._times), t_ns, side="right") - 1
        shown = np.array(self._rows)[rows].reshape(-1, 7)
        seen = shown[:, 6] > 0
        noise = self._base.noise
        sigma = np.radians(JITTER_SHARE * NORMAL_SIGMA_DEG)
        normal = shown[:, :3] + np.stack(
            [seen * noise(f"normal {axis}", sigma, t_ns) for axis in "xyz"], axis=1
        )
        normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-9)[:, None]
        centre = shown[:, 3:6] + np.stack(
            [
                seen * noise(f"centroid {axis}", JITTER_SHARE * CENTROID_SIGMA_MM, t_ns)
                for axis in "xyz"
            ],
            axis=1,
        )
        points = shown[:, 6] + noise("inliers", 0.02, t_ns) * shown[:, 6]
        return {
            "LIDU_BoardId": seen.astype(np.float64),
            "LIDU_Inl": points,
            "LIDU_Rms": seen * (4.2 + noise("plane", 0.2, t_ns)),
            **{f"LIDU_N{axis}": normal[:, i] for i, axis in enumerate("xyz")},
            **{f"LIDU_C{axis}": centre[:, i] for i, axis in enumerate("xyz")},
        }

    def _plane(self, pose: BoardPose, erring: bool) -> Floats:
        turn, board = rotation(np.array(pose.turn)), self._board
        middle = 0.5 * board.square_mm * np.array([board.columns, board.rows, 0.0])
        back = self._mounting.turn.T
        centre = back @ (turn @ middle + np.array(pose.shift_mm) - self._mounting.at_mm)
        normal = back @ turn[:, 2]
        normal *= -np.copysign(1.0, normal @ centre)
        points = _points(normal, centre)
        if erring:
            pattern = self._base.streams.at(self._base.kernel.now_ns, "scan pattern")
            tilt = np.radians(pattern.normal(0.0, NORMAL_SIGMA_DEG, 3))
            normal = rotation(tilt) @ normal
            centre = centre + pattern.normal(0.0, CENTROID_SIGMA_MM, 3)
        return np.concatenate([normal, centre, [points]])


def _points(normal: Floats, centre_mm: Floats) -> float:
    """How many points the board gets: fewer far off, aslant, or out of view."""
    distance_mm = float(np.linalg.norm(centre_mm))
    slant = float(abs(normal @ centre_mm)) / distance_mm
    up_deg = np.degrees(np.arctan2(centre_mm[2], np.hypot(*centre_mm[:2])))
    if centre_mm[0] <= 0 or abs(up_deg) > SEEN_UP_DEG:
        return 0.0
    return min(900.0, POINTS_AT_1_M * slant * (1000.0 / distance_mm) ** 2)
