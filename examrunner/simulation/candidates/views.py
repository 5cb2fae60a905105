"""How candidates hold a calibration board before a camera."""

from typing import Final

import numpy as np

from examrunner.model.camera import CameraModel, rotation
from examrunner.model.station import Board
from examrunner.simulation.board_camera import BoardPose

NOMINAL: Final = CameraModel(
    matrix=np.array([[905.0, 0.0, 640.0], [0.0, 905.0, 360.0], [0.0, 0.0, 1.0]]),
    distortion=np.array([-0.29, 0.09, 0.0, 0.0]),
    size_px=(1280, 720),
)
"""About how the camera sees: good enough to aim the board at a part of the picture."""

SPREAD: Final = (
    (640, 360, 420, 0, 0), (640, 360, 680, 25, 0), (640, 360, 430, -28, 6),
    (640, 360, 430, 4, 30), (640, 360, 430, -5, -30), (300, 200, 430, 20, -22),
    (980, 200, 430, 22, 24), (300, 520, 430, -24, -20), (980, 520, 430, -22, 22),
    (210, 360, 440, 5, -26), (1070, 360, 440, -4, 27), (640, 150, 440, 26, 5),
    (640, 570, 440, -27, -6), (180, 140, 470, 8, -10), (1100, 140, 470, 8, 10),
    (180, 580, 470, -8, -10), (1100, 580, 470, -8, 10), (420, 300, 720, 30, -12),
    (860, 430, 720, -30, 14), (640, 360, 560, 15, 25),
)  # fmt: skip
"""Picture position of the board's centre, distance in mm, tilt about x and y in
degrees: every part of the picture, both signs of tilt, near and far."""

FRONTAL_DISTANCE_MM: Final = 900.0
FRONTAL_STEP_MM: Final = 38.0
SIGMA_MM: Final = 2.0
SIGMA_DEG: Final = 0.6
CARELESS_SIGMA_DEG: Final = 6.0


def spread_views(board: Board, hand: np.random.Generator) -> list[BoardPose]:
    """Twenty views as the textbook wants them."""
    return [
        _held(board, (u, v), distance, (about_x, about_y, 0.0), hand)
        for u, v, distance, about_x, about_y in SPREAD
    ]


def frontal_views(board: Board, hand: np.random.Generator) -> list[BoardPose]:
    """Twelve views straight before the camera, in the middle of the picture."""
    views = []
    for row in range(3):
        for column in range(4):
            across = (column - 1.5) * FRONTAL_STEP_MM
            down = (row - 1.0) * FRONTAL_STEP_MM
            scale = 905.0 / FRONTAL_DISTANCE_MM
            aim = (640.0 + across * scale, 360.0 + down * scale)
            lean = hand.normal(0.0, CARELESS_SIGMA_DEG, 3)
            tilt = (float(lean[0]), float(lean[1]), float(lean[2]))
            views.append(_held(board, aim, FRONTAL_DISTANCE_MM, tilt, hand))
    return views


def single_view(board: Board, hand: np.random.Generator) -> BoardPose:
    """One sharp, large view, held nearly straight."""
    return _held(board, (640, 360), 430.0, (2.0, -1.5, 0.5), hand)


def _held(
    board: Board,
    aim_px: tuple[float, float],
    distance_mm: float,
    tilt_deg: tuple[float, float, float],
    hand: np.random.Generator,
) -> BoardPose:
    turn = np.radians(np.array(tilt_deg) + hand.normal(0.0, SIGMA_DEG, 3))
    ray = NOMINAL.rays(np.array([aim_px], np.float64))[0]
    centre = distance_mm * ray + hand.normal(0.0, SIGMA_MM, 3)
    middle = 0.5 * board.square_mm * np.array([board.columns, board.rows, 0.0])
    shift = centre - rotation(turn) @ middle
    return BoardPose(
        turn=(float(turn[0]), float(turn[1]), float(turn[2])),
        shift_mm=(float(shift[0]), float(shift[1]), float(shift[2])),
    )
