from pathlib import Path

import pytest
from test_simulated_station import an_attempt

from examrunner.archive.reading import open_recording
from examrunner.content.search import SearchPath
from examrunner.simulation.recorded import record
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import plan_of


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "variant"),
    [("F14", "app1_stuck"), ("F15", "esc_sporadic"), ("F16", "speed_late")],
)
def test_a_bench_task_through_real_buses_says_what_the_straight_way_says(
    task: str, variant: str, tmp_path: Path
) -> None:
    live, score = an_attempt(tmp_path / "live", 1000, task, variant)
    assert score is not None
    assert score.points.low >= 87
    straight = plan_of(
        "sim-body-01",
        SearchPath.of(),
        seed=1,
        cache=tmp_path / "cache",
        part=Part(task=task, profile="competent"),
        variant=variant,
    )
    record(straight, tmp_path / "straight")
    typed = [
        [event.body for event in recording.events("form")]
        for recording in (live, open_recording(tmp_path / "straight"))
    ]
    assert typed[0] == typed[1]
