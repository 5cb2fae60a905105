"""Finding boards in 1080p pictures beside OpenCV's own detectors.

OpenCV may use every core; this project decides marks on one thread.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import cv2
import numpy as np

from examrunner.bench.board_pictures import BoardPicture, Gray, Studio, a_camera
from examrunner.bench.harness import Case, Measure, timed, took_ms
from examrunner.decode.vision.boards import charuco_board, parse_board
from examrunner.decode.vision.charuco import find_charuco
from examrunner.decode.vision.chessboard import find_chessboard
from examrunner.model.camera import Floats

SIZE_PX = (1920, 1080)
PICTURES = 10
CHESSBOARD = parse_board("chessboard:9x6:25mm")
CHARUCO = parse_board("charuco:11x8:30mm:22mm:DICT_5X5_100")

Detector = Callable[[Gray], dict[int, Floats]]
"""Corners by id; empty if there is no board."""


def cases() -> Iterator[Case]:
    """Speed, share found and error, for both kinds of board; and a noise picture."""
    studio = Studio(a_camera(SIZE_PX))
    chess = studio.pictures(CHESSBOARD, PICTURES, seed=1)
    yield from _beside(
        "chessboard 9x6 at 1080p",
        chess,
        _our_chessboard,
        "findChessboardCornersSB",
        _sector_based,
        speed_ratio=10,
    )
    charuco = studio.pictures(CHARUCO, PICTURES, seed=2)
    yield from _beside(
        "ChArUco 11x8 at 1080p",
        charuco,
        _our_charuco,
        "detectBoard",
        _detect_board,
        speed_ratio=1,
    )
    noise = np.random.default_rng(3).integers(0, 256, SIZE_PX[::-1], dtype=np.uint8)
    yield Case(
        case="no board in 1080p noise",
        unit="ms",
        better="lower",
        ours=took_ms(lambda: _our_chessboard(noise)),
        limit=5000,
    )


def _beside(
    what: str,
    pictures: Sequence[BoardPicture],
    ours: Detector,
    peer: str,
    theirs: Detector,
    *,
    speed_ratio: float,
) -> Iterator[Case]:
    yield Case(
        case=f"{what}: speed",
        unit="pictures/s",
        better="higher",
        ours=_speed(ours, pictures),
        peers={peer: _speed(theirs, pictures)},
        limit_ratio={peer: speed_ratio},
    )
    our_corners = cache(lambda: [ours(picture.gray) for picture in pictures])
    their_corners = cache(lambda: [theirs(picture.gray) for picture in pictures])
    yield Case(
        case=f"{what}: corners found",
        unit="share",
        better="higher",
        ours=lambda: _share(our_corners(), pictures),
        peers={peer: lambda: _share(their_corners(), pictures)},
        limit_ratio={peer: 0.98},
    )
    yield Case(
        case=f"{what}: corner error",
        unit="px",
        better="lower",
        ours=lambda: _error_px(our_corners(), pictures),
        peers={peer: lambda: _error_px(their_corners(), pictures)},
        limit_ratio={peer: 1},
    )


def _speed(detector: Detector, pictures: Sequence[BoardPicture]) -> Measure:
    return timed(
        lambda: [detector(picture.gray) for picture in pictures], len(pictures)
    )


def _share(
    found: Sequence[dict[int, Floats]], pictures: Sequence[BoardPicture]
) -> float:
    return sum(map(len, found)) / sum(len(one.corners_px) for one in pictures)


def _error_px(
    found: Sequence[dict[int, Floats]], pictures: Sequence[BoardPicture]
) -> float:
    """Root mean square distance of found corners to the true ones."""
    offs = [
        place - picture.corners_px[number]
        for corners, picture in zip(found, pictures, strict=True)
        for number, place in corners.items()
    ]
    return float(np.sqrt((np.array(offs) ** 2).sum(axis=1).mean()))


def _our_chessboard(gray: Gray) -> dict[int, Floats]:
    cv2.setNumThreads(1)
    corners = find_chessboard(gray, CHESSBOARD.columns, CHESSBOARD.rows)
    return {} if corners is None else dict(enumerate(corners))


def _sector_based(gray: Gray) -> dict[int, Floats]:
    cv2.setNumThreads(cv2.getNumberOfCPUs())
    size = (CHESSBOARD.columns, CHESSBOARD.rows)
    ok, corners = cv2.findChessboardCornersSB(gray, size)
    if not ok:
        return {}
    # This detector starts at the opposite end of the same board.
    return dict(enumerate(np.asarray(corners, dtype=np.float64).reshape(-1, 2)[::-1]))


def _our_charuco(gray: Gray) -> dict[int, Floats]:
    cv2.setNumThreads(1)
    found = find_charuco(gray, CHARUCO)
    return dict(zip(found.ids.tolist(), found.px, strict=True))


def _detect_board(gray: Gray) -> dict[int, Floats]:
    cv2.setNumThreads(cv2.getNumberOfCPUs())
    detector = cv2.aruco.CharucoDetector(charuco_board(CHARUCO, legacy=False))
    corners, ids, _, _ = detector.detectBoard(gray)
    if ids is None:
        return {}
    flat = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
    return dict(zip(np.asarray(ids).ravel().tolist(), flat, strict=True))
