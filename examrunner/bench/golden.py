"""The golden table: every scripted candidate at every task, beside its band."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final

from examrunner.bench.harness import software
from examrunner.bench.played import Cell, Place, play
from examrunner.content.golden import Expectation, read_golden
from examrunner.content.mistakes import nearest
from examrunner.content.search import SearchPath
from examrunner.model.errors import ContentError
from examrunner.model.score import Score, Verdict
from examrunner.simulation.session import PROFILES, scripted_tasks

UNASKED_ELSEWHERE: Final = frozenset({"unchecked"})
"""Kinds of flags that say nothing about integrity."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One attempt beside what was expected of it.

    Attributes:
        cell: Which attempt.
        variant: Of the task.
        score: What it scored.
        expected: None if no file says what this profile must score.
    """

    cell: Cell
    variant: str
    score: Score
    expected: Expectation | None

    @property
    def flags(self) -> tuple[str, ...]:
        """Kinds of integrity flags, each once."""
        kinds = {flag.kind for flag in self.score.flags} - UNASKED_ELSEWHERE
        return tuple(sorted(kinds))

    @property
    def in_band(self) -> bool:
        """Whether points, verdict and flags are as expected."""
        expected, score = self.expected, self.score
        if expected is None:
            return False
        if not expected.holds(score.points.low, score.points.high):
            return False
        if expected.flagged is not None and expected.flagged != bool(self.flags):
            return False
        if expected.verdict is None:
            return score.verdict is not Verdict.PASS
        return score.verdict.value == expected.verdict

    def as_json(self) -> dict[str, Any]:
        """As ``bench golden --json`` prints it."""
        expected = self.expected
        return {
            "task": self.cell.task,
            "profile": self.cell.profile,
            "seed": self.cell.seed,
            "variant": self.variant,
            "low": float(self.score.points.low),
            "high": float(self.score.points.high),
            "verdict": self.score.verdict.value,
            "expected": [float(end) for end in expected.points] if expected else None,
            "in_band": self.in_band,
            "flags": list(self.flags),
        }


def golden(
    *,
    seeds: int,
    tasks: Sequence[str] = (),
    profiles: Sequence[str] = (),
    search: SearchPath,
    cache: Path,
    progress: Progress = lambda _done, _total: None,
) -> dict[str, Any]:
    """The whole table, in the shape that ``bench golden --json`` prints.

    Args:
        seeds: Seeds 1 to this one are played.
        tasks: Task ids; none: every task that has a script.
        profiles: Candidates; none: all of them.
        search: Where content lies.
        cache: Folder for tables of rendered cameras.
        progress: Called with how many attempts of how many are done.

    Raises:
        ContentError: If there is no such task or profile.
    """
    cells = _cells(tasks, profiles, seeds)
    place = Place(search=search, cache=cache)
    rows = []
    for row in _played(cells, place):
        rows.append(row.as_json())
        progress(len(rows), len(cells))
    return {"bench": "golden", "software": software(), "rows": rows}


def _cells(tasks: Sequence[str], profiles: Sequence[str], seeds: int) -> list[Cell]:
    for name, known in (*_each(tasks, scripted_tasks()), *_each(profiles, PROFILES)):
        if name not in known:
            raise ContentError(
                f"no scripted candidate is called or can do '{name}'.",
                where="command line",
                remedy=nearest(name, known),
            )
    table = product(
        tasks or scripted_tasks(), profiles or PROFILES, range(1, seeds + 1)
    )
    return [Cell(task=task, profile=who, seed=seed) for task, who, seed in table]


def _each(
    names: Sequence[str], known: Sequence[str]
) -> Iterator[tuple[str, Sequence[str]]]:
    return ((name, known) for name in names)


def _played(cells: Sequence[Cell], place: Place) -> Iterator[Row]:
    """All rows in order; several are played at a time, each by a process."""
    context = multiprocessing.get_context("spawn")
    workers = min(len(cells), os.cpu_count() or 1)
    if workers <= 1:
        yield from map(partial(row_of, place=place), cells)
        return
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(partial(row_of, place=place), cells)


def row_of(cell: Cell, place: Place) -> Row:
    """Play one attempt in a folder that is gone afterwards."""
    rubric = place.search.find("rubric", cell.task)
    with tempfile.TemporaryDirectory(prefix="examrunner-golden-") as folder:
        plan, score = play(cell, place, Path(folder))
    return Row(
        cell=cell,
        variant=plan.variant.id if plan.variant else "",
        score=score,
        expected=read_golden(rubric).get(cell.profile),
    )
