"""YAML that teachers write, and YAML that nobody should."""

import contextlib
import time
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from examrunner.content.documents import (
    LARGEST_FILE_BYTES,
    parse_document,
    read_as,
    read_document,
)
from examrunner.model.errors import ContentError

PATH = Path("task.yaml")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    points: int
    title: str = ""


class Step(Part):
    kind: Literal["step"]
    overshoot: float = 0


class Guard(Part):
    kind: Literal["guard"]
    at: str = ""


class Task(BaseModel):
    model_config = ConfigDict(extra="forbid")
    parts: list[Part] = []
    named: dict[str, Part] = {}
    tagged: list[Annotated[Step | Guard, Field(discriminator="kind")]] = []
    either: Part | list[int] | None = None


TASK = TypeAdapter(Task)


def complaint(text):
    with pytest.raises(ContentError) as caught:
        read_as(TASK, parse_document(text.encode(), PATH))
    return caught.value


@pytest.mark.parametrize(
    ("text", "problem", "where", "remedy"),
    [
        ("prts: []", "no key called 'prts'", 1, "Did you mean 'parts'?"),
        ("parts:\n- pionts: 3", "no key called 'pionts'", 2, "Did you mean 'points'?"),
        ("named:\n  a: {points: 1,\n      titel: x}", "'titel'", 3, "'title'"),
        ("tagged:\n- {kind: step, points: 1, overshot: 2}", "'overshot'", 2,
         "Did you mean 'overshoot'? Valid: kind, overshoot, points, title."),
        ("tagged:\n- {kind: stp, points: 1}", "'kind' cannot be 'stp'", 2,
         "Did you mean 'step'? Valid: guard, step."),
        ("tagged:\n- {kind: [], points: 1, x: 2}", "'kind' cannot be '[]'", 2, ""),
        ("tagged:\n- {points: 1}", "the key 'kind' is missing", 2, "Add it."),
        ("parts:\n- title: x", "the key 'points' is missing", 2, "Add it."),
        ("parts: 3", "'parts' is 3 but must be a list", 1, "content schema"),
        ("parts:\n- 3", "entry 1 of 'parts' is 3 but must hold keys", 2, ""),
        ("parts:\n- points: 1.5", "is 1.5 but must be a whole number", 2, ""),
        ("- 1", "the file must hold keys and values", 1, ""),
        ("", "the file must hold keys and values", 1, ""),
        ("parts: []\nparts: []", "'parts' stands here twice", 2, "Remove"),
        ("named: {0x1: {points: 1}, '0x1': {}}", "stands here twice", 1, ""),
        ("parts: [1", "a bracket or brace is not closed", 1, "quotes"),
        ("parts: *a", "an anchor that is not there", 1, ""),
        ("a: b: c", "a colon stands inside a plain text", 1, ""),
        ("parts: []\n---\nparts: []", "more than one document", 2, ""),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_remedy(text, problem, where, remedy):
    error = complaint(text)

    assert problem in error.problem
    assert error.where == f"task.yaml:{where}"
    assert remedy in error.remedy


def test_an_unknown_key_inside_a_union_knows_the_keys_of_that_place():
    error = complaint("either: {points: 1, titel: x}")
    assert "'title'" in error.remedy


def test_enumeration_texts_and_hexadecimal_keys_stay_as_written():
    data = parse_document(b"ON: yes\n0x0803: OFF\n0xf190: 0x10\nno: ~\n", PATH).data
    assert data == {"ON": "yes", "0x0803": "OFF", "0xF190": 16, "no": None}


def test_an_anchored_boolean_stays_a_boolean():
    data = parse_document(b"a: &x true\nb: *x\nc: {<<: {d: *x}}\n", PATH).data
    assert data["a"] is data["b"] is data["c"]["d"] is True


BOMB = "a: &a [lol,lol,lol,lol,lol,lol]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 6)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_a_small_file_that_unfolds_without_bound_is_refused_within_a_second():
    assert len(BOMB) < 320
    started = time.process_time()
    error = complaint(BOMB)

    assert "unfolds to more than" in error.problem
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [*a]",
        "a: &a {b: *a}",
        "[" * 3000,
        "{a: " * 3000,
        "- " * 50_000,
        "? " * 5000,
        "a: " + "9" * 100_000,
        "a: 0x" + "9" * 100_000,
        "a: 2001-99-99",
        "a: 2001-12-12T99:99:99Z",
        "a: !!python/object/apply:os.system [true]",
        "\x00",
        "%YAML 9.9\n---\na: 1",
        "? [a, b]\n: 1",
        "<<: 3",
        "a: !!binary x",
        "a: !!int x",
        "a: !!float x",
        "a: !!timestamp x",
        "a: !!set {b, c}",
        "a: !!omap [b: c]",
    ],
)
def test_hostile_yaml_is_refused_in_a_clear_sentence_within_ten_seconds(text):
    started = time.process_time()
    complaint(text)
    assert time.process_time() - started < 10


def test_a_large_file_is_refused_before_it_is_parsed():
    assert "bytes" in complaint(" " * (LARGEST_FILE_BYTES + 1)).problem


def test_a_file_that_is_not_utf_8_says_which_byte():
    with pytest.raises(ContentError, match="byte 3 is not UTF-8"):
        parse_document(b"a: \xff", PATH)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ContentError, match="cannot be read"):
        read_document(tmp_path / "none.yaml")


@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_clearly(content):
    with contextlib.suppress(ContentError):
        read_as(TASK, parse_document(content, PATH))


INDICATORS = st.text(
    st.sampled_from("ab01:-? ,[]{}&*!|>%@'\"#\n\t<~.x\\é"), max_size=60
)


@given(text=INDICATORS)
def test_any_arrangement_of_indicators_is_read_or_refused_clearly(text):
    with contextlib.suppress(ContentError):
        read_as(TASK, parse_document(text.encode(), PATH))


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(categories=["L", "N"]), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["parts", "named", "points", "kind", "either", "zzz"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(data=plain)
def test_any_plain_value_is_read_or_refused_clearly(data):
    import json

    with contextlib.suppress(ContentError):
        read_as(TASK, parse_document(json.dumps(data).encode(), PATH))
