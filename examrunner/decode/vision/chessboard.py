"""Chessboard corners: found on a small copy, refined on the full picture."""

from collections.abc import Iterable, Iterator
from typing import Final

import cv2
import numpy as np

from examrunner.decode.vision.pictures import Gray
from examrunner.decode.vision.refining import refined
from examrunner.model.camera import Floats

SMALL_PX: Final = 500
MEDIUM_PX: Final = 1000
LARGE_PX: Final = 1300
"""Longest side of the copies searched in turn. The classic detector's time on noise
grows with the square of the area, so it never sees more than MEDIUM_PX."""
CLASSIC: Final = cv2.CALIB_CB_ADAPTIVE_THRESH | cv2.CALIB_CB_NORMALIZE_IMAGE
SHARE: Final = 0.6
"""See ``refined``: the largest that keeps the corners of far-off boards apart."""
SMOOTH: Final = 0.4
"""Roughness below which every corner is where it belongs, to a few pixels."""
PATCH: Final = 0.25
"""Share of a square around its middle that is read as its colour."""


def find_chessboard(gray: Gray, columns: int, rows: int) -> Floats | None:
    """Corners (columns * rows, 2), row by row; None if no whole board is seen.

    The first corner does not depend on the detector: where the pattern allows it the
    first inner square is dark, otherwise rows run towards the right.
    """
    found = _smoothest(_attempts(gray, (columns, rows)), columns, rows)
    if found is None:
        return None
    corners = refined(gray, found, np.arange(len(found)), columns, share=SHARE)
    if not _is_inside(corners, gray):
        return None
    return _ordered(gray, corners, columns, rows)


def _attempts(gray: Gray, size: tuple[int, int]) -> Iterator[Floats]:
    """Detections from the cheapest detector to the dearest."""
    small, factor = shrunk(gray, SMALL_PX)
    yield from _classic(small, size, factor)
    medium, medium_factor = shrunk(gray, MEDIUM_PX)
    if medium_factor != factor:
        yield from _classic(medium, size, medium_factor)
    large, factor = shrunk(gray, LARGE_PX)
    ok, corners = cv2.findChessboardCornersSB(large, size)
    if ok:
        yield enlarged(corners, factor)


def _classic(gray: Gray, size: tuple[int, int], factor: int) -> Iterator[Floats]:
    ok, corners = cv2.findChessboardCorners(gray, size, flags=CLASSIC)
    if ok:
        yield enlarged(corners, factor)


def _smoothest(attempts: Iterable[Floats], columns: int, rows: int) -> Floats | None:
    """The first smooth grid, or the smoothest: detectors misplace single corners."""
    best, best_roughness = None, np.inf
    for corners in attempts:
        roughness = _roughness(corners.reshape(rows, columns, 2))
        if roughness < best_roughness:
            best, best_roughness = corners, roughness
        if roughness < SMOOTH:
            break
    return best


def _roughness(grid: Floats) -> float:
    """Largest third difference along rows and columns, in spacings.

    Perspective and lens bend a row of corners gently; a corner that was taken from
    the board's edge or a shadow jumps.
    """
    return max(_row_roughness(grid), _row_roughness(grid.swapaxes(0, 1)))


def _row_roughness(grid: Floats) -> float:
    steps = np.linalg.norm(np.diff(grid, axis=1), axis=2)
    if steps.shape[1] < 3:
        return 0.0
    spacing = np.minimum(np.minimum(steps[:, :-2], steps[:, 1:-1]), steps[:, 2:])
    jumps = np.linalg.norm(np.diff(grid, 3, axis=1), axis=2)
    return float((jumps / np.maximum(spacing, 1e-6)).max())


def shrunk(gray: Gray, longest_px: int) -> tuple[Gray, int]:
    """A copy whose longest side is at most ``longest_px``, and its whole divisor."""
    factor = -(-max(gray.shape) // longest_px)
    if factor == 1:
        return gray, 1
    height, width = (side // factor for side in gray.shape)
    cropped = gray[: height * factor, : width * factor]
    small: Gray = cv2.resize(cropped, (width, height), interpolation=cv2.INTER_AREA)
    return small, factor


def enlarged(corners: object, factor: int) -> Floats:
    """Corners (n, 2) of a shrunk copy in the full picture's pixels."""
    flat = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
    return flat * factor + (factor - 1) / 2


def _is_inside(corners: Floats, gray: Gray) -> bool:
    height, width = gray.shape
    inside = (corners > -1).all() and (corners < [width + 1, height + 1]).all()
    return bool(inside and np.isfinite(corners).all())


def _ordered(gray: Gray, corners: Floats, columns: int, rows: int) -> Floats:
    grid = corners.reshape(rows, columns, 2)
    if (
        np.linalg.det(np.stack([grid[0, -1] - grid[0, 0], grid[-1, 0] - grid[0, 0]]))
        < 0
    ):
        # A mirrored order would put the board's back before the camera.
        grid = grid[:, ::-1]
    if (columns + rows) % 2:
        turn = _brightness(gray, grid[:2, :2]) > _brightness(gray, grid[-2:, -2:])
    else:
        turn = grid[0, 0, 0] > grid[0, -1, 0]
    ordered = grid[::-1, ::-1] if turn else grid
    return np.ascontiguousarray(ordered.reshape(-1, 2))


def _brightness(gray: Gray, square: Floats) -> float:
    """Mean of the middle of the square whose four corners are given (2, 2, 2)."""
    middle = square.reshape(4, 2).mean(axis=0)
    side = min(
        np.linalg.norm(square[0, 1] - square[0, 0]),
        np.linalg.norm(square[1, 0] - square[0, 0]),
    )
    reach = max(1, int(side * PATCH / 2))
    x, y = np.rint(middle).astype(int)
    patch = gray[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
    return float(patch.mean()) if patch.size else 0.0
