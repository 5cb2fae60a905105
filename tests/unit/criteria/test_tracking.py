from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.scales import Scale
from examrunner.criteria.tracking import Tracking
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

NOTHING_LOST = Health()
T = np.arange(0, 10, 0.02)
FOLLOWS = Tracking(command="C.c", feedback="R.y", score=Scale(full=1, zero=3), tau_s=0)


def swept(t):
    return 50 * np.sin(t) + 20 * np.cos(2.3 * t)


def heard(y, c=None, *, until=10.0, health=NOTHING_LOST):
    c = swept(T) if c is None else c
    kept = until > T
    signals = {
        "C.c": a_series("C.c", zip(T, c, strict=True)),
        "R.y": a_series("R.y", zip(T[kept], y[kept], strict=True), unit="deg"),
    }
    timeline = Timeline(
        duration_ns=ns(10),
        signals=signals,
        messages={"R": a_message("R", T), "C": a_message("C", T)},
        health=health,
    )
    return a_hearing(timeline)


@pytest.mark.parametrize(
    ("off", "outcome"),
    [(1, Outcome.MET), (2, Outcome.PARTLY_MET), (3, Outcome.NOT_MET)],
)
def test_the_error_earns_its_share(off, outcome):
    found = FOLLOWS.judge(heard(swept(T) + off))
    assert found.outcome is outcome
    assert found.measured.value == off
    assert found.measured.unit == "deg"


def test_root_mean_square_and_largest_error_are_told_apart():
    y = swept(T) + np.where(T < 2.5, 4, 0)
    found = FOLLOWS.judge(heard(y))
    assert found.details == {"rmse": 2, "max": 4, "tau_s": 0}
    assert replace(FOLLOWS, metric="max").judge(heard(y)).measured.value == 4


def test_a_given_delay_is_allowed():
    late = heard(swept(T - 0.1))
    assert FOLLOWS.judge(late).outcome is Outcome.NOT_MET
    # Before its first sample the command has no value to compare with.
    assert replace(FOLLOWS, tau_s=0.1).judge(late).measured.value == pytest.approx(
        0, abs=1e-3
    )


@given(st.integers(0, 20))
def test_the_delay_that_fits_best_is_found(cycles):
    late = heard(swept(T - 0.02 * cycles))
    found = replace(FOLLOWS, tau_s=None, tau_max_s=0.5).judge(late)
    assert found.details["tau_s"] == pytest.approx(0.02 * cycles)
    assert found.outcome is Outcome.MET


def test_a_delay_beyond_the_longest_one_is_an_error():
    late = heard(swept(T - 0.4))
    rule = replace(FOLLOWS, tau_s=None, tau_max_s=0.1)
    assert rule.judge(late).outcome is Outcome.NOT_MET


def test_a_constant_command_proves_nothing():
    rest = heard(0 * T, 0 * T)
    found = FOLLOWS.judge(rest)
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.reason.key == "tracking.constant"
    failed = replace(FOLLOWS, on_too_little="fail").judge(rest)
    assert failed.outcome is Outcome.NOT_MET


def test_silence_of_bus_and_recorder_are_told_apart():
    assert FOLLOWS.judge(heard(swept(T), until=5)).reason.key == "silence.bus"
    lost = heard(swept(T), until=5, health=losses(("CH1", 5, 10)))
    assert FOLLOWS.judge(lost).outcome is Outcome.NOT_MEASURED


def test_a_signal_that_was_not_recorded_follows_nothing():
    with pytest.raises(MissingError):
        FOLLOWS.judge(a_hearing(Timeline(duration_ns=ns(1))))
