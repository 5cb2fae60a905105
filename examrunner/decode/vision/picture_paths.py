"""Which files a person means by folders, patterns and names."""

import glob
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from examrunner.model.errors import ContentError

SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp"})
MOST_PICTURES: Final = 2000


def find_pictures(arguments: Iterable[str]) -> list[Path]:
    """Picture files of ``arguments``, numbers in names counted as numbers.

    A folder stands for the pictures directly in it.

    Raises:
        ContentError: If an argument names no file, or there are absurdly many.
    """
    found = [path for argument in arguments for path in _meant_by(argument)]
    unique = list(dict.fromkeys(found))
    if len(unique) > MOST_PICTURES:
        raise ContentError(
            f"these are {len(unique)} pictures; at most {MOST_PICTURES} are read.",
            where="command line",
            remedy="Name fewer pictures: 15 to 40 good ones make a calibration.",
        )
    return unique


def _meant_by(argument: str) -> list[Path]:
    path = Path(argument)
    if path.is_file():
        return [path]
    if path.is_dir():
        files = [p for p in path.iterdir() if p.suffix.lower() in SUFFIXES]
    else:
        files = [Path(name) for name in glob.glob(argument)]
    if not files:
        raise ContentError(
            "there is no picture here.",
            where=argument,
            remedy="Name a folder with PNG or JPEG pictures, files, or 'left*.jpg'.",
        )
    return sorted(files, key=_natural)


def _natural(path: Path) -> tuple[list[tuple[int, int, str]], str]:
    parts = re.split(r"(\d{1,18})", path.name)
    key = [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p]
    return key, str(path)
