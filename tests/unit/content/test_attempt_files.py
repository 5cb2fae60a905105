"""Answers, events and decisions as files."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from examrunner.content.attempt_files import (
    CASE,
    read_answers,
    read_decisions,
    read_events,
)
from examrunner.content.json_files import parse_json_as
from examrunner.model.errors import ContentError
from examrunner.model.timeline import Edit, Op


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "file.json"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text)
        return path

    return write


def test_answers_without_times_take_the_given_one(written):
    path = written({"kp": 4, "report": "ok"})
    assert read_answers(path, at_ns=7) == (
        Edit(t_ns=7, field="kp", value=4),
        Edit(t_ns=7, field="report", value="ok"),
    )


def test_edits_are_put_in_order_of_time(written):
    path = written(
        [
            {"t_s": 2.5, "field": "kp", "value": 4, "submit": True},
            {"t_s": 1, "field": "kp", "value": 3},
        ]
    )
    assert read_answers(path) == (
        Edit(t_ns=1_000_000_000, field="kp", value=3),
        Edit(t_ns=2_500_000_000, field="kp", value=4, submit=True),
    )


def test_events_keep_what_belongs_to_them(written):
    path = written([{"t_s": 3, "op": "plug", "node": "ESC", "on": False}])
    assert read_events(path) == (
        Op(t_ns=3_000_000_000, name="plug", body={"node": "ESC", "on": False}),
    )


DECISION = {
    "criterion": "D4",
    "by": "li.na",
    "at": "2026-11-23T09:30:00+08:00",
    "reason": "tidy",
    "level": 3,
}


def test_a_decision_is_read_whole(written):
    (decision,) = read_decisions(written([DECISION]))
    assert (decision.criterion, decision.level, decision.confirm) == ("D4", 3, None)
    assert decision.at == "2026-11-23T09:30:00+08:00"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"level": 4}, "must be at most 3"),
        ({"level": None}, "exactly one of level, fraction and confirm"),
        ({"fraction": 0.5}, "exactly one of level, fraction and confirm"),
        ({"at": "2026-11-23T09:30:00"}, "a time with its zone"),
        ({"reason": ""}, "must have 1 characters or more"),
        ({"levle": 3}, "no key called 'levle'"),
    ],
)
def test_a_wrong_decision_is_named_with_its_place(written, change, says):
    path = written([DECISION, {**DECISION, **change}])
    with pytest.raises(ContentError, match=says) as caught:
        read_decisions(path)
    assert "entry 2" in caught.value.where


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not valid JSON"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ('{"a": NaN}', "NaN is no JSON number"),
        ("[" * 100_000, "nests brackets"),
        ('{"a": ' + "9" * 5000 + "}", "digits"),
    ],
)
def test_a_file_that_is_no_json_is_refused_clearly(written, text, says):
    with pytest.raises(ContentError, match=says):
        read_answers(written(text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ContentError, match="cannot be read"):
        read_events(tmp_path / "none.json")


@given(content=st.binary(max_size=120))
def test_any_bytes_are_read_or_refused_clearly(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "case.json"
    with contextlib.suppress(ContentError):
        parse_json_as(CASE, content, path)


def test_a_value_of_any_type_can_be_read(tmp_path):
    assert parse_json_as(TypeAdapter(int), b"3", tmp_path) == 3
