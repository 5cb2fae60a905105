import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.scales import Scale, problem_with

finite = st.floats(-1e6, 1e6)


@given(finite, finite, finite, finite)
def test_a_band_never_pays_more_for_a_worse_value(full, zero, one, other):
    scale = Scale(full=full, zero=zero)
    better = full <= zero if full != zero else True
    low, high = sorted((one, other))
    if better:
        assert scale.fraction(low) >= scale.fraction(high)
    else:
        assert scale.fraction(high) >= scale.fraction(low)


@given(finite, finite)
def test_both_ends_of_a_band_are_inclusive(full, zero):
    scale = Scale(full=full, zero=zero)
    assert scale.fraction(full) == 1
    if abs(zero - full) > 1e-6:
        assert scale.fraction(zero) == pytest.approx(0)


def test_a_limit_of_three_tenths_holds_for_three_times_a_tenth():
    assert 3 * 0.1 > 0.3
    assert Scale(full=0.3, zero=0.3).fraction(3 * 0.1) == 1


def test_half_a_raw_step_beyond_the_limit_is_in_the_candidates_favour():
    scale = Scale(full=5, zero=5)
    assert scale.fraction(5.04, step=0.1) == 1
    assert scale.fraction(5.06, step=0.1) == 0


def test_equal_ends_pass_from_below_or_from_above():
    assert Scale(full=120, zero=120).fraction(119) == 1
    assert Scale(full=120, zero=120, more_is_better=True).fraction(119) == 0
    assert Scale(full=120, zero=120, more_is_better=True).fraction(120) == 1


def test_the_first_step_that_holds_wins():
    scale = Scale(steps=((1, 1.0), (2, 0.5), (5, 0.2)))
    assert [scale.fraction(v) for v in (0, 1, 1.5, 2, 4, 6)] == [1, 1, 0.5, 0.5, 0.2, 0]


def test_a_scale_without_both_ends_is_refused():
    assert "both" in problem_with(Scale(full=1))
    assert "ascend" in problem_with(Scale(steps=((2, 1), (1, 0))))
    assert problem_with(Scale(full=1, zero=2)) == ""
