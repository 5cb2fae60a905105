from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.references import Reference
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_relation import SignalRelation
from examrunner.criteria.windows import Window
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

NOTHING_LOST = Health()
T = np.arange(0, 10, 0.1)
WAVE = np.sin(T)
TWICE = SignalRelation(
    expression="abs(A.x - 2 * B.y)",
    stat="max",
    score=Scale(full=0.1, zero=0.3),
    stimulus="B.y",
    min_span=1.0,
)


def heard(x, y, *, y_t=T, hold_s=0.5, duration_s=10.0, health=NOTHING_LOST):
    timeline = Timeline(
        duration_ns=ns(duration_s),
        signals={
            "A.x": a_series("A.x", zip(T, x, strict=True), hold_s=hold_s),
            "B.y": a_series("B.y", zip(y_t, y, strict=True), hold_s=hold_s, unit="V"),
        },
        messages={
            "A": a_message("A", T, cycle_s=0.1),
            "B": a_message("B", y_t, cycle_s=0.1),
        },
        health=health,
    )
    return a_hearing(timeline)


@pytest.mark.parametrize(
    ("off", "outcome"),
    [(0.1, Outcome.MET), (0.2, Outcome.PARTLY_MET), (0.3, Outcome.NOT_MET)],
)
def test_the_largest_difference_earns_its_share(off, outcome):
    found = TWICE.judge(heard(2 * WAVE + off, WAVE))
    assert found.outcome is outcome
    assert found.measured.value == pytest.approx(off)


def test_without_enough_movement_nothing_is_proven():
    rest = heard(0 * T, 0.2 * WAVE)
    found = TWICE.judge(rest)
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.reason.key == "signal_relation.still"
    failed = replace(TWICE, on_too_little="fail").judge(rest)
    assert failed.outcome is Outcome.NOT_MET


def test_the_distance_of_the_mean_from_a_reference_counts():
    rule = SignalRelation(
        expression="A.x - B.y",
        stat="mean",
        ref=Reference(value=0.0),
        score=Scale(full=0.5, zero=2),
        window=Window(offset_s=5.0),
    )
    found = rule.judge(heard(WAVE - 0.8, WAVE))
    assert found.measured.value == pytest.approx(0.8)
    assert found.fraction == pytest.approx(0.8)
    assert found.details["stat"] == pytest.approx(-0.8)


def test_values_that_are_too_far_apart_in_time_are_not_compared():
    torn = (T < 3) | (T > 3.6)
    apart = heard(2 * WAVE, WAVE[torn], y_t=T[torn], hold_s=1.0)
    worst = TWICE.judge(apart).measured.value
    # Twice the cycle of 0.1 s: the wave moves by at most 2 * 0.2 meanwhile.
    assert 0 < worst <= 0.4
    assert replace(TWICE, max_skew_s=1.0).judge(apart).measured.value > worst


def test_a_division_by_zero_is_no_value():
    rule = SignalRelation(expression="A.x / B.y", stat="mean", min_samples=3)
    found = rule.judge(heard(2 * np.ones(100), np.arange(100) % 2))
    assert found.measured.value == 2
    assert found.details["samples"] == 50


CORR = SignalRelation(
    expression="A.x", other="B.y", stat="corr", max_lag_s=1.0, min=0.9
)


def test_the_best_correlation_over_delays_counts():
    late = heard(np.sin(T - 0.5), np.sin(T))
    found = CORR.judge(late)
    assert found.outcome is Outcome.MET
    assert found.measured.value == pytest.approx(1, abs=1e-3)
    assert found.details["lag_s"] == pytest.approx(0.5)
    opposite = CORR.judge(heard(-np.sin(5 * T), np.sin(T)))
    assert opposite.outcome is Outcome.NOT_MET
    at_once = replace(CORR, max_lag_s=0).judge(late)
    assert at_once.measured.value < 0.95


def test_a_constant_signal_correlates_with_nothing():
    found = CORR.judge(heard(np.ones(100), WAVE))
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.reason.key == "signal_relation.undefined.corr"


def test_silence_of_bus_and_recorder_are_told_apart():
    half = T < 5
    gap = heard(2 * WAVE, WAVE[half], y_t=T[half])
    assert TWICE.judge(gap).reason.key == "silence.bus"
    lost = heard(2 * WAVE, WAVE[half], y_t=T[half], health=losses(("CH1", 5, 10)))
    assert TWICE.judge(lost).outcome is Outcome.NOT_MEASURED


def test_a_signal_that_was_not_recorded_relates_to_nothing():
    with pytest.raises(MissingError):
        replace(TWICE, expression="A.x - C.z").judge(heard(WAVE, WAVE))


@given(
    st.floats(0.1, 10), st.floats(-5, 5), st.integers(-5, 5).filter(lambda n: n != 0)
)
def test_a_correlation_knows_neither_scale_nor_offset(gain, offset, lag):
    x, y = WAVE + np.cos(3 * T), np.roll(WAVE + np.cos(3 * T), lag)
    before = CORR.judge(heard(x, y)).measured.value
    after = CORR.judge(heard(gain * x + offset, y)).measured.value
    assert after == pytest.approx(before, abs=1e-5)
