"""Calibration boards: how a label is written, and where the corners lie."""

import re
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.model.camera import Floats
from examrunner.model.errors import ContentError
from examrunner.model.station import Board

FEWEST_CORNERS: Final = 3
MOST_SQUARES: Final = 60
SQUARE_MM: Final = (0.5, 5000.0)
MM_PER_UNIT: Final = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
EXAMPLES: Final = (
    "Write chessboard:9x6:25mm (inner corners, square) or "
    "charuco:5x7:40mm:20mm:DICT_6X6_250[:legacy] (squares, square, marker)."
)


def parse_board(label: str) -> Board:
    """The board that a label describes.

    Raises:
        ContentError: If the label is incomplete, or no such board can exist.
    """
    kind, *parts = label.strip().split(":")
    if kind == "chessboard" and len(parts) == 2:
        return _chessboard(label, *parts)
    if kind == "charuco" and len(parts) in {4, 5} and parts[4:] in ([], ["legacy"]):
        return _charuco(label, *parts[:4], legacy=len(parts) == 5)
    raise _wrong(label, "it is not the label of a board")


def board_label(board: Board) -> str:
    """The label that ``parse_board`` reads back."""
    parts = [board.type, f"{board.columns}x{board.rows}", f"{board.square_mm:g}mm"]
    if board.marker_mm is not None:
        parts += [f"{board.marker_mm:g}mm", board.dictionary]
    return ":".join([*parts, "legacy"] if board.legacy else parts)


def corner_count(board: Board) -> int:
    """How many corners the whole board shows."""
    across, down = corner_grid(board)
    return across * down


def corner_grid(board: Board) -> tuple[int, int]:
    """Corners (across, down): a ChArUco board is labelled by its squares."""
    less = 0 if board.type == "chessboard" else 1
    return board.columns - less, board.rows - less


def corner_points(board: Board, ids: NDArray[np.int32]) -> Floats:
    """Board points (m, 3) in mm of corner ids, in OpenCV's frame of that board."""
    across, _ = corner_grid(board)
    first = 0 if board.type == "chessboard" else 1
    return np.column_stack(
        [
            (ids % across + first) * board.square_mm,
            (ids // across + first) * board.square_mm,
            np.zeros(len(ids)),
        ]
    )


def is_ambiguous(board: Board) -> bool:
    """Whether the board looks the same upside down, so that a pose has two answers."""
    return board.type == "chessboard" and (board.columns + board.rows) % 2 == 0


def dictionary_named(name: str) -> cv2.aruco.Dictionary:
    """An ArUco or AprilTag dictionary, for example ``DICT_APRILTAG_36h11``.

    Raises:
        ContentError: If OpenCV knows no such dictionary.
    """
    known = [word for word in dir(cv2.aruco) if word.startswith("DICT_")]
    if name not in known:
        raise ContentError(
            f"there is no marker dictionary called '{name}'.",
            where="the board's or the markers' dictionary",
            remedy=f"Use one of: {', '.join(known)}.",
        )
    return cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, name))


def charuco_board(board: Board, *, legacy: bool) -> cv2.aruco.CharucoBoard:
    """OpenCV's description of a ChArUco board."""
    made = cv2.aruco.CharucoBoard(
        (board.columns, board.rows),
        board.square_mm,
        board.marker_mm or 0.0,
        dictionary_named(board.dictionary),
    )
    made.setLegacyPattern(legacy)
    return made


def _chessboard(label: str, size: str, square: str) -> Board:
    columns, rows = _size(label, size)
    square_mm = _length_mm(label, square)
    return Board(type="chessboard", columns=columns, rows=rows, square_mm=square_mm)


def _charuco(
    label: str, size: str, square: str, marker: str, dictionary: str, *, legacy: bool
) -> Board:
    columns, rows = _size(label, size)
    square_mm, marker_mm = _length_mm(label, square), _length_mm(label, marker)
    if marker_mm >= square_mm:
        raise _wrong(label, "its markers are not smaller than its squares")
    available = len(dictionary_named(dictionary).bytesList)
    if columns * rows // 2 > available:
        raise _wrong(label, f"{dictionary} has only {available} markers")
    return Board(
        type="charuco",
        columns=columns,
        rows=rows,
        square_mm=square_mm,
        marker_mm=marker_mm,
        dictionary=dictionary,
        legacy=legacy,
    )


def _size(label: str, text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,3})x(\d{1,3})", text)
    if match is None:
        raise _wrong(label, f"'{text}' is not a number of columns x rows")
    columns, rows = int(match[1]), int(match[2])
    if min(columns, rows) < FEWEST_CORNERS or max(columns, rows) > MOST_SQUARES:
        raise _wrong(label, f"{text} is not between 3x3 and 60x60")
    return columns, rows


def _length_mm(label: str, text: str) -> float:
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)(mm|cm|m)", text)
    if match is None:
        raise _wrong(label, f"'{text}' is not a length with its unit")
    length_mm = float(match[1]) * MM_PER_UNIT[match[2]]
    least, most = SQUARE_MM
    if not least <= length_mm <= most:
        raise _wrong(label, f"{text} is not between {least:g} and {most:g} mm")
    return length_mm


def _wrong(label: str, problem: str) -> ContentError:
    return ContentError(
        f"'{label[:80]}' cannot be used: {problem}.",
        where="the board's label",
        remedy=EXAMPLES,
    )
