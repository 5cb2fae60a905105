"""Which tests run which lines, and how long each takes."""

import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from mutants import PACKAGES, ROOT, Mutant

Lines = dict[str, list[int]]


class Reach:
    """What each test runs of the mutated packages.

    Kept in a file between two runs; measured again as soon as the code or the test's
    own folder has changed.
    """

    def __init__(self, file: Path, *, keep: bool) -> None:
        self._file = file
        self._keep = keep
        self._known: dict[str, Any] = {}
        if file.is_file():
            self._known = json.loads(file.read_text("utf-8"))
        self._code = "" if keep else digest_of(PACKAGES)

    def learn(self, items: Sequence[pytest.Item]) -> None:
        """Run every test that is not known yet, once."""
        states = {path: digest_near(path) for path in {item.path for item in items}}
        for item, following in zip(items, [*items[1:], None], strict=True):
            state = f"{states[item.path]} {self._code}"
            known = self._known.get(item.nodeid, {})
            if known and (known["state"] == state or self._keep):
                continue
            lines, lasted_s, passed = _traced(item, following)
            if not passed:
                raise SystemExit(f"{item.nodeid} fails before anything is changed.")
            self._known[item.nodeid] = {"state": state, "s": lasted_s, "lines": lines}
        self._file.write_text(json.dumps(self._known), "utf-8")
        self._by_line = self._indexed(items)

    def _indexed(self, items: Sequence[pytest.Item]) -> dict[tuple[str, int], set[str]]:
        found: dict[tuple[str, int], set[str]] = defaultdict(set)
        for item in items:
            for file, lines in self._known[item.nodeid]["lines"].items():
                for line in lines:
                    found[file, line].add(item.nodeid)
        return found

    def lasted_s(self, test: str) -> float:
        """How long a test takes while it is watched."""
        return self._known[test]["s"]

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Tests that run the mutant's lines; the most particular ones first."""
        first, last = mutant.lines
        found: set[str] = set()
        # A constant has no line of its own: the line where its statement begins runs.
        while not found and first > mutant.first_line:
            lines = range(first, last + 1)
            found = set().union(*(self._by_line[mutant.file, at] for at in lines))
            first -= 1
        return sorted(found, key=self._size)

    def _size(self, test: str) -> float:
        lines = sum(map(len, self._known[test]["lines"].values()))
        return lines * (0.05 + self.lasted_s(test))


def _traced(
    item: pytest.Item, following: pytest.Item | None
) -> tuple[Lines, float, bool]:
    """Lines that a test runs, its seconds of processor time, whether it passes."""
    seen: dict[str, set[int]] = defaultdict(set)
    inside = tuple(str(ROOT / package) for package in PACKAGES)

    def enters(frame: FrameType, event: str, arg: object) -> Any:
        file = frame.f_code.co_filename
        if not file.startswith(inside):
            return None
        lines = seen[file]

        def steps(frame: FrameType, event: str, arg: object) -> Any:
            lines.add(frame.f_lineno)
            return steps

        return steps

    began_s = time.process_time()
    sys.settrace(enters)
    try:
        reports = runtestprotocol(item, log=False, nextitem=following)
    finally:
        sys.settrace(None)
    lasted_s = time.process_time() - began_s
    named = {
        Path(file).relative_to(ROOT).as_posix(): sorted(lines)
        for file, lines in seen.items()
    }
    return named, lasted_s, not any(report.failed for report in reports)


def digest_near(test: Path) -> str:
    """Of a test file and of everything beside it that is no test file."""
    beside = (path for path in test.parent.rglob("*") if path.is_file())
    helpers = (path for path in beside if not path.name.startswith("test_"))
    return _digest([test, *sorted(helpers)])


def digest_of(folders: Iterable[str]) -> str:
    """Of all code in some folders."""
    return _digest(sorted(p for f in folders for p in (ROOT / f).rglob("*.py")))


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in _sound(files):
        found.update(file.read_bytes())
    return found.hexdigest()


def _sound(files: Iterable[Path]) -> Iterator[Path]:
    return (file for file in files if "__pycache__" not in file.parts)
