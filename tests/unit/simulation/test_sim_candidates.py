import json
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examrunner.archive.reading import open_recording
from examrunner.archive.verify import verify
from examrunner.cli.score import app as score_app
from examrunner.content.search import SearchPath
from examrunner.model.errors import ContentError
from examrunner.model.recording import Ending
from examrunner.simulation.attempt_files import write_attempt_files
from examrunner.simulation.recorded import record
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import Plan, build, plan_of

RIGS = {"C01": "adas_bench", "C06": "chassis_bywire", "F13": "body_net"}
GOLDEN = [
    ("C01", "competent", "exam_b", 97.0, 100.0, "pass"),
    ("C01", "sloppy", "exam_b", 48.6, 50.4, "fail"),
    ("C01", "cheating", "exam_a", 0.0, 59.0, "fail"),
    ("C06", "competent", "exam_a", 97.0, 100.0, "pass"),
    ("C06", "sloppy", "exam_b", 77.0, 83.1, "pass"),
    ("C06", "cheating", "exam_a", 0.0, 0.0, "veto"),
    ("F13", "competent", "sas_wiggle", 97.0, 100.0, "pass"),
    ("F13", "competent", "ped_ground", 97.0, 100.0, "pass"),
    ("F13", "sloppy", "esc_wiggle", 73.0, 74.6, "pass"),
    ("F13", "sloppy", "esc_supply", 73.0, 74.6, "pass"),
    ("F13", "cheating", "esc_wiggle", 0.0, 59.0, "fail"),
]


@pytest.fixture(scope="module")
def table_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for the tables of rendered cameras."""
    return tmp_path_factory.mktemp("tables")


def planned(task: str, profile: str, variant: str | None, cache: Path) -> Plan:
    return plan_of(
        RIGS[task],
        SearchPath.of(),
        seed=23,
        cache=cache,
        part=Part(task=task, profile=profile),
        variant=variant,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "profile", "variant", "low", "high", "verdict"), GOLDEN
)
def test_candidates_score_as_people_like_them_do(
    task: str,
    profile: str,
    variant: str,
    low: float,
    high: float,
    verdict: str,
    tmp_path: Path,
    table_cache: Path,
) -> None:
    plan = planned(task, profile, variant, table_cache)
    record(plan, tmp_path / "rec")
    write_attempt_files(plan, tmp_path)
    arguments = ["--case", str(tmp_path / "case.json"), "--json"]
    decisions = ["--decisions", str(tmp_path / "decisions.json")]
    result = CliRunner().invoke(
        score_app, [str(tmp_path / "rec"), *arguments, *decisions]
    )
    assert result.exit_code == 0, result.output
    score = json.loads(result.stdout)
    assert score["verdict"] == verdict
    for end in ("low", "high"):
        assert low <= float(score["points"][end]) <= high


def test_a_recording_holds_what_a_station_would_have_written(
    tmp_path: Path, table_cache: Path
) -> None:
    plan = planned("C06", "competent", None, table_cache)
    digest = record(plan, tmp_path / "one")
    recording = open_recording(tmp_path / "one")
    assert verify(tmp_path / "one").holds
    assert recording.ending is Ending.FINISHED
    ops = [event.body for event in recording.events("ops")]
    phases = [body["phase"] for body in ops if body["op"] == "phase"]
    assert phases == ["pre", "exam", "post", "closed"]
    assert [body["op"] for body in ops if body["op"] in {"start", "stop"}] == [
        "start",
        "stop",
    ]
    reads = [body for body in ops if body["op"] == "agent_read"]
    assert len(reads) == 2 * len(plan.rig.ecus)
    assert {"rubric.yaml", "rig.yaml", "ecus.yaml", "dbc/CH1.dbc"} <= set(
        recording.attachments()
    )
    truth = recording.events("truth")
    assert truth[0].body["EPS.supply_v"] == pytest.approx(12.54)
    assert max(b.t_ns - a.t_ns for a, b in pairwise(truth)) < 1.1e9
    assert {p.purpose for p in recording.pictures("work_area")} == {"thumbnail"}
    assert len(recording.frames("CH1")) > 100_000
    assert record(planned("C06", "competent", None, table_cache), tmp_path / "two") == (
        digest
    )


def test_the_injected_fault_is_noted_with_its_result(
    tmp_path: Path, table_cache: Path
) -> None:
    record(planned("F13", "cheating", "esc_supply", table_cache), tmp_path / "rec")
    ops = [event.body for event in open_recording(tmp_path / "rec").events("ops")]
    injected = [body for body in ops if body["op"] == "inject"]
    assert [body["result"] for body in injected] == ["ok"]
    assert injected[0]["command"]["node"] == "ESC"
    assert [body["op"] for body in ops].count("clear") == 1


@pytest.mark.parametrize(
    ("task", "profile", "variant", "words"),
    [
        ("C06", "competent", "exam_z", "variant 'exam_z'"),
        ("C06", "gifted", None, "candidate 'gifted'"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(
    task: str, profile: str, variant: str | None, words: str, table_cache: Path
) -> None:
    with pytest.raises(ContentError, match=words):
        build(planned(task, profile, variant, table_cache))


def test_a_task_needs_the_rig_that_it_was_written_for(table_cache: Path) -> None:
    part = Part(task="C06", profile="competent")
    with pytest.raises(ContentError, match="chassis_bywire"):
        plan_of("body_net", SearchPath.of(), seed=1, cache=table_cache, part=part)
