"""Who practises reads at once what each step earned; who is examined does not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from console_seats import CANDIDATE, EXAMINER_CODE, House, a_house, content

from examrunner.agent.console.feedback import feedback_of
from examrunner.content.examples import read_example
from examrunner.content.known_signals import known_signals
from examrunner.content.rubric_folder import score_example
from examrunner.content.search import SearchPath
from examrunner.reports.score_messages import score_message
from examrunner.wire import ScoreMessage


def score_of(name: str) -> ScoreMessage:
    search = SearchPath.of()
    rubric, rig = content()
    file = search.find("rubric", "C06").parent / "examples" / f"{name}.yaml"
    example, _ = read_example(file)
    scored = score_example(rubric, known_signals(rig, search), example)
    return score_message(scored, rubric)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[House]:
    score = score_of("sloppy")
    with a_house(tmp_path, mode="practice", settle=lambda said: score) as opened:
        yield opened


def run_through(house: House) -> None:
    candidate = house.signed_in(CANDIDATE)
    candidate.post("/api/identity")
    examiner = house.signed_in(EXAMINER_CODE, "Zhang Wei")
    attempt = house.seat.attempt_id
    assert examiner.post(f"/api/examiner/attempts/{attempt}/start").status_code == 200


def test_practice_tells_every_step_with_its_reason_and_seconds(practice: House) -> None:
    run_through(practice)
    candidate = practice.signed_in(CANDIDATE)
    assert candidate.get("/api/feedback").json() == {"steps": None}
    candidate.post("/api/submission")
    told = candidate.get("/api/feedback").json()
    score = score_of("sloppy")
    assert told["points"] == score.points.model_dump(mode="json")
    lost = [s for s in told["steps"] if s["points"]["low"] != s["points"]["max"]]
    assert lost
    for step in lost:
        assert step["reason"]["zh"]
        assert step["reason"]["en"]
    assert any(step["evidence"] for step in lost)
    assert "not_applicable" not in {step["outcome"] for step in told["steps"]}


def test_an_exam_tells_its_candidate_nothing(tmp_path: Path) -> None:
    score = score_of("sloppy")
    with a_house(tmp_path, settle=lambda said: score) as house:
        run_through(house)
        candidate = house.signed_in(CANDIDATE)
        candidate.post("/api/submission")
        answer = candidate.get("/api/feedback")
    assert answer.status_code == 409
    assert "examiners" in answer.json()["problem"]
    assert "points" not in answer.text


@pytest.mark.parametrize(("visible", "keys"), [("verdict", 4), ("full", 6)])
def test_a_rubric_says_how_much_of_a_line_is_told(visible: str, keys: int) -> None:
    rubric, _ = content()
    first = rubric.groups[0]
    lines = (replace(first.lines[0], visible_to_candidate=visible), *first.lines[1:])
    changed = replace(rubric, groups=(replace(first, lines=lines), *rubric.groups[1:]))
    told = feedback_of(score_of("sloppy"), changed)["steps"]
    assert len(next(s for s in told if s["id"] == lines[0].id)) == keys


def test_a_line_that_candidates_must_not_see_is_left_out() -> None:
    rubric, _ = content()
    first = rubric.groups[0]
    hidden = replace(first.lines[0], visible_to_candidate="none")
    groups = (replace(first, lines=(hidden, *first.lines[1:])), *rubric.groups[1:])
    told = feedback_of(score_of("sloppy"), replace(rubric, groups=groups))["steps"]
    assert hidden.id not in {step["id"] for step in told}
    assert len(told) > 5
