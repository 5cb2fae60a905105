"""Exact pictures of a calibration board through a lens with known distortion."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import charuco_board
from examrunner.model.camera import CameraModel, rotation
from examrunner.model.digests import canonical_json, digest_of
from examrunner.model.station import Board

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

SUBSAMPLES: Final = 2
"""Samples per pixel and axis."""
SQUARE_PX: Final = 60
"""Texture pixels per square of the board."""
BACKGROUND: Final = 110.0
GAIN, OFFSET = 0.8, 20.0
BLUR_SIGMA_PX: Final = 0.6
NOISE_SIGMA: Final = 2.0
MARGIN_PX: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPose:
    """Where the board is held, in the camera's frame.

    Attributes:
        turn: Rotation vector, radians (3,).
        shift_mm: Position of the board's first corner (3,).
        motion_px: Half length of the motion blur.
    """

    turn: tuple[float, float, float]
    shift_mm: tuple[float, float, float]
    motion_px: int = 0


def straight_before(board: Board, distance_mm: float) -> BoardPose:
    """The board in the middle of the picture, parallel to it."""
    across = -0.5 * board.columns * board.square_mm
    down = -0.5 * board.rows * board.square_mm
    return BoardPose(turn=(0.0, 0.0, 0.0), shift_mm=(across, down, distance_mm))


class BoardCamera:
    """Renders a board as a camera with this model sees it.

    Args:
        model: The true camera.
        board: The board.
        cache: Folder for the table of rays.
    """

    def __init__(self, model: CameraModel, board: Board, cache: Path) -> None:
        self._model = model
        self._board = board
        self._texture = _texture(board)
        self._per_mm = SQUARE_PX / board.square_mm
        self._rays = _rays(model, cache)

    def picture(self, pose: BoardPose, noise: np.random.Generator) -> Pixels:
        """Grey levels (height, width)."""
        width, height = self._model.size_px
        image = np.full((height, width), BACKGROUND, np.float32)
        self._draw(image, pose)
        image = image * GAIN + OFFSET
        cv2.GaussianBlur(image, (0, 0), BLUR_SIGMA_PX, dst=image)
        if pose.motion_px:
            size = 2 * pose.motion_px + 1
            cv2.blur(image, (size, 1), dst=image)
        image += noise.standard_normal(image.shape, np.float32) * NOISE_SIGMA
        grey: Pixels = np.clip(image, 0, 255).astype(np.uint8)
        return grey

    def _draw(self, image: NDArray[np.float32], pose: BoardPose) -> None:
        turn = rotation(np.array(pose.turn))
        shift = np.array(pose.shift_mm)
        rows, columns = self._covered(turn, shift)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        fine = tuple(
            slice(part.start * SUBSAMPLES, part.stop * SUBSAMPLES)
            for part in (rows, columns)
        )
        x, y = self._rays[0][fine], self._rays[1][fine]
        plane = np.linalg.inv(np.column_stack([turn[:, 0], turn[:, 1], shift]))
        across, down, depth = (
            np.float32(row[0]) * x + np.float32(row[1]) * y + np.float32(row[2])
            for row in plane
        )
        border = np.float32(SQUARE_PX - 0.5)
        scale = np.float32(self._per_mm)
        found = cv2.remap(
            self._texture,
            across / depth * scale + border,
            down / depth * scale + border,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=BACKGROUND,
        )
        size = (columns.stop - columns.start, rows.stop - rows.start)
        image[rows, columns] = cv2.resize(found, size, interpolation=cv2.INTER_AREA)

    def _covered(self, turn: Floats, shift: Floats) -> tuple[slice, slice]:
        """Rows and columns of the picture that the board can touch."""
        board, square = self._board, self._board.square_mm
        across = np.linspace(-square, (board.columns + 1) * square, 40)
        down = np.linspace(-square, (board.rows + 1) * square, 30)
        outline = np.array(
            [(x, y, 0.0) for x in across for y in (down[0], down[-1])]
            + [(x, y, 0.0) for y in down for x in (across[0], across[-1])]
        )
        pixels = self._model.project(outline @ turn.T + shift)
        width, height = self._model.size_px
        low = np.floor(np.nanmin(pixels, axis=0)).astype(int) - MARGIN_PX
        high = np.ceil(np.nanmax(pixels, axis=0)).astype(int) + MARGIN_PX
        left, top = max(0, int(low[0])), max(0, int(low[1]))
        right, bottom = min(width, int(high[0])), min(height, int(high[1]))
        return slice(top, bottom), slice(left, right)


def _texture(board: Board) -> NDArray[np.float32]:
    """The board with a white border of one square, grey levels."""
    size = (board.columns * SQUARE_PX, board.rows * SQUARE_PX)
    printed = charuco_board(board, legacy=board.legacy).generateImage(
        size, marginSize=0, borderBits=1
    )
    around = (SQUARE_PX,) * 4
    bordered = cv2.copyMakeBorder(printed, *around, cv2.BORDER_CONSTANT, value=255)
    texture: NDArray[np.float32] = bordered.astype(np.float32)
    return texture


def _rays(model: CameraModel, cache: Path) -> NDArray[np.float32]:
    """x/z and y/z (2, rows, columns) of every sample of the picture."""
    key = {
        "matrix": model.matrix.tolist(),
        "distortion": model.distortion.tolist(),
        "size_px": list(model.size_px),
        "subsamples": SUBSAMPLES,
    }
    place = cache / f"rays-{digest_of(canonical_json(key))}.npy"
    if place.is_file():
        kept: NDArray[np.float32] = np.load(place, mmap_mode="r")
        return kept
    table = _computed_rays(model)
    cache.mkdir(parents=True, exist_ok=True)
    # Another process may write the same table at the same time.
    partial = place.with_suffix(f".{os.getpid()}.part")
    with partial.open("wb") as file:
        np.save(file, table)
    partial.replace(place)
    return table


def _computed_rays(model: CameraModel) -> NDArray[np.float32]:
    width, height = model.size_px
    inside = (np.arange(SUBSAMPLES) + 0.5) / SUBSAMPLES - 0.5
    u = (np.arange(width)[:, None] + inside).ravel()
    v = (np.arange(height)[:, None] + inside).ravel()
    grid = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 1, 2)
    rounds = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 30, 1e-9)
    flat = cv2.undistortPoints(grid, model.matrix, model.distortion, criteria=rounds)
    table = flat.reshape(len(v), len(u), 2).transpose(2, 0, 1)
    return np.ascontiguousarray(table, np.float32)
