"""Each task once through a rig's process, real ports and the station's capture."""

from pathlib import Path

import pytest
from simulated_attempts import CONTENT, a_plan, an_attempt, straight

from examrunner.archive.reading import Recording
from examrunner.archive.verify import verify
from examrunner.content.golden import read_golden
from examrunner.wire import ScoreMessage

ADAS, CHASSIS, BODY = "sim-adas-01", "sim-chassis-01", "sim-body-01"
PLAYED = [
    (ADAS, "C01", "exam_a"),
    (ADAS, "C02", "exam_a"),
    (ADAS, "C03", "exam_a"),
    (ADAS, "C04", "exam_a"),
    (CHASSIS, "C05", "exam_a"),
    (CHASSIS, "C06", "exam_brake"),
    (ADAS, "C07", "s3_cold"),
    (ADAS, "C08", "exam_a"),
    (ADAS, "C09", "exam_a"),
    (CHASSIS, "C10", "exam_a"),
    (BODY, "F11", "h_gnd"),
    (BODY, "F12", "sas_250k"),
    (BODY, "F13", "esc_supply"),
    (BODY, "F14", "app1_stuck"),
    (BODY, "F15", "esc_sporadic"),
    (BODY, "F16", "speed_late"),
]


def typed(recording: Recording) -> list[object]:
    """What the candidate entered, in its order."""
    return [event.body for event in recording.events("form")]


def lines(score: ScoreMessage) -> dict[str, object]:
    """What was found about every criterion."""
    return {each.id: (each.outcome, each.points) for each in score.criteria}


def test_every_task_of_the_catalogue_is_played() -> None:
    scheme = CONTENT.find("rubric", "C01").parents[1]
    assert {task for _, task, _ in PLAYED} == {
        path.parent.name for path in scheme.glob("*/rubric.yaml")
    }


@pytest.mark.slow
@pytest.mark.parametrize(("station", "task", "variant"), PLAYED)
def test_a_station_scores_a_task_as_it_scores_the_straight_recording(
    station: str, task: str, variant: str, tmp_path: Path
) -> None:
    plan = a_plan(station, task, variant, tmp_path)
    live, score = an_attempt(tmp_path / "live", plan, speed=1000)
    recorded, expected = straight(tmp_path / "straight", plan)
    assert verify(live.path).holds
    assert typed(live) == typed(recorded)
    assert lines(score) == lines(expected)
    assert score.flags == expected.flags
    most = read_golden(CONTENT.find("rubric", task))["competent"].points[1]
    assert score.points.high <= most
