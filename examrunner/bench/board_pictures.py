"""Pictures of boards through a known lens, seeded, with the true corners.

Every sub-pixel's ray is met with the board's plane exactly, so that the truth is known
to a thousandth of a pixel.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.poses import Pose
from examrunner.decode.vision.boards import (
    charuco_board,
    corner_count,
    corner_grid,
    corner_points,
)
from examrunner.model.camera import CameraModel, Floats, rotation
from examrunner.model.station import Board

Gray = NDArray[np.uint8]

SUBPIXELS: Final = 2
TEXTURE_PX_PER_SQUARE: Final = 60
BACKGROUND: Final = 110
BLUR_PX: Final = 0.7
NOISE: Final = 2.0
CONTRAST: Final = 0.8
BLACK: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoardPicture:
    """A rendered picture.

    Attributes:
        gray: uint8 (height, width).
        corners_px: float64 (m, 2), every corner of the board, by id.
        pose: Where the board is.
    """

    gray: Gray
    corners_px: Floats
    pose: Pose


def a_camera(size_px: tuple[int, int]) -> CameraModel:
    """A wide front camera with marked distortion, for any picture size."""
    width, height = size_px
    focal = 0.7 * width
    return CameraModel(
        matrix=np.array(
            [
                [focal, 0, width / 2 + 2.3],
                [0, 0.998 * focal, height / 2 - 2.4],
                [0, 0, 1],
            ]
        ),
        distortion=np.array([-0.291, 0.094, 0.0006, -0.0004, -0.012]),
        size_px=size_px,
    )


class Studio:
    """A camera before which boards are held.

    Args:
        model: The camera, a pinhole.
    """

    def __init__(self, model: CameraModel) -> None:
        self._model = model
        self._rays = _rays(model)

    def picture(self, board: Board, pose: Pose, seed: int) -> BoardPicture:
        """A board at ``pose``, with blur and with noise from ``seed``."""
        texture, origin_mm = _texture(board)
        width, height = self._model.size_px
        columns = np.column_stack([pose.turn[:, :2], pose.at_mm])
        met = self._rays @ np.linalg.inv(columns).T.astype(np.float32)
        # Behind the camera there is no board: far outside of the texture.
        places = np.where(met[:, 2:] > 0, met[:, :2] / met[:, 2:], np.float32(1e6))
        scale = np.float32(TEXTURE_PX_PER_SQUARE / board.square_mm)
        places = (places - origin_mm.astype(np.float32)) * scale - np.float32(0.5)
        fine = _looked_up(texture, places.reshape(height * SUBPIXELS, -1, 2))
        exact = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
        ids = np.arange(corner_count(board), dtype=np.int32)
        return BoardPicture(
            gray=_developed(exact, seed),
            corners_px=self._model.project(pose.place(corner_points(board, ids))),
            pose=pose,
        )

    def pictures(self, board: Board, count: int, seed: int) -> list[BoardPicture]:
        """``count`` pictures of the whole board in varied poses."""
        random = np.random.default_rng(seed)
        found: list[BoardPicture] = []
        while len(found) < count:
            pose = _a_pose(board, random)
            if self._shows_all(board, pose):
                found.append(self.picture(board, pose, int(random.integers(1 << 31))))
        return found

    def _shows_all(self, board: Board, pose: Pose) -> bool:
        """Whether the board with its white rim is inside the picture."""
        across, down = (count + 2 for count in corner_grid(board))
        first = -1 if board.type == "charuco" else -2
        rim = np.array(
            [
                [x, y, 0]
                for x in (first, first + across + 1)
                for y in (first, first + down + 1)
            ]
        )
        seen = self._model.project(pose.place(rim * board.square_mm))
        return bool(((seen > 4) & (seen < np.array(self._model.size_px) - 4)).all())


def _a_pose(board: Board, random: np.random.Generator) -> Pose:
    tilt = rotation(np.array([*random.uniform(-0.6, 0.6, 2), 0.0]))
    turn = tilt @ rotation(np.array([0.0, 0.0, random.uniform(-0.4, 0.4)]))
    depth_mm = board.columns * board.square_mm * random.uniform(0.9, 1.9)
    spot = np.array([*(random.uniform(-0.35, 0.35, 2) * depth_mm), depth_mm])
    centre = np.array([board.columns, board.rows, 0]) / 2 * board.square_mm
    return Pose(turn=turn, at_mm=spot - turn @ centre)


def _texture(board: Board) -> tuple[Gray, Floats]:
    """The printed board with one square of white rim, and its place on the board."""
    px = TEXTURE_PX_PER_SQUARE
    if board.type == "charuco":
        made = charuco_board(board, legacy=board.legacy)
        size = (board.columns * px, board.rows * px)
        squares = np.asarray(made.generateImage(size, marginSize=0, borderBits=1))
        first_mm = 0.0
    else:
        rows, columns = np.mgrid[: board.rows + 1, : board.columns + 1]
        pattern = ((rows + columns) % 2 * 255).astype(np.uint8)
        squares = np.kron(pattern, np.ones((px, px), dtype=np.uint8))
        first_mm = -board.square_mm
    rimmed = np.pad(squares, px, constant_values=255)
    return rimmed, np.full(2, first_mm - board.square_mm)


def _rays(model: CameraModel) -> NDArray[np.float32]:
    """Rays (n, 3) of every sub-pixel, row by row; pixel centres are integers."""
    offsets = (np.arange(SUBPIXELS) + 0.5) / SUBPIXELS - 0.5
    across, down = (
        (np.arange(side)[:, None] + offsets).ravel() for side in model.size_px
    )
    pixels = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 1, 2)
    criteria = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 60, 1e-10)
    flat = cv2.undistortPoints(
        pixels, model.matrix, model.distortion, criteria=criteria
    )
    flat = np.asarray(flat, dtype=np.float32).reshape(-1, 2)
    return np.column_stack([flat, np.ones(len(flat), dtype=np.float32)])


def _looked_up(texture: Gray, places: NDArray[np.float32]) -> Gray:
    """The texture at ``places``; in strips, which remap's size limit asks for."""
    strips = [
        cv2.remap(
            texture,
            strip,
            None,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=BACKGROUND,
        )
        for strip in np.array_split(places, 4)
    ]
    return np.concatenate(strips)


def _developed(exact: Floats, seed: int) -> Gray:
    blurred = cv2.GaussianBlur(exact * CONTRAST + BLACK, (0, 0), BLUR_PX)
    noise = np.random.default_rng(seed).normal(0, NOISE, blurred.shape)
    developed: Gray = np.clip(np.rint(blurred + noise), 0, 255).astype(np.uint8)
    return developed
