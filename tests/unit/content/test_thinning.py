"""A worked example says what its attempt says, in few words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.content.cases import make_case
from examrunner.content.documents import parse_document
from examrunner.content.example_columns import packed, unpacked
from examrunner.content.example_entries import MessageEntry
from examrunner.content.example_messages import recorded
from examrunner.content.example_timeline import timeline_of
from examrunner.content.examples import read_example
from examrunner.content.known_signals import known_signals
from examrunner.content.rigs import read_rig
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.content.thinning.bus import senders
from examrunner.content.thinning.flow import WIDTH, yaml_text
from examrunner.content.thinning.knots import knots, ranges
from examrunner.content.thinning.making import Told, make_example
from examrunner.model.decision import Decision

PATH = SearchPath.of()

numbers = st.floats(-1e3, 1e3, allow_nan=False).map(lambda value: round(value, 3))


@given(st.lists(numbers, min_size=1, max_size=60), st.sampled_from([0.0, 0.5, 20.0]))
def test_lines_between_knots_are_never_further_off_than_allowed(values, tolerance):
    at = np.arange(len(values), dtype=float)
    column = np.array(values)
    rows = knots(at, column, tolerance)
    assert rows[0] == 0
    assert rows[-1] == len(values) - 1
    drawn = np.interp(at, at[rows], column[rows])
    assert np.abs(drawn - column).max() <= tolerance + 1e-9


def test_a_straight_line_needs_two_knots():
    at = np.arange(1000.0)
    assert knots(at, 2 * at + 5, 1e-9) == [0, 999]


@given(st.lists(st.booleans(), max_size=40))
def test_ranges_name_every_row_of_a_mask(mask):
    rows = {row for a, b in ranges(np.array(mask, bool)) for row in range(a, b)}
    assert rows == {row for row, there in enumerate(mask) if there}


def test_two_senders_are_told_apart_by_their_counters():
    first, second = np.arange(40) % 15, (np.arange(40) + 6) % 15
    counts = np.empty(80, np.int64)
    counts[0::2], counts[1::2] = first, second
    chains = senders(counts)
    assert [chain.tolist() for chain in chains] == [
        list(range(0, 80, 2)),
        list(range(1, 80, 2)),
    ]
    assert len(senders(first.astype(np.int64))) == 1


def test_frames_of_several_senders_come_in_order_of_time():
    entry = MessageEntry.model_validate(
        {
            "frames": [[0, 1.0], [2, 1.2]],
            "counts": [[0, 3]],
            "also": [{"frames": [[0, 1.05], [1, 1.15]], "counts": [[0, 15], [1, 9]]}],
        }
    )
    times, counts = recorded(entry)
    assert (times / 1e9).tolist() == pytest.approx([1.0, 1.05, 1.1, 1.15, 1.2])
    assert counts.tolist() == [3, 15, 4, 9, 5]


keys = st.from_regex(r"[a-z]{2,6}", fullmatch=True)
trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e6, 1e6).map(lambda value: round(value, 4))
    | st.text("abc:{}[],#'\" 中", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.from_regex(r"[a-z]{1,6}", fullmatch=True), inner, max_size=5
        )
    ),
    max_leaves=25,
)


@given(st.dictionaries(keys, trees, max_size=5))
def test_what_is_written_as_yaml_is_read_back(tmp_path_factory, tree):
    text = yaml_text(tree)
    path = tmp_path_factory.getbasetemp() / "tree.yaml"
    found = parse_document(text.encode(), path).data if tree else {}
    assert found == tree


@given(
    st.lists(st.integers(-(2**20), 2**20), min_size=1, max_size=80),
    st.sampled_from([0.01, 0.5, 1.0]),
)
def test_a_column_is_read_back_as_it_was_packed(steps, step):
    values = np.array(steps) * step
    base, text = packed(values, step)
    found = unpacked(base, step, text, len(steps))
    assert np.abs(found - values).max() < step / 1000


def test_a_column_of_another_length_or_a_damaged_one_is_refused():
    base, text = packed(np.arange(5.0), 1.0)
    for count, told in ((4, text), (6, text), (5, text[:-4]), (5, "no base64!")):
        with pytest.raises(ValueError, match="it "):
            unpacked(base, 1.0, told, count)


def test_long_lists_are_wrapped():
    text = yaml_text({"form": [{"value": [[n, n] for n in range(200)]}]})
    assert max(map(len, text.splitlines())) <= WIDTH + 1


def told(task, name):
    rubric = read_rubric(PATH.find("rubric", task))
    rig = read_rig(rubric.rig, PATH)
    signals = known_signals(rig, PATH)
    file = PATH.find("rubric", task).parent / "examples" / f"{name}.yaml"
    example, _ = read_example(file)
    case = make_case(rubric, example.variant, example.reference, "")
    return Told(
        timeline=timeline_of(example, case, signals),
        rubric=rubric,
        case=case,
        decisions=[Decision(at="", **d.model_dump()) for d in example.decisions],
        signals=signals,
        because="As before.",
        profile=example.profile,
    )


EXAMPLES = [
    ("C01", "sloppy"),
    ("C06", "against-the-rig"),
    ("C06", "cheating"),
    ("C06", "missing-evidence"),
    ("C06", "sloppy"),
    ("F13", "competent-intermittent"),
    ("F13", "forged-reports"),
    ("F13", "missing-evidence"),
    ("F13", "sloppy"),
]


@pytest.mark.parametrize(("task", "name"), EXAMPLES)
def test_an_example_of_an_example_comes_out_the_same(task, name):
    made = make_example(told(task, name))
    assert made.differences == ()
    assert len(made.text.encode()) < 120_000


def test_what_cannot_be_carried_is_said_criterion_by_criterion(monkeypatch):
    from examrunner.content.thinning import making

    monkeypatch.setattr(making, "edit_entry", lambda edit: {"t_s": 1, "submit": True})
    made = make_example(told("F13", "competent"))
    assert any(
        said.startswith("C1 is met with 12 points, in the example not_met with 0")
        for said in made.differences
    )
