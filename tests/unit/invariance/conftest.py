"""One attempt at every task, played once for all tests that change it."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest
from attempt_at_hand import Attempt

from examrunner.archive.reading import open_recording
from examrunner.bench.played import Cell, Place, planned
from examrunner.content.attempt_files import read_decisions
from examrunner.content.cases import read_case
from examrunner.content.rubrics import parse_rubric
from examrunner.content.search import SearchPath
from examrunner.simulation.attempt_files import write_attempt_files
from examrunner.simulation.recorded import record


@pytest.fixture(scope="session")
def attempt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Attempt]:
    """Plays a task by a profile, once."""
    place = Place(search=SearchPath.of(), cache=tmp_path_factory.mktemp("tables"))

    @functools.cache
    def played(task: str, profile: str) -> Attempt:
        folder: Path = tmp_path_factory.mktemp(f"{task}-{profile}")
        plan = planned(Cell(task=task, profile=profile, seed=1), place)
        record(plan, folder / "recording")
        write_attempt_files(plan, folder)
        return Attempt(
            recording=open_recording(folder / "recording"),
            rig=plan.rig,
            rubric=parse_rubric(plan.files["rubric.yaml"][1], folder / "rubric.yaml"),
            case=read_case(folder / "case.json"),
            decisions=read_decisions(folder / "decisions.json"),
        )

    return played
