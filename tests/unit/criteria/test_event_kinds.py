from dataclasses import replace

import numpy as np
import pytest

from examrunner.criteria.asking import ask
from examrunner.criteria.event_count import EventCount
from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.event_order import EventOrder
from examrunner.criteria.events import Event
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.steps import StepShape
from examrunner.criteria.time_used import TimeUsed
from examrunner.criteria.windows import Window
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import BusErrors, Edit, Health, Loss, Op, Timeline
from examrunner.testing.timelines import a_hearing, a_series, ns

A, B, C = Event(ops="a"), Event(ops="b"), Event(ops="c")


def heard(*ops, duration_s=10.0, form=(), signals=None, **more):
    timeline = Timeline(
        duration_ns=ns(duration_s),
        ops=tuple(Op(t_ns=ns(t), name=name) for name, t in ops),
        form=form,
        signals=signals or {},
    )
    return a_hearing(timeline, **more)


def test_events_in_order_are_met_and_out_of_order_are_not():
    rule = EventOrder(order=(A, B))
    assert rule.judge(heard(("a", 1), ("b", 2))).outcome is Outcome.MET
    assert rule.judge(heard(("b", 1), ("a", 2))).outcome is Outcome.NOT_MET
    assert rule.judge(heard(("b", 1), ("a", 2), ("b", 3))).outcome is Outcome.MET


def test_strict_order_forbids_a_later_event_before_an_earlier_one():
    rule = EventOrder(order=(A, B), strict=True)
    assert rule.judge(heard(("b", 1), ("a", 2), ("b", 3))).outcome is Outcome.NOT_MET


def test_the_longest_prefix_earns_its_part():
    rule = EventOrder(order=(A, B, C), partial=True)
    assert rule.judge(heard(("a", 1), ("c", 2))).fraction == pytest.approx(1 / 3)
    assert replace(rule, any_order=True).judge(
        heard(("c", 1), ("a", 2))
    ).fraction == pytest.approx(2 / 3)


def test_a_window_that_never_opens_is_not_met():
    rule = EventOrder(order=(A,), window=Window(from_=B))
    found = ask(rule, heard(("a", 1)))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "window.never"


def test_an_event_at_the_opening_belongs_to_the_window_and_at_its_end_not():
    rule = EventCount(event=A, window=Window(from_=B, for_s=2.0))
    assert rule.judge(heard(("b", 1), ("a", 1))).measured.value == 1
    assert rule.judge(heard(("b", 1), ("a", 3))).measured.value == 0


def test_an_empty_window_is_not_met():
    rule = EventCount(event=A, window=Window(from_=Event(ops="b"), to=Event(ops="c")))
    found = ask(rule, heard(("c", 1), ("b", 2)))
    assert found.reason.key == "window.empty"


def test_a_window_that_the_stop_cuts_off_is_not_met():
    rule = EventCount(event=A, window=Window(from_=B, for_s=5.0))
    assert ask(rule, heard(("b", 8), ("a", 9))).reason.key == "window.cut"


def test_what_happens_in_a_pause_counts_for_prohibitions_only():
    during = heard(("a", 5), pauses=[(4, 6)])
    assert EventCount(event=A).judge(during).measured.value == 0
    assert Forbidden(events=(A,)).judge(during).outcome is Outcome.NOT_MET


def test_bouncing_events_count_once():
    rule = EventCount(event=replace(A, debounce_s=0.5), min=2, max=2)
    bouncing = heard(("a", 1), ("a", 1.2), ("a", 1.3), ("a", 4))
    assert rule.judge(bouncing).outcome is Outcome.MET


def test_a_band_of_the_count_earns_its_share():
    rule = EventCount(event=A, score=Scale(full=4, zero=0))
    assert rule.judge(heard(("a", 1), ("a", 2))).fraction == 0.5


def test_steps_count_by_their_targets():
    command = a_series(
        "C.T",
        [(t / 50, 0 if t < 50 else 90 if t < 250 else -30) for t in range(500)],
    )
    rule = EventCount(
        step=StepShape(signal="C.T", min_jump=25), targets=(90.0, -90.0, -30.0)
    )
    found = rule.judge(heard(signals={"C.T": command}))
    assert found.measured.value == 2
    assert found.fraction == pytest.approx(2 / 3)


def test_a_step_that_is_not_held_is_none():
    command = a_series("C.T", [(t / 50, 90 * (50 <= t < 100)) for t in range(500)])
    rule = EventCount(step=StepShape(signal="C.T", min_jump=25), targets=(90.0,))
    assert rule.judge(heard(signals={"C.T": command})).fraction == 0


def test_a_gap_breaks_a_dwell_and_so_does_an_event():
    on = [(t / 10, 1) for t in range(100)]
    dwell = EventDwell(
        predicate=Predicate(signal="S.X", equals=1), score=Scale(full=8, zero=4)
    )
    whole = a_series("S.X", on)
    assert dwell.judge(heard(signals={"S.X": whole})).measured.value == 10
    torn = a_series("S.X", [p for p in on if not 3 <= p[0] < 4], hold_s=0.1)
    assert dwell.judge(heard(signals={"S.X": torn})).measured.value == 6
    broken = replace(dwell, broken_by=(A,))
    found = broken.judge(heard(("a", 7), signals={"S.X": whole}))
    assert found.measured.value == 7
    assert found.fraction == pytest.approx(0.75)


def test_error_frames_break_a_dwell_and_lost_ones_leave_it_open():
    on = a_series("S.X", [(t / 10, 1) for t in range(100)])
    dwell = EventDwell(
        predicate=Predicate(signal="S.X", equals=1),
        score=Scale(full=5, zero=5, more_is_better=True),
        broken_by=(Event(err="HS1"),),
    )

    def judged(*errors_s, losses=()):
        bus = BusErrors(
            channel="HS1",
            t_ns=np.array([ns(t) for t in errors_s], np.int64),
            classes=np.zeros(len(errors_s), np.uint32),
        )
        timeline = Timeline(
            duration_ns=ns(10),
            signals={"S.X": on},
            bus={"HS1": bus},
            health=Health(losses=losses),
        )
        return dwell.judge(a_hearing(timeline))

    assert judged(4).measured.value == 6
    assert judged(4).outcome is Outcome.MET
    assert judged(4, 7).outcome is Outcome.NOT_MET
    lost = Loss(stream="HS1", from_ns=ns(5), to_ns=ns(7))
    assert judged(4, losses=(lost,)).outcome is Outcome.NOT_MEASURED
    with pytest.raises(MissingError, match="error frames HS1"):
        dwell.judge(heard(signals={"S.X": on}))


def test_forbidden_states_count_by_stretch_and_longer_ones_only_if_asked():
    pairs = [(t / 10, 5 * (t in {20, 21, 50})) for t in range(100)]
    series = a_series("S.X", pairs)
    rule = Forbidden(states=(Predicate(signal="S.X", min=4),))
    assert rule.judge(heard(signals={"S.X": series})).details["count"] == 2
    longer = replace(rule, longer_than_s=0.15)
    assert longer.judge(heard(signals={"S.X": series})).details["count"] == 1


def test_time_without_the_work_earns_nothing_and_pauses_do_not_count():
    rule = TimeUsed(full_s=6, zero_s=10, requires_fields=("x",))
    answered = (Edit(t_ns=ns(1), field="x", value=3),)
    assert rule.judge(heard()).fraction == 0
    assert rule.judge(heard(form=answered)).fraction == 0
    paused = heard(form=answered, pauses=[(2, 6)])
    assert rule.judge(paused).measured.value == 6
    assert rule.judge(paused).fraction == 1
