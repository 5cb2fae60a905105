"""ChArUco corners, and why a board that is clearly there gives none."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import (
    charuco_board,
    corner_count,
    corner_grid,
    corner_points,
)
from examrunner.decode.vision.chessboard import enlarged, shrunk
from examrunner.decode.vision.pictures import Gray
from examrunner.decode.vision.refining import refined_one_by_one
from examrunner.decode.vision.smoothness import fitting_corners
from examrunner.model.camera import Floats
from examrunner.model.station import Board

SMALL_PX: Final = 1300
"""Longest side of the copy that markers are searched on first."""
QUICK: Final = (9, 9)
THOROUGH: Final = (3, 23)
"""Windows over which markers are told from paper: one, or three from small to large."""
PROVING_CORNERS: Final = 20
"""So many corners prove that a plane is the board, and where its other corners are."""
MISSED_CORNERS: Final = 2
"""So many corners may hide behind a finger before the full picture is searched."""
RIM_PX: Final = 8
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


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Corner ids and pixels as OpenCV gives them, and the marker ids it saw."""

    ids: NDArray[np.int32]
    px: Floats
    seen: NDArray[np.int32]


def find_charuco(gray: Gray, board: Board) -> Corners:
    """The corners of a ChArUco board; some may be hidden or outside the picture."""
    small, factor = shrunk(gray, SMALL_PX)
    found = _detect(small, board, QUICK)
    if _may_miss(found, board, small.shape):
        found = _detect(small, board, THOROUGH)
        if factor > 1 and _may_miss(found, board, small.shape):
            small, factor = gray, 1
            found = _detect(small, board, THOROUGH)
    hint = _strangers_hint(found.seen, board)
    if hint or not len(found.ids):
        return nothing(hint or _layout_hint(small, found.seen, board))
    px = found.px if factor == 1 else _enlarged(gray, found, factor, board)
    places = corner_points(board, found.ids)[:, :2] / board.square_mm
    fitting = fitting_corners(places, px)
    return Corners(ids=found.ids[fitting], px=px[fitting])


def _enlarged(gray: Gray, found: _Found, factor: int, board: Board) -> Floats:
    """Corners of a small copy, refined on the full picture."""
    across, _ = corner_grid(board)
    return refined_one_by_one(
        gray,
        enlarged(found.px, factor),
        found.ids,
        across,
        share=_clear_share(board),
        trust_px=factor,
    )


def nothing(hint: str = "") -> Corners:
    """No corners."""
    return Corners(ids=np.empty(0, dtype=np.int32), px=np.empty((0, 2)), hint=hint)


def _detect(gray: Gray, board: Board, windows_px: tuple[int, int]) -> _Found:
    """What OpenCV finds with thresholds over these smallest and largest windows."""
    made = charuco_board(board, legacy=board.legacy)
    options = cv2.aruco.CharucoParameters()
    # Markers that were too blurred to be read are found where the board has them.
    options.tryRefineMarkers = True
    # Marker corners stay coarse: they only tell where to look for the board's own.
    search = cv2.aruco.DetectorParameters()
    search.adaptiveThreshWinSizeMin, search.adaptiveThreshWinSizeMax = windows_px
    detector = cv2.aruco.CharucoDetector(made, options, search)
    corners, numbers, markers, marker_ids = detector.detectBoard(gray)
    seen = _numbers(marker_ids)
    if numbers is None and len(seen) > 1:
        # Steep views fail OpenCV's check of the markers; a plane proves them instead.
        options.checkMarkers = False
        detector.setCharucoParameters(options)
        corners, numbers, _, _ = detector.detectBoard(
            gray, markerCorners=markers, markerIds=marker_ids
        )
        if not _is_flat(board, _numbers(numbers), _places(corners)):
            numbers = None
    ids = _numbers(numbers)
    if not len(ids):
        return _Found(ids, np.empty((0, 2)), seen)
    order = np.argsort(ids)
    return _Found(ids[order], _places(corners)[order], seen)


def _numbers(ids: object) -> NDArray[np.int32]:
    """OpenCV's ids as a flat array; it gives None for no id."""
    if ids is None:
        return np.empty(0, dtype=np.int32)
    return np.asarray(ids, dtype=np.int32).ravel()


def _places(corners: object) -> Floats:
    if corners is None:
        return np.empty((0, 2))
    return np.asarray(corners, dtype=np.float64).reshape(-1, 2)


def _may_miss(found: _Found, board: Board, shape: tuple[int, ...]) -> bool:
    """Whether more than a few corners should be in the picture but were not found."""
    count = corner_count(board)
    if count - len(found.ids) <= MISSED_CORNERS:
        return False
    if len(found.ids) < PROVING_CORNERS:
        return True
    points = corner_points(board, np.arange(count, dtype=np.int32))[:, :2]
    homography, _ = cv2.findHomography(points[found.ids], found.px)
    if homography is None:
        return True
    places = cv2.perspectiveTransform(points[:, None], homography)[:, 0]
    height, width = shape
    inside = (places > RIM_PX) & (places < [width - RIM_PX, height - RIM_PX])
    missed = np.count_nonzero(inside.all(axis=1)) - len(found.ids)
    return bool(missed > MISSED_CORNERS)


def _is_flat(board: Board, ids: NDArray[np.int32], corners: Floats) -> bool:
    """Whether one plane shows the corners where they were found, lens aside."""
    if len(ids) < PROVING_CORNERS:
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
    other_layout = replace(board, legacy=not board.legacy)
    if len(_detect(gray, other_layout, THOROUGH).ids):
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
