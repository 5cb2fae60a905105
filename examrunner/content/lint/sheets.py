"""Pages of a task in both languages."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from examrunner.content.lint.task import Task
from examrunner.model.errors import ContentError

PAGES: Final = ("sheet", "examiner", "setup")
MANDATORY: Final = "sheet"
NUMBER: Final = re.compile(
    r"0[xX][0-9A-Fa-f]+|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
)


def unequal_pages(task: Task) -> Iterator[ContentError]:
    """The Chinese and the English page state different numbers, or one is missing."""
    for name in PAGES:
        chinese = task.folder / f"{name}.zh.md"
        english = task.folder / f"{name}.en.md"
        there = [page for page in (chinese, english) if _is_written(page)]
        for page in {chinese, english} - set(there):
            if there or name == MANDATORY:
                yield ContentError(
                    f"the page {page.name} is missing or empty.",
                    where=str(task.folder),
                    remedy="Write it in both languages.",
                )
        if len(there) == 2:
            yield from _unequal(chinese, english)


def _is_written(page: Path) -> bool:
    return page.is_file() and bool(page.read_text(encoding="utf-8").strip())


def _unequal(chinese: Path, english: Path) -> Iterator[ContentError]:
    here, there = _numbers(chinese), _numbers(english)
    for page, own, other, name in (
        (chinese, here, there, english.name),
        (english, there, here, chinese.name),
    ):
        left = Counter(number for number, _ in own)
        left.subtract(Counter(number for number, _ in other))
        for number, line in reversed(own):
            if left[number] > 0:
                yield ContentError(
                    f"the number {number} has no counterpart in {name}.",
                    where=f"{page}:{line}",
                    remedy="State the same numbers in both languages.",
                )
                return


def _numbers(page: Path) -> list[tuple[str, int]]:
    """Every number of a page with its line."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return [
        (_normal(found), line)
        for line, text in enumerate(lines, 1)
        for found in NUMBER.findall(unicodedata.normalize("NFKC", text))
    ]


def _normal(number: str) -> str:
    """One writing of a number: ``2.0`` and ``2`` are the same, ``1,800`` is 1800."""
    if number[:2].lower() == "0x":
        return f"0x{int(number, 16):X}"
    return f"{Decimal(number.replace(',', '')).normalize():f}"
