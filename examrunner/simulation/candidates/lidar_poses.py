"""How candidates hold a board before camera and lidar at the same time."""

from dataclasses import replace
from typing import Final

import numpy as np

from examrunner.model.camera import rotation
from examrunner.model.station import Board
from examrunner.simulation.board_camera import BoardPose

VARIED: Final = (
    (0, 0, 0, 0, 780), (34, 0, -60, 0, 800), (-34, 4, 60, 20, 800),
    (4, 36, 40, -30, 780), (-4, -36, -40, 20, 780), (25, 27, 0, 40, 820),
    (-25, -27, 0, -40, 820), (27, -25, 50, 0, 760),
)  # fmt: skip
"""Tilt about x and y in degrees, middle of the board before the camera in mm."""
ON_A_TRIPOD: Final = (
    (-6, 0, 0, 0, 800), (-3, 0, 60, 0, 820), (0, 0, -60, 0, 790),
    (3, 0, 0, 50, 810), (6, 0, 0, -50, 800),
)  # fmt: skip
"""The tripod is pushed along a rail and nods a little: hardly different normals."""
SIGMA_MM: Final = 2.0
SIGMA_DEG: Final = 0.3
TRIPOD_SIGMA_DEG: Final = 0.03
TREMOR_MM: Final = 0.15
TREMOR_RAD: Final = 2e-4


def varied_poses(board: Board, hand: np.random.Generator) -> list[BoardPose]:
    """Eight poses that tilt the board every way."""
    return [_held(board, row, SIGMA_DEG, hand) for row in VARIED]


def tripod_poses(board: Board, hand: np.random.Generator) -> list[BoardPose]:
    """Five poses on a tripod that only nods."""
    return [_held(board, row, TRIPOD_SIGMA_DEG, hand) for row in ON_A_TRIPOD]


def trembled(pose: BoardPose, hand: np.random.Generator) -> BoardPose:
    """The same pose a moment later."""
    turn = np.array(pose.turn) + hand.normal(0.0, TREMOR_RAD, 3)
    shift = np.array(pose.shift_mm) + hand.normal(0.0, TREMOR_MM, 3)
    return replace(pose, turn=_three(turn), shift_mm=_three(shift))


def _held(
    board: Board,
    row: tuple[int, ...],
    sigma_deg: float,
    hand: np.random.Generator,
) -> BoardPose:
    tilt = np.array([row[0], row[1], 0.0]) + hand.normal(0.0, sigma_deg, 3)
    turn = np.radians(tilt)
    centre = np.array(row[2:], np.float64) + hand.normal(0.0, SIGMA_MM, 3)
    middle = 0.5 * board.square_mm * np.array([board.columns, board.rows, 0.0])
    return BoardPose(
        turn=_three(turn), shift_mm=_three(centre - rotation(turn) @ middle)
    )


def _three(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z
