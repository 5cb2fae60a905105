from pathlib import Path

import pytest

from examrunner.content.documents import Document
from examrunner.content.rubric_criteria import adapter_of
from examrunner.content.rubric_signals import KnownSignal, check_signals
from examrunner.criteria.signal_relation import SignalRelation
from examrunner.model.errors import ContentError

SIGNALS = {"A.x": KnownSignal(hold_s=1.0), "B.y": KnownSignal(hold_s=1.0)}


def check(**keys):
    document = Document(path=Path("rubric.yaml"), content=b"", data={}, lines={})
    check_signals({("groups",): keys}, SIGNALS, "bench", document)


def test_expressions_over_signals_of_the_rig_are_right():
    check(expression="abs(A.x - 2 * B.y)", stimulus="B.y")
    check(expression="${variant.message}.x - fib.r_hl")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"expression": "A.x - C.z"}, "no database of bench has a signal C.z"),
        ({"expression": "A.x -"}, "cannot be worked out: ends too early"),
        ({"other": "sin(A.x)"}, "'sin' at character 1 is neither"),
        ({"stimulus": "C.z"}, "no database of bench has a signal C.z"),
    ],
)
def test_what_is_wrong_in_an_expression_is_named(keys, words):
    with pytest.raises(ContentError) as refused:
        check(**keys)
    assert words in refused.value.problem


def test_a_rubric_may_write_every_key_of_a_relation():
    keys = {
        "expression": "A.x - B.y", "stat": "mean", "ref": {"value": 0},
        "score": {"full": 0.5, "zero": 2}, "min_span": 1, "stimulus": "B.y",
    }  # fmt: skip
    found = adapter_of("signal_relation").validate_python([keys])[0]
    assert isinstance(found, SignalRelation)
    assert found.ref.value == 0
