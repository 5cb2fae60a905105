"""One seed of every task and candidate lies in its band (all seeds: bench golden)."""

import pytest

from examrunner.bench.golden import row_of
from examrunner.bench.played import Cell, Place
from examrunner.content.search import SearchPath
from examrunner.simulation.session import PROFILES, scripted_tasks

SEED = 1


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where attempts are played."""
    return Place(search=SearchPath.of(), cache=tmp_path_factory.mktemp("tables"))


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("task", scripted_tasks())
def test_a_candidate_scores_what_golden_yaml_says(
    task: str, profile: str, place: Place
) -> None:
    row = row_of(Cell(task=task, profile=profile, seed=SEED), place)
    assert row.in_band, row.as_json()
