import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.references import Reference
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_stat import SignalStat
from examrunner.criteria.windows import Window
from examrunner.criteria.wording import say
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, Health, Quality, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

NOTHING_LOST = Health()
MEAN = SignalStat(signal="M.S", stat="mean", score=Scale(full=1, zero=3))


def heard(values, *, every_s=0.1, duration_s=None, health=NOTHING_LOST, **more):
    samples = [(every_s * i, value) for i, value in enumerate(values)]
    series = a_series("M.S", samples, hold_s=0.3, unit="V", **more)
    timeline = Timeline(
        duration_ns=ns(duration_s or every_s * len(values)),
        signals={"M.S": series},
        messages={"M": a_message("M", [t for t, _ in samples])},
        form=(Edit(t_ns=ns(0.5), field="u", value="4"),),
        health=health,
    )
    return a_hearing(timeline)


def measured(stat, values, **more):
    rule = SignalStat(signal="M.S", stat=stat, **more)
    return rule.judge(heard(values)).measured.value


@pytest.mark.parametrize(
    ("level", "outcome"),
    [(1, Outcome.MET), (2, Outcome.PARTLY_MET), (3, Outcome.NOT_MET)],
)
def test_a_mean_earns_its_share_of_the_band(level, outcome):
    assert MEAN.judge(heard([level] * 20)).outcome is outcome


RAMP = list(range(20))


@pytest.mark.parametrize(
    ("stat", "value"),
    [
        ("mean", 9.5), ("median", 9.5), ("min", 0), ("max", 19),
        ("std", np.std(RAMP)), ("rms", math.sqrt(np.mean(np.square(RAMP)))),
        ("p05", 0.95), ("p95", 18.05), ("slope", 10), ("delta", 19), ("count", 20),
    ],
)  # fmt: skip
def test_every_statistic_of_a_ramp_is_that_of_the_textbook(stat, value):
    assert measured(stat, RAMP) == pytest.approx(value, abs=1e-6)


def test_the_mean_is_weighted_by_time_and_the_median_counts_samples():
    pairs = [(t, 0.0) for t in np.arange(0, 1, 0.01)] + [(t, 1.0) for t in (1.0, 1.5)]
    series = a_series("M.S", pairs, hold_s=0.5)
    timeline = Timeline(duration_ns=ns(2), signals={"M.S": series})
    mean = replace(MEAN, stat="mean").judge(a_hearing(timeline))
    assert mean.measured.value == pytest.approx(0.5)
    assert replace(MEAN, stat="median").judge(a_hearing(timeline)).measured.value == 0


def test_angles_are_averaged_round_the_circle():
    around = [359, 1] * 10
    assert measured("circ_mean", around) == pytest.approx(0, abs=1e-6)
    assert measured("std", around, period=360.0) == pytest.approx(1)
    near = Reference(value=360.0)
    assert measured("circ_mean", around, ref=near, period=360) == pytest.approx(0)


def test_opposite_angles_have_no_mean():
    rule = SignalStat(signal="M.S", stat="circ_mean")
    assert rule.judge(heard([0, 180] * 10)).outcome is Outcome.NOT_MEASURED


def test_the_distance_from_a_reference_counts():
    rule = replace(MEAN, ref=Reference(value=5.0))
    found = rule.judge(heard([3] * 20))
    assert found.measured.value == 2
    assert found.fraction == pytest.approx(0.5)
    assert replace(MEAN, ref=Reference(field="u")).judge(heard([4] * 20)).fraction == 1


def test_a_reference_that_the_candidate_never_typed_earns_nothing():
    found = replace(MEAN, ref=Reference(field="none")).judge(heard([4] * 20))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "signal_stat.no_reference"


def test_limits_pass_or_fail_with_half_a_raw_step_for_the_candidate():
    rule = SignalStat(signal="M.S", stat="median", min=57, max=63)
    assert rule.judge(heard([63.4] * 20, step=1.0)).outcome is Outcome.MET
    assert rule.judge(heard([63.6] * 20, step=1.0)).outcome is Outcome.NOT_MET
    assert rule.judge(heard([56] * 20)).outcome is Outcome.NOT_MET


def test_too_few_samples_are_left_to_an_examiner_or_fail():
    few = heard([1] * 5)
    assert MEAN.judge(few).outcome is Outcome.NOT_MEASURED
    assert replace(MEAN, on_too_little="fail").judge(few).outcome is Outcome.NOT_MET
    assert replace(MEAN, min_samples=5).judge(few).outcome is Outcome.MET


def test_noise_below_the_resolution_is_reported_as_such():
    rule = SignalStat(signal="M.S", stat="std", max=1.0)
    found = rule.judge(heard([5.0] * 20, step=0.5))
    assert found.reason.key == "signal_stat.reason_quantised"
    assert "0.144338 V of its resolution" in say(found.reason, "en")
    noisy = rule.judge(heard([4.5, 5.5] * 10, step=0.5))
    assert noisy.reason.key == "signal_stat.reason"


def test_invalid_samples_are_not_part_of_the_statistic():
    quality = [0] * 20
    quality[5] = Quality.NOT_A_NUMBER
    values = [1.0] * 20
    values[5] = 9999.0
    found = MEAN.judge(heard(values, quality=quality))
    assert (found.measured.value, found.details["samples"]) == (1, 19)


def test_silence_of_the_bus_and_of_the_recorder_are_told_apart():
    assert MEAN.judge(heard([1] * 20, duration_s=9)).reason.key == "silence.bus"
    lost = heard([1] * 20, duration_s=9, health=losses(("CH1", 2, 9)))
    assert MEAN.judge(lost).outcome is Outcome.NOT_MEASURED


def test_counting_samples_measures_the_silence_itself():
    rule = SignalStat(signal="M.S", stat="count", max=20)
    assert rule.judge(heard([1] * 20, duration_s=9)).outcome is Outcome.MET


def test_only_the_window_counts():
    rule = replace(MEAN, window=Window(offset_s=1.0))
    assert rule.judge(heard([9] * 10 + [1] * 20)).outcome is Outcome.MET


def test_a_signal_that_was_not_recorded_has_no_statistic():
    with pytest.raises(MissingError):
        MEAN.judge(a_hearing(Timeline(duration_ns=ns(1))))


@given(st.lists(st.integers(-100, 100), min_size=10, max_size=40), st.integers(-50, 50))
def test_shifting_all_values_shifts_levels_and_leaves_spreads(values, by):
    moved = [value + by for value in values]
    for stat in ("mean", "median", "min", "max", "p05", "p95"):
        assert measured(stat, moved) - measured(stat, values) == pytest.approx(
            by, abs=1e-5
        )
    for stat in ("std", "slope", "delta", "count"):
        assert measured(stat, moved) == pytest.approx(measured(stat, values), abs=1e-5)
