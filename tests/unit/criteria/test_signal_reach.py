from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.asking import ask
from examrunner.criteria.events import Event
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_reach import SignalReach
from examrunner.criteria.windows import Window
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Op, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

HIGH = Predicate(signal="M.S", min=400)
LOW = Predicate(signal="M.S", max=-400)
REACH = SignalReach(targets=(HIGH,), hold_s=1.0, score=Scale(full=2, zero=6))
NOTHING_LOST = Health()


def heard(*stretches, duration_s=10.0, gap=(0, 0), health=NOTHING_LOST, **more):
    """The signal is 0 but for (from, to, value) stretches; sampled at 10 Hz."""
    t = np.arange(round(duration_s * 10)) / 10
    values = np.zeros(len(t))
    for start, end, value in stretches:
        values[(t >= start) & (t < end)] = value
    kept = ~((t >= gap[0]) & (t < gap[1]))
    series = a_series("M.S", zip(t[kept], values[kept], strict=True), hold_s=0.2)
    timeline = Timeline(
        duration_ns=ns(duration_s),
        signals={"M.S": series},
        messages={"M": a_message("M", t)},
        ops=(Op(t_ns=ns(1), name="go"),),
        health=health,
    )
    return a_hearing(timeline, **more)


@pytest.mark.parametrize(
    ("at_s", "outcome"),
    [(2, Outcome.MET), (4, Outcome.PARTLY_MET), (6, Outcome.NOT_MET)],
)
def test_the_moment_of_reaching_earns_its_share(at_s, outcome):
    found = REACH.judge(heard((at_s, 9, 450)))
    assert found.outcome is outcome
    assert found.measured.value == at_s


def test_a_target_that_is_left_too_early_is_reached_later():
    assert REACH.judge(heard((1, 1.5, 450), (4, 6, 450))).measured.value == 4


def test_a_hold_that_the_window_cuts_off_does_not_count():
    found = REACH.judge(heard((9.5, 10, 450)))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "signal_reach.not_reached"


def test_a_gap_inside_the_hold_breaks_it():
    torn = heard((2, 3.4, 450), gap=(2.5, 2.9))
    assert REACH.judge(torn).reason.key == "signal_reach.not_reached"
    assert REACH.judge(heard((2, 3.4, 450))).outcome is Outcome.MET


BOTH = SignalReach(targets=(HIGH, LOW))


def test_several_targets_count_in_any_order_one_of_them_or_in_order():
    down_then_up = heard((2, 3, -450), (5, 6, 450))
    assert BOTH.judge(down_then_up).measured.value == 5
    assert replace(BOTH, reached="any").judge(down_then_up).measured.value == 2
    in_order = replace(BOTH, reached="in_order")
    assert in_order.judge(down_then_up).outcome is Outcome.NOT_MET
    assert in_order.judge(heard((2, 3, 450), (5, 6, -450))).outcome is Outcome.MET


def test_a_part_of_the_targets_earns_a_part_only_if_the_rubric_says_so():
    half = heard((2, 3, 450))
    assert BOTH.judge(half).fraction == 0
    assert replace(BOTH, partial=True).judge(half).fraction == 0.5


def test_seconds_count_from_the_anchor_and_pauses_are_cut_out():
    rule = replace(REACH, anchor=Event(ops="go"))
    paused = heard((6, 9, 450), pauses=[(3, 5)])
    assert rule.judge(paused).measured.value == 3
    never = ask(replace(REACH, anchor=Event(ops="x")), paused)
    assert never.reason.key == "window.never"


def test_what_held_before_the_window_counts_from_its_opening():
    rule = replace(REACH, window=Window(offset_s=4.0), anchor="exam.start")
    assert rule.judge(heard((0, 9, 450))).measured.value == 4


def test_time_that_nobody_saw_is_no_failure_of_the_candidate():
    lost = heard(gap=(3, 9), health=losses(("CH1", 3, 9)))
    assert REACH.judge(lost).outcome is Outcome.NOT_MEASURED
    silent = heard(gap=(3, 9))
    assert REACH.judge(silent).reason.key == "silence.bus"
    asked = replace(REACH, on_silent="review").judge(silent)
    assert asked.outcome is Outcome.NEEDS_REVIEW


def test_a_signal_that_was_not_recorded_reaches_nothing():
    with pytest.raises(MissingError):
        REACH.judge(a_hearing(Timeline(duration_ns=ns(5))))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 30))
def test_a_longer_hold_is_never_reached_earlier(first, second, length):
    stretches = [(a / 10, (a + length) / 10, 450) for a in (first, second)]
    moments = []
    for hold_s in (0.1, 0.5, 1.0, 2.0):
        rule = replace(REACH, hold_s=hold_s, score=None)
        found = rule.judge(heard(*stretches)).measured
        moments.append(np.inf if found is None else found.value)
    assert moments == sorted(moments)


SWEEP = SignalReach(
    targets=(LOW, HIGH), reached="in_order", travel_s=(2.0, 5.0), score=None
)


@pytest.mark.parametrize(
    ("left_s", "arrives_s", "outcome"),
    [
        (2.0, 3.9, Outcome.NOT_MET),
        (2.0, 4.0, Outcome.MET),
        (2.0, 7.0, Outcome.MET),
        (2.0, 7.1, Outcome.NOT_MET),
    ],
)
def test_a_travel_is_neither_too_fast_nor_too_slow(left_s, arrives_s, outcome):
    told = heard((0, left_s, -450), (arrives_s, 9, 450))
    assert SWEEP.judge(told).outcome is outcome


def test_any_travel_that_took_long_enough_counts():
    told = heard((0, 1, -450), (1.5, 2, 450), (2.5, 3, -450), (6, 8, 450))
    found = SWEEP.judge(told)
    assert found.outcome is Outcome.MET
    assert found.evidence[0].from_s == pytest.approx(3.0, abs=0.3)


def test_a_travel_counts_from_the_last_stay_at_its_beginning():
    told = heard((0, 0.5, -450), (3.0, 3.5, -450), (4.0, 8, 450))
    assert SWEEP.judge(told).outcome is Outcome.NOT_MET


def test_a_travel_never_begun_or_never_ended_says_what_is_missing():
    for stretch, reached in (((4, 8, 450), 0), ((0, 2, -450), 1)):
        found = SWEEP.judge(heard(stretch))
        assert found.outcome is Outcome.NOT_MET
        assert found.details["reached"] == reached


def test_a_travel_is_part_of_the_rule():
    assert "2 to 5 s" in both(SWEEP.rule())["en"]
    assert "2 至 5 s" in both(SWEEP.rule())["zh"]


def test_a_travel_through_lost_time_asks_for_an_examiner():
    told = heard(
        (0, 2, -450),
        (4, 9, 450),
        gap=(3.5, 9.5),
        health=losses(("CH1", 3.5, 9.5)),
    )
    assert ask(SWEEP, told).outcome is Outcome.NOT_MEASURED
