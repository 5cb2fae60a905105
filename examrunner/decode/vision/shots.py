"""The pictures of one calibration set: what each shows, and why some are left out."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import corner_count, corner_points
from examrunner.decode.vision.pictures import read_bytes, read_gray
from examrunner.decode.vision.views import find_board
from examrunner.model.camera import Floats
from examrunner.model.errors import ContentError
from examrunner.model.station import Board

FEWEST_CORNERS: Final = 12
NARROWEST_SQUARES: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shot:
    """One picture of a calibration set.

    Attributes:
        image: Its name.
        size_px: (width, height); (0, 0) if it could not be read.
        ids: int32 (m,), corner ids.
        corners_px: float64 (m, 2).
        points_mm: float64 (m, 3), the same corners on the board.
        refusal: Why it cannot be used; empty if it can.
    """

    image: str
    size_px: tuple[int, int]
    ids: NDArray[np.int32]
    corners_px: Floats
    points_mm: Floats
    refusal: str = ""


def read_shots(
    paths: Sequence[Path],
    board: Board,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Shot, ...]:
    """What each file shows of a board, in order; unusable ones say why.

    Pictures of another size than most are refused: a camera matrix holds for one.

    Args:
        paths: Picture files.
        board: The board that they show.
        progress: Told after each file how many of how many are read.
    """
    first_of: dict[bytes, str] = {}
    shots = []
    for name, path in zip(_names(paths), paths, strict=True):
        shot, digest = _read(name, path, board)
        earlier = first_of.setdefault(digest, name)
        if earlier != name and not shot.refusal:
            shot = replace(shot, refusal=f"it is the same file as {earlier}")
        shots.append(shot)
        if progress is not None:
            progress(len(shots), len(paths))
    return of_one_size(shots)


def usable(shots: Iterable[Shot]) -> tuple[Shot, ...]:
    """Those that can be calculated with."""
    return tuple(shot for shot in shots if not shot.refusal)


def _names(paths: Sequence[Path]) -> list[str]:
    """File names, or whole paths where two files share a name."""
    count = Counter(path.name for path in paths)
    return [path.name if count[path.name] == 1 else str(path) for path in paths]


def shot_of(name: str, data: bytes, board: Board) -> Shot:
    """What one encoded picture shows of a board."""
    nothing = Shot(
        image=name,
        size_px=(0, 0),
        ids=np.empty(0, dtype=np.int32),
        corners_px=np.empty((0, 2)),
        points_mm=np.empty((0, 3)),
    )
    try:
        gray = read_gray(data, name)
    except ContentError as error:
        return replace(nothing, refusal=error.problem.rstrip("."))
    height, width = gray.shape
    found = find_board(gray, board)
    shot = replace(
        nothing,
        size_px=(width, height),
        ids=found.ids,
        corners_px=found.px,
        points_mm=corner_points(board, found.ids),
    )
    refusal = found.hint or _too_little(shot, board)
    return replace(shot, refusal=refusal)


def _read(name: str, path: Path, board: Board) -> tuple[Shot, bytes]:
    try:
        data = read_bytes(path)
    except ContentError as error:
        refusal = error.problem.rstrip(".")
        return replace(shot_of(name, b"", board), refusal=refusal), name.encode()
    return shot_of(name, data, board), hashlib.sha256(data).digest()


def _too_little(shot: Shot, board: Board) -> str:
    if not len(shot.ids):
        whole = "the whole board" if board.type == "chessboard" else "the board"
        return f"{whole} was not found in it"
    fewest = min(FEWEST_CORNERS, corner_count(board))
    if len(shot.ids) < fewest:
        return f"it shows {len(shot.ids)} corners; at least {fewest} are needed"
    flat = shot.points_mm[:, :2] - shot.points_mm[:, :2].mean(axis=0)
    if np.linalg.svd(flat, compute_uv=False)[1] < NARROWEST_SQUARES * board.square_mm:
        return "its corners lie almost on a line"
    return ""


def of_one_size(shots: Sequence[Shot]) -> tuple[Shot, ...]:
    """The same pictures; those of another size than most say so."""
    count = Counter(shot.size_px for shot in usable(shots))
    if len(count) < 2:
        return tuple(shots)
    (usual, _), *_ = count.most_common(1)
    return tuple(
        shot if shot.refusal or shot.size_px == usual else _odd(shot, usual)
        for shot in shots
    )


def _odd(shot: Shot, usual: tuple[int, int]) -> Shot:
    width, height = shot.size_px
    return replace(
        shot,
        refusal=f"it has {width} x {height} pixels, most have {usual[0]} x {usual[1]}",
    )
