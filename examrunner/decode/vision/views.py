"""One picture of a board, as criteria see it."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import corner_points
from examrunner.decode.vision.charuco import Corners, find_charuco, nothing
from examrunner.decode.vision.chessboard import find_chessboard
from examrunner.decode.vision.pictures import Gray, read_gray
from examrunner.model.camera import Floats
from examrunner.model.recording import Picture
from examrunner.model.station import Board
from examrunner.model.timeline import BoardView

SATURATED: Final = 254
"""Grey value from which a pixel says only 'too bright'."""


def board_view(picture: Picture, board: Board) -> BoardView:
    """What a recorded picture shows of a board; no corners if it shows none.

    Raises:
        ContentError: If the picture cannot be used.
    """
    gray = read_gray(picture.data, f"{picture.stream}/{picture.name}")
    return board_in(gray, picture, board)


def board_in(gray: Gray, picture: Picture, board: Board) -> BoardView:
    """What the decoded ``picture`` shows of a board."""
    corners = find_board(gray, board)
    height, width = gray.shape
    sharpness, saturated = hull_quality(gray, corners.px)
    return BoardView(
        camera=picture.stream,
        picture=picture.name,
        t_ns=picture.t_ns,
        size_px=(width, height),
        ids=corners.ids,
        corners_px=corners.px,
        points_mm=corner_points(board, corners.ids),
        sharpness=sharpness,
        saturated=saturated,
    )


def find_board(gray: Gray, board: Board) -> Corners:
    """The corners of either kind of board."""
    cv2.setNumThreads(1)
    if board.type == "charuco":
        return find_charuco(gray, board)
    corners = find_chessboard(gray, board.columns, board.rows)
    if corners is None:
        return nothing()
    return Corners(ids=np.arange(len(corners), dtype=np.int32), px=corners)


def hull_quality(gray: Gray, corners_px: Floats) -> tuple[float, float]:
    """Laplacian variance and saturated share inside the hull of some corners.

    NaN and 0 if the corners span no area.
    """
    if len(corners_px) < 3:
        return float("nan"), 0.0
    hull = cv2.convexHull(np.rint(corners_px).astype(np.int32))
    x, y, width, height = cv2.boundingRect(hull)
    left, top = max(x, 0), max(y, 0)
    patch = gray[top : y + height, left : x + width]
    inside: NDArray[np.uint8] = np.zeros(patch.shape, dtype=np.uint8)
    cv2.fillConvexPoly(inside, hull - [left, top], 1)
    if min(patch.shape) < 3 or not inside.any():
        return float("nan"), 0.0
    # Whole numbers, so that every machine sums to the same variance.
    edges = cv2.Laplacian(patch, cv2.CV_16S)[inside > 0].astype(np.int64)
    count = edges.size
    variance = (count * int((edges**2).sum()) - int(edges.sum()) ** 2) / count**2
    saturated = np.count_nonzero(patch[inside > 0] >= SATURATED) / count
    return variance, saturated
