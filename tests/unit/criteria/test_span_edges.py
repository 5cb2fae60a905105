import numpy as np
import pytest

from examrunner.criteria.scales import Scale, problem_with
from examrunner.criteria.spans import NOWHERE, Spans


def pairs(spans):
    return list(zip(spans.start_ns.tolist(), spans.end_ns.tolist(), strict=True))


def test_empty_and_backward_pairs_are_dropped():
    assert pairs(Spans.of([(1, 1), (2, 4), (9, 7), (5, 6)])) == [(2, 4), (5, 6)]


def test_a_hull_goes_from_the_first_start_to_the_last_end():
    assert Spans.of([(2, 4), (5, 9)]).hull_ns == (2, 9)
    assert NOWHERE.hull_ns == (0, 0)


@pytest.mark.parametrize(
    ("t", "before"), [(0, 0), (2, 0), (3, 1), (4, 2), (5, 2), (8, 5), (20, 6)]
)
def test_the_time_before_a_moment_is_what_lies_in_spans_until_then(t, before):
    assert Spans.of([(2, 4), (5, 9)]).before(np.array([t])).tolist() == [before]


@pytest.mark.parametrize(
    ("scale", "value", "share"),
    [
        (Scale(steps=((1.0, 1.0), (2.0, 0.5))), 1.25, 1.0),
        (Scale(steps=((1.0, 1.0), (2.0, 0.5))), 1.5, 0.5),
        (Scale(steps=((1.0, 1.0), (2.0, 0.5))), 2.5, 0.0),
        (Scale(full=3.0, zero=3.0), 3.25, 1.0),
        (Scale(full=3.0, zero=3.0), 3.5, 0.0),
        (Scale(full=3.0, zero=3.0, more_is_better=True), 2.75, 1.0),
        (Scale(full=3.0, zero=3.0, more_is_better=True), 2.5, 0.0),
        (Scale(full=2.0, zero=4.0), 2.25, 1.0),
        (Scale(full=2.0, zero=4.0), 2.5, 0.75),
        (Scale(full=2.0), 1.0, 0.0),
        (Scale(zero=2.0), 1.0, 0.0),
        (Scale(), 0.0, 0.0),
    ],
)
def test_half_a_raw_step_is_in_the_candidates_favour(scale, value, share):
    assert scale.fraction(value, step=0.5) == share


def test_a_scale_that_cannot_be_says_why():
    assert problem_with(Scale(full=1, zero=2)) == ""
    assert problem_with(Scale(steps=((1, 1), (2, 0)))) == ""
    assert problem_with(Scale(steps=((2, 1), (1, 0)))) == "steps must ascend"
    both = "a score needs both 'full' and 'zero', or 'steps'"
    assert problem_with(Scale(full=1)) == problem_with(Scale(zero=1)) == both
    endless = "'full' and 'zero' must be finite"
    assert problem_with(Scale(full=float("inf"), zero=1)) == endless
    assert problem_with(Scale(full=1, zero=float("nan"))) == endless
