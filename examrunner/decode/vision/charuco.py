"""ChArUco corners, and why a board that is clearly there gives none."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import charuco_board, corner_grid, corner_points
from examrunner.decode.vision.chessboard import shrunk
from examrunner.decode.vision.markers import find_markers, parameters
from examrunner.decode.vision.pictures import Gray
from examrunner.decode.vision.refining import refined
from examrunner.model.camera import Floats
from examrunner.model.station import Board

SMALL_PX: Final = 1000
"""Longest side of the copy that markers are searched on first."""
ENOUGH_CORNERS: Final = 12
"""So many corners on the small copy make the search on the full picture needless."""
MANY_MARKERS: Final = 0.3
"""Share of a board's markers that proves that the board is in the picture."""
STRANGERS: Final = 2
"""So many markers that the board does not have prove that it is another board."""
BENT: Final = 0.35
"""Largest deviation from a plane, in squares, that a lens may explain."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corners:
    """What was found of a board in one picture.

    Attributes:
        ids: int32 (m,), corner ids of the board, ascending.
        px: float64 (m, 2), integer coordinates are pixel centres.
        hint: Why there are none although the board is there; empty otherwise.
    """

    ids: NDArray[np.int32]
    px: Floats
    hint: str = ""


def find_charuco(gray: Gray, board: Board) -> Corners:
    """The corners of a ChArUco board; some may be hidden or outside the picture."""
    small, factor = shrunk(gray, SMALL_PX)
    ids, corners = _detect(small, board, legacy=board.legacy)
    corners = corners * factor + (factor - 1) / 2
    if factor > 1 and len(ids) < ENOUGH_CORNERS:
        ids, corners = _detect(gray, board, legacy=board.legacy)
    seen, _ = find_markers(small, board.dictionary)
    hint = _strangers_hint(seen, board)
    if hint or not len(ids):
        return nothing(hint or _layout_hint(small, seen, board))
    across, _ = corner_grid(board)
    return Corners(
        ids=ids, px=refined(gray, corners, ids, across, share=_clear_share(board))
    )


def nothing(hint: str = "") -> Corners:
    """No corners."""
    return Corners(ids=np.empty(0, dtype=np.int32), px=np.empty((0, 2)), hint=hint)


def _detect(
    gray: Gray, board: Board, *, legacy: bool
) -> tuple[NDArray[np.int32], Floats]:
    """Corner ids and pixels; a steep view that OpenCV doubts is checked here."""
    made = charuco_board(board, legacy=legacy)
    for check_markers in (True, False):
        options = cv2.aruco.CharucoParameters()
        options.checkMarkers = check_markers
        detector = cv2.aruco.CharucoDetector(made, options, parameters())
        corners, numbers, _, _ = detector.detectBoard(gray)
        if numbers is None or not len(numbers):
            continue
        ids = np.asarray(numbers, dtype=np.int32).ravel()
        flat = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
        order = np.argsort(ids)
        if check_markers or _is_flat(board, ids[order], flat[order]):
            return ids[order], flat[order]
    return np.empty(0, dtype=np.int32), np.empty((0, 2))


def _is_flat(board: Board, ids: NDArray[np.int32], corners: Floats) -> bool:
    """Whether one plane shows the corners where they were found, lens aside."""
    if len(ids) < ENOUGH_CORNERS:
        return False
    points = corner_points(board, ids)[:, :2] / board.square_mm
    homography, _ = cv2.findHomography(corners, points, cv2.RANSAC, BENT)
    if homography is None:
        return False
    shown = cv2.perspectiveTransform(corners[:, None], homography)[:, 0]
    return bool((np.linalg.norm(shown - points, axis=1) < BENT).all())


def _clear_share(board: Board) -> float:
    """Share of a square around a corner that is free of marker edges."""
    marker_mm = board.marker_mm or 0.0
    return (1 - marker_mm / board.square_mm) / 2


def _strangers_hint(seen: NDArray[np.int32], board: Board) -> str:
    expected = board.columns * board.rows // 2
    strangers = sorted({int(number) for number in seen if number >= expected})
    if len(strangers) < STRANGERS:
        return ""
    names = ", ".join(map(str, strangers[:5]))
    return (
        f"the markers {names} are in the picture, but a board of "
        f"{board.columns}x{board.rows} squares has only 0 to {expected - 1}: "
        "the board is another one than its label says"
    )


def _layout_hint(gray: Gray, seen: NDArray[np.int32], board: Board) -> str:
    expected = board.columns * board.rows // 2
    if len(set(seen.tolist())) < MANY_MARKERS * expected:
        return ""
    ids, _ = _detect(gray, board, legacy=not board.legacy)
    if len(ids):
        kind = "the usual pattern" if board.legacy else "the legacy pattern"
        other = "without" if board.legacy else "with"
        return (
            f"the board is printed in {kind} (first square of the other colour): "
            f"label it {other} ':legacy'"
        )
    return (
        f"{len(seen)} of its {expected} markers are in the picture, but no corner "
        "fits: the number of squares or the sizes of the label are wrong"
    )
