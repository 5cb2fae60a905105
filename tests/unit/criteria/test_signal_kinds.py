from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.asking import ask
from examrunner.criteria.events import Event
from examrunner.criteria.guard import Guard
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_at import SignalAt
from examrunner.criteria.signal_range import Limits, SignalRange
from examrunner.criteria.state_path import StatePath
from examrunner.criteria.step_response import StepResponse
from examrunner.criteria.windows import Window
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

SHARE = Scale(full=0.9, zero=0.5)
NOTHING_LOST = Health()
SETTLED = Scale(full=0.8, zero=2.0)
IN_BAND = SignalRange(all=(Limits(signal="M.S", min=-1, max=1),), score=SHARE)


def sampled(values, *, every_s=0.1, start_s=0.0):
    return [(start_s + every_s * i, value) for i, value in enumerate(values)]


def hearing(values, *, health=NOTHING_LOST, start_s=0.0, **more):
    series = a_series("M.S", sampled(values, start_s=start_s), hold_s=0.3)
    message = a_message("M", [t for t, _ in sampled(values)])
    duration = ns(start_s + 0.1 * len(values))
    timeline = Timeline(
        duration_ns=duration,
        signals={"M.S": series},
        messages={"M": message},
        health=health,
    )
    return a_hearing(timeline, start_s=start_s, **more)


def test_time_outside_the_limits_costs_its_share():
    judgement = IN_BAND.judge(hearing([0] * 70 + [5] * 30))
    assert judgement.measured.value == pytest.approx(70)
    assert judgement.fraction == pytest.approx(0.5)
    assert [(e.from_s, e.to_s) for e in judgement.evidence] == [(7, 10)]


def test_a_short_excursion_can_be_ignored():
    rule = replace(IN_BAND, ignore_shorter_than_s=0.25)
    assert rule.judge(hearing([0] * 50 + [5, 5] + [0] * 48)).outcome is Outcome.MET


def test_a_signal_that_was_not_recorded_raises():
    with pytest.raises(MissingError):
        IN_BAND.judge(a_hearing(Timeline(duration_ns=ns(1))))


@pytest.mark.parametrize(
    ("on_silent", "outcome"),
    [("fail", "not_met"), ("pass", "met"), ("review", "needs_review")],
)
def test_a_silent_bus_is_an_observation(on_silent, outcome):
    rule = replace(IN_BAND, on_silent=on_silent, window=Window(for_s=20.0))
    found = ask(rule, hearing([0] * 50, stop_s=20))
    assert found.outcome == outcome
    assert found.reason.key == "silence.bus"


def test_what_the_recorder_lost_is_left_to_an_examiner():
    found = IN_BAND.judge(hearing([0] * 50, stop_s=10, health=losses(("CH1", 5, 10))))
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.fraction is None


def test_a_loss_that_no_value_fell_into_costs_nothing():
    noted = losses(("CH1", 2, 2.05))
    assert IN_BAND.judge(hearing([0] * 100, health=noted)).outcome is Outcome.MET


@given(
    st.lists(st.sampled_from([0, 0.5, 1, 1.5, 5]), min_size=20, max_size=60),
    st.integers(0, 10**6),
)
def test_shifting_all_times_changes_no_judgement(values, shift_s):
    here = IN_BAND.judge(hearing(values))
    there = IN_BAND.judge(hearing(values, start_s=float(shift_s)))
    assert (here.outcome, here.fraction, here.measured) == (
        there.outcome,
        there.fraction,
        there.measured,
    )


@given(
    st.lists(st.sampled_from([0, 1, 5]), min_size=20, max_size=60),
    st.integers(1, 30),
)
def test_more_samples_in_the_band_never_lower_the_share(values, more):
    before = IN_BAND.judge(hearing(values)).fraction
    assert IN_BAND.judge(hearing([*values, *[0] * more])).fraction >= before


def states(pairs, duration_s=10.0, hold_s=20.0):
    text = {0: "MANUAL", 1: "AUTO", 3: "STANDBY"}
    series = a_series("M.State", pairs, hold_s=hold_s, choices=text)
    faults = a_series("M.Flt", [(0, 0), (4.5, 1), (4.6, 0)], hold_s=20)
    signals = {"M.State": series, "M.Flt": faults}
    return a_hearing(Timeline(duration_ns=ns(duration_s), signals=signals))


PATH = StatePath(
    signal="M.State", path=("STANDBY", "AUTO"), within_s=1.0, window=Window()
)


def test_a_path_that_is_walked_in_time_is_met():
    assert PATH.judge(states([(0, 0), (3, 3), (3.9, 1)])).outcome is Outcome.MET


def test_a_step_that_takes_too_long_breaks_the_path():
    found = PATH.judge(states([(0, 0), (3, 3), (4.1, 1)]))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "state_path.incomplete"


def test_a_path_may_begin_late_only_if_the_rubric_says_so():
    late = states([(0, 1)])
    assert PATH.judge(late).outcome is Outcome.NOT_MET
    assert replace(PATH, from_any=True).judge(late).outcome is Outcome.MET


def test_what_is_forbidden_between_the_states_breaks_the_path():
    rule = replace(PATH, forbid=Predicate(signal="M.Flt", equals=1), within_s=2.0)
    assert rule.judge(states([(0, 3), (1, 3), (4.4, 3), (4, 3)])).fraction == 0
    broken = rule.judge(states([(0, 0), (4, 3), (5, 1)]))
    assert broken.reason.key == "state_path.forbidden"


def test_the_last_sample_before_the_stop_counts_at_the_end():
    rule = SignalAt(all=(Predicate(signal="M.S", equals=0),), max_age_s=0.5)
    assert rule.judge(hearing([5] * 9 + [0])).outcome is Outcome.MET
    assert rule.judge(hearing([5] * 9 + [1])).outcome is Outcome.NOT_MET


def test_a_value_that_is_too_old_is_not_believed_at_a_moment():
    rule = SignalAt(all=(Predicate(signal="M.S", equals=0),), max_age_s=0.5)
    assert rule.judge(hearing([0] * 10, stop_s=5)).reason.key == "signal_at.stale"


def guarded(absent="fail"):
    return Guard(
        at=Event(ops="plug"),
        require=Predicate(signal="M.S", equals=0),
        when_event_absent=absent,
        max_age_s=0.5,
    )


def with_ops(times, values):
    from examrunner.model.timeline import Op

    heard = hearing(values)
    ops = tuple(Op(t_ns=ns(t), name="plug") for t in times)
    return replace(heard, timeline=replace(heard.timeline, ops=ops))


def test_a_guard_holds_at_every_event():
    assert guarded().judge(with_ops([1, 2], [0] * 50)).outcome is Outcome.MET
    broken = guarded().judge(with_ops([1, 3], [0] * 20 + [5] * 30))
    assert broken.outcome is Outcome.NOT_MET
    assert broken.details == {"events": 2, "held": 1}


def test_a_guard_without_its_event_says_what_the_rubric_says():
    assert guarded("fail").judge(with_ops([], [0] * 9)).outcome is Outcome.NOT_MET
    assert guarded("na").judge(with_ops([], [0] * 9)).outcome is Outcome.NOT_APPLICABLE


def test_a_guard_by_stale_values_is_left_to_an_examiner():
    found = guarded().judge(with_ops([4.9], [0] * 20))
    assert found.outcome is Outcome.NEEDS_REVIEW or found.fraction == 0


def response(kind="settle", score=SETTLED, **more):
    rule = StepResponse(
        metric=kind,
        score=score,
        command="C.Tgt",
        feedback="R.Act",
        steps=(90.0,),
        min_jump=25,
        **more,
    )
    return rule


def stepped(shape, *, noise=0.0):
    """A step to 90 at 2 s, held until 6 s; ``shape`` maps seconds since to 0..1."""
    t = np.arange(0, 8, 0.01)
    command = np.where((t >= 2) & (t < 6), 90.0, 0.0)
    since = t - 2
    random = np.random.default_rng(1).normal(0, noise, len(t))
    feedback = np.where(since < 0, 0.0, 90 * shape(np.maximum(since, 0))) + random
    signals = {
        "C.Tgt": a_series("C.Tgt", zip(t, command, strict=True)),
        "R.Act": a_series("R.Act", zip(t, feedback, strict=True), unit="deg"),
    }
    return a_hearing(Timeline(duration_ns=ns(8), signals=signals))


def first_order(lag_s):
    return lambda s: 1 - np.exp(-s / lag_s)


def test_the_metrics_of_a_first_order_step_are_those_of_the_textbook():
    heard = stepped(first_order(0.2))
    rise = response("rise", Scale(full=0.45, zero=0.9)).judge(heard)
    assert rise.measured.value == pytest.approx(0.2 * np.log(9), abs=0.002)
    delay = response("delay", Scale(full=0.1, zero=0.2)).judge(heard)
    assert delay.measured.value == pytest.approx(-0.2 * np.log(0.98), abs=0.002)
    settle = response("settle").judge(heard)
    assert settle.measured.value == pytest.approx(-0.2 * np.log(0.02), abs=0.011)
    sse = response("sse", Scale(full=0.5, zero=2)).judge(heard)
    assert sse.measured.value == pytest.approx(0, abs=0.01)


def test_overshoot_is_measured_against_the_commanded_step():
    heard = stepped(lambda s: 1 + 0.12 * np.exp(-s) * (s > 0.105))
    found = response("overshoot_pct", Scale(full=5, zero=15)).judge(heard)
    assert found.measured.value == pytest.approx(12 * np.exp(-0.11), abs=0.05)


def test_a_step_that_never_settles_is_critical_and_a_missing_one_is_not():
    never = response().judge(stepped(lambda s: np.minimum(s, 1) * 0.9))
    assert never.fraction == 0
    assert never.critical
    missing = replace(response(), steps=(45.0,)).judge(stepped(first_order(0.1)))
    assert missing.fraction == 0
    assert not missing.critical


def test_reaching_the_band_just_before_the_end_is_not_settling():
    late = lambda s: np.where(s < 2.7, 0.9, 1.0)  # noqa: E731
    assert response().judge(stepped(late)).critical


def test_a_step_from_a_feedback_that_does_not_rest_earns_nothing():
    found = response().judge(stepped(first_order(0.1), noise=2.0))
    assert found.fraction == 0
    assert found.reason.key == "step_response.none"


def test_each_required_step_counts_by_its_own_share():
    rule = replace(response(), steps=(90.0, -90.0))
    assert rule.judge(stepped(first_order(0.1))).fraction == pytest.approx(0.5)
    worst = replace(rule, aggregate="worst")
    assert worst.judge(stepped(first_order(0.1))).fraction == 0


def test_a_step_that_the_recorder_lost_is_not_a_zero():
    heard = stepped(first_order(0.1))
    series = heard.timeline.series("R.Act")
    kept = (series.t_ns < ns(2.2)) | (series.t_ns > ns(4))
    torn = replace(
        series,
        t_ns=series.t_ns[kept],
        values=series.values[kept],
        raw=series.raw[kept],
        quality=series.quality[kept],
    )
    timeline = replace(
        heard.timeline,
        signals={**heard.timeline.signals, "R.Act": torn},
        messages={"R": a_message("R", [0.0])},
        health=losses(("CH1", 2.2, 4)),
    )
    found = response().judge(replace(heard, timeline=timeline))
    assert found.outcome is Outcome.NOT_MEASURED
