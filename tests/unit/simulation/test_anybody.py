"""Candidates that play every task alike."""

from pathlib import Path

import pytest

from examrunner.archive.reading import open_recording
from examrunner.content.search import SearchPath
from examrunner.model.recording import Ending
from examrunner.simulation.recorded import record
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import Plan, plan_of


def planned(profile: str, seed: int, cache: Path) -> Plan:
    part = Part(task="F13", profile=profile)
    return plan_of("body_net", SearchPath.of(), seed=seed, cache=cache, part=part)


def test_a_guesser_fills_every_field_with_something_of_its_type(tmp_path: Path) -> None:
    plan = planned("guesser", 3, tmp_path)
    record(plan, tmp_path / "rec")
    recording = open_recording(tmp_path / "rec")
    typed = {e.body.get("field"): e.body.get("value") for e in recording.events("form")}
    assert plan.part is not None
    for field in plan.part.form:
        if field.type == "choice":
            assert typed[field.id] in field.options
        elif field.type == "multi":
            assert set(typed[field.id]) <= set(field.options)  # type: ignore[arg-type]
        else:
            assert isinstance(typed[field.id], str)
    ops = [event.body["op"] for event in recording.events("ops")]
    assert ops.count("repair_done") == 1


def test_two_guessers_do_not_guess_alike(tmp_path: Path) -> None:
    forms = []
    for seed in (3, 4):
        record(planned("guesser", seed, tmp_path), tmp_path / str(seed))
        events = open_recording(tmp_path / str(seed)).events("form")
        forms.append([event.body for event in events])
    assert forms[0] != forms[1]


def test_who_does_nothing_leaves_an_empty_form(tmp_path: Path) -> None:
    record(planned("idle", 1, tmp_path), tmp_path / "rec")
    assert not open_recording(tmp_path / "rec").events("form")


@pytest.mark.slow
def test_who_is_too_slow_is_stopped_by_the_clock(tmp_path: Path) -> None:
    record(planned("slow", 1, tmp_path), tmp_path / "rec")
    recording = open_recording(tmp_path / "rec")
    assert recording.ending is Ending.TIME_UP
    marks = {e.body["op"]: e for e in recording.events("ops")}
    lasted_ns = marks["stop"].t_ns - marks["start"].t_ns
    assert lasted_ns == 1_800_000_000_000
    assert marks["stop"].body["reason"] == "time_up"
