from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_freeze import SignalFreeze
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

NOTHING_LOST = Health()
T = np.arange(0, 10, 0.1)
SWEEP = 10 * T
FREEZE = SignalFreeze(
    signal="A.x", stimulus="B.y", min_move=5.0, score=Scale(full=1, zero=3)
)


def stuck(from_s, to_s, values=SWEEP):
    """The values, standing still in [from, to)."""
    first = values[round(from_s * 10)]
    return np.where((from_s <= T) & (to_s > T), first, values)


def heard(x, y=SWEEP, *, gap=(0, 0), step=1.0, health=NOTHING_LOST, **more):
    kept = ~((gap[0] <= T) & (gap[1] > T))
    a = a_series("A.x", zip(T[kept], x[kept], strict=True), hold_s=0.2, step=step)
    b = a_series("B.y", zip(T, y, strict=True), hold_s=0.2)
    timeline = Timeline(
        duration_ns=ns(10),
        signals={"A.x": a, "B.y": b},
        messages={"A": a_message("A", T), "B": a_message("B", T)},
        health=health,
    )
    return a_hearing(timeline, **more)


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(1, Outcome.MET), (2, Outcome.PARTLY_MET), (4, Outcome.NOT_MET)],
)
def test_the_longest_freeze_earns_its_share(seconds, outcome):
    found = FREEZE.judge(heard(stuck(2, 2 + seconds)))
    assert found.outcome is outcome
    assert found.measured.value == pytest.approx(seconds, abs=0.11)


def test_without_a_stimulus_nothing_is_proven():
    rest = heard(0 * T, 0 * T)
    assert FREEZE.judge(rest).outcome is Outcome.NOT_MEASURED
    failed = replace(FREEZE, on_too_little="fail")
    assert failed.judge(rest).outcome is Outcome.NOT_MET


def test_resting_together_before_the_stimulus_moves_is_no_freeze():
    later = np.where(T < 8, 0, 50.0)
    follows = np.where(T < 8.2, 0, 50.0)
    found = FREEZE.judge(heard(follows, later))
    assert found.outcome is Outcome.MET
    assert found.measured.value == pytest.approx(0.2)


def test_a_signal_that_ignores_a_step_of_its_stimulus_is_frozen():
    assert FREEZE.judge(heard(0 * T, np.where(T < 4, 0, 50.0))).measured.value == 6


def test_changes_below_the_wanted_raw_steps_are_none():
    flicker = np.where(np.arange(100) % 2, 1.0, 0.0)
    assert FREEZE.judge(heard(flicker)).outcome is Outcome.MET
    coarse = replace(FREEZE, min_change_lsb=2.0)
    assert coarse.judge(heard(flicker)).outcome is Outcome.NOT_MET


def test_noise_of_the_stimulus_is_no_movement():
    trembling = np.where(T < 8, 0.1 * (np.arange(100) % 2), 50.0)
    follows = np.where(T < 8.2, 0, 50.0)
    heard_both = heard(follows, trembling)
    assert FREEZE.judge(heard_both).outcome is Outcome.NOT_MET
    assert replace(FREEZE, noise=0.2).judge(heard_both).outcome is Outcome.MET


def test_a_gap_ends_a_stretch():
    torn = replace(FREEZE, min_coverage=0.5)
    whole = torn.judge(heard(stuck(2, 6))).measured.value
    halves = torn.judge(heard(stuck(2, 6), gap=(3.5, 4.5))).measured.value
    assert whole == pytest.approx(4, abs=0.11)
    assert halves < 2


def test_a_pause_ends_a_stretch():
    paused = heard(stuck(2, 6), pauses=[(3.5, 4.5)])
    assert FREEZE.judge(paused).measured.value == pytest.approx(1.5, abs=0.11)


def test_silence_of_bus_and_recorder_are_told_apart():
    assert FREEZE.judge(heard(SWEEP, gap=(3, 8))).reason.key == "silence.bus"
    lost = heard(SWEEP, gap=(3, 8), health=losses(("CH1", 3, 8)))
    assert FREEZE.judge(lost).outcome is Outcome.NOT_MEASURED


def test_a_signal_that_was_not_recorded_is_not_frozen():
    with pytest.raises(MissingError):
        FREEZE.judge(a_hearing(Timeline(duration_ns=ns(1))))


@given(st.integers(0, 40), st.integers(1, 25), st.integers(0, 25))
def test_a_longer_freeze_never_measures_shorter(start, length, more):
    a = FREEZE.judge(heard(stuck(start / 10, (start + length) / 10)))
    b = FREEZE.judge(heard(stuck(start / 10, (start + length + more) / 10)))
    assert b.measured.value >= a.measured.value
