"""What was asked before an outage is evidence; what may lie in one is unknown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.asking import ask
from examrunner.criteria.did_value import DidItem, DidValue
from examrunner.criteria.dtc_clear_verify import DtcClearVerify
from examrunner.criteria.event_count import EventCount
from examrunner.criteria.event_latency import EventLatency
from examrunner.criteria.event_order import EventOrder
from examrunner.criteria.events import Event
from examrunner.criteria.guard import Guard
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.references import Reference
from examrunner.criteria.routine_result import RoutineResult
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_range import Limits, SignalRange
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.uds_service import UdsService
from examrunner.criteria.windows import Window
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, ExchangeOutcome, Timeline
from examrunner.testing.timelines import a_hearing, a_series, an_exchange, losses, ns

SESSION = an_exchange(10, "ESC", "10 03", "50 03 00 32 01 F4")
START = an_exchange(20, "ESC", "31 01 03 01", "71 01 03 01", session=3)
STARTED = UdsPattern(ecu="ESC", sid=0x31, sub=0x01, rid=0x0301, result="positive")
ASKED = UdsService(request=STARTED)
LONG, SHORT = ("CH1", 50.0, 52.0), ("CH1", 50.0, 50.05)


def heard(*exchanges, lost=(), signals=None, form=(), **more):
    timeline = Timeline(
        duration_ns=ns(1000),
        exchanges=tuple(replace(each, channel="CH1") for each in exchanges),
        health=losses(*lost),
        signals=signals or {},
        form=form,
    )
    return a_hearing(timeline, **more)


def orphan(t_s, answer):
    asked = an_exchange(t_s, "ESC", "00", answer)
    return replace(asked, request=b"", outcome=ExchangeOutcome.POSITIVE)


def test_a_request_that_was_recorded_stays_evidence_beside_an_outage():
    assert ASKED.judge(heard(SESSION, START, lost=[LONG])).fraction == 1


def test_a_missing_request_is_open_if_the_recorder_lost_time_enough_for_it():
    found = ASKED.judge(heard(SESSION, lost=[LONG]))
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.reason.key == "uds_service.outage"
    assert found.reason.values["lost_s"] == 2


def test_a_missing_request_was_not_made_if_the_recorder_lost_a_moment_only():
    assert ASKED.judge(heard(SESSION, lost=[SHORT])).outcome is Outcome.NOT_MET
    assert ASKED.judge(heard(SESSION)).outcome is Outcome.NOT_MET


def test_an_outage_outside_the_window_or_on_another_bus_changes_nothing():
    early = replace(ASKED, window=Window(for_s=40))
    assert early.judge(heard(SESSION, lost=[LONG])).outcome is Outcome.NOT_MET
    other = heard(SESSION, lost=[("CH2", 50.0, 60.0)])
    assert ASKED.judge(other).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("71 01 03 01", Outcome.NOT_MEASURED),
        ("71 01 03 02", Outcome.NOT_MET),
        ("71 03 03 01", Outcome.NOT_MET),
        ("7F 31 22", Outcome.NOT_MET),
    ],
)
def test_an_answer_without_its_request_leaves_open_what_it_may_answer(answer, outcome):
    lost = [("CH1", 29.99, 30.0)]
    early = replace(ASKED, window=Window(for_s=40))
    found = early.judge(heard(SESSION, orphan(30, answer), lost=lost))
    assert found.outcome is outcome


def test_a_reading_of_several_identifiers_may_answer_for_each():
    read = UdsPattern(ecu="ESC", sid=0x22, did=0xF18C, result="positive")
    rule = UdsService(request=read, window=Window(for_s=40))
    both = orphan(30, "62 F1 90 41 F1 8C 42")
    lost = [("CH1", 29.99, 30.0)]
    assert rule.judge(heard(SESSION, both, lost=lost)).outcome is Outcome.NOT_MEASURED


def test_a_session_that_nobody_heard_leaves_what_needs_it_open():
    needs = UdsService(request=replace(STARTED, session=3))
    in_default = replace(START, session=1)
    gap = [("CH1", 9.9, 10.5)]
    assert needs.judge(heard(in_default)).outcome is Outcome.NOT_MET
    found = needs.judge(heard(SESSION, in_default, lost=gap))
    assert found.outcome is Outcome.NOT_MEASURED


def order(*patterns, **more):
    return EventOrder(order=tuple(Event(uds=each) for each in patterns), **more)


FIRST = UdsPattern(ecu="ESC", sid=0x10, sub=0x03, result="positive")
LAST = UdsPattern(ecu="ESC", sid=0x11, sub=0x01, result="positive")
RESET = an_exchange(80, "ESC", "11 01", "51 01")


def test_what_is_missing_in_an_order_may_lie_in_an_outage_between_its_neighbours():
    rule = order(FIRST, STARTED, LAST, partial=True)
    between = heard(SESSION, RESET, lost=[LONG])
    assert rule.judge(between).outcome is Outcome.NOT_MEASURED
    behind = heard(SESSION, RESET, lost=[("CH1", 90.0, 91.0)])
    assert rule.judge(behind).outcome is Outcome.NOT_MEASURED
    nowhere = heard(SESSION, RESET, lost=[SHORT])
    assert rule.judge(nowhere).fraction == pytest.approx(1 / 3, abs=1e-6)


def test_an_outage_before_a_form_was_handed_in_cannot_hide_what_follows_it():
    submitted = Event(form="answer", submit=True)
    rule = EventOrder(order=(submitted, Event(uds=STARTED)))
    form = (Edit(t_ns=ns(60), field="answer", value=1, submit=True),)
    assert rule.judge(heard(SESSION, lost=[LONG], form=form)).fraction == 0
    after = heard(SESSION, lost=[("CH1", 70.0, 71.0)], form=form)
    assert rule.judge(after).outcome is Outcome.NOT_MEASURED


def test_a_guarded_event_that_may_have_been_missed_is_neither_zero_nor_left_out():
    guard = Guard(
        at=Event(uds=STARTED),
        require=Predicate(signal="A.X", max=1),
        when_event_absent="fail",
    )
    for absent in ("fail", "na"):
        rule = replace(guard, when_event_absent=absent)
        found = rule.judge(heard(SESSION, lost=[LONG]))
        assert found.outcome is Outcome.NOT_MEASURED
    assert guard.judge(heard(SESSION, lost=[SHORT])).fraction == 0


def test_counting_and_timing_leave_a_missed_request_open():
    counted = EventCount(event=Event(uds=STARTED), min=2)
    assert counted.judge(heard(START, lost=[LONG])).outcome is Outcome.NOT_MEASURED
    timed = EventLatency(
        from_=Event(uds=FIRST), to=Event(uds=STARTED), score=Scale(full=5, zero=60)
    )
    assert timed.judge(heard(SESSION, lost=[LONG])).outcome is Outcome.NOT_MEASURED
    assert timed.judge(heard(SESSION, lost=[SHORT])).fraction == 0


READ = DidValue(
    ecu="ESC",
    dids=(DidItem(did=0x0101, format="u16", equals=(Reference(value=7),)),),
)


def reading(t_s, value):
    return an_exchange(t_s, "ESC", "22 01 01", f"62 01 01 {value}")


def test_a_better_reading_may_lie_in_an_outage_after_the_last_one_only():
    wrong = reading(20, "00 09")
    assert READ.judge(heard(wrong, lost=[LONG])).outcome is Outcome.NOT_MEASURED
    late = reading(60, "00 09")
    assert READ.judge(heard(late, lost=[LONG])).fraction == 0
    assert READ.judge(heard(reading(20, "00 07"), lost=[LONG])).fraction == 1


def test_a_reading_with_a_lost_frame_is_left_open():
    torn = replace(
        reading(30, "00 07"), replies=(), outcome=ExchangeOutcome.NOT_RECORDED
    )
    assert READ.judge(heard(torn)).outcome is Outcome.NOT_MEASURED


def test_results_of_a_routine_may_lie_in_an_outage():
    rule = RoutineResult(ecu="ESC", rid=0x0301)
    assert rule.judge(heard(START, lost=[LONG])).outcome is Outcome.NOT_MEASURED
    assert rule.judge(heard(START, lost=[SHORT])).fraction == 0


def test_a_clearing_that_may_have_been_missed_is_left_open():
    rule = DtcClearVerify(ecus="ESC", dtcs="U*", hold_s=1)
    read = an_exchange(999, "ESC", "19 02 FF", "59 02 FF", phase="post")
    assert rule.judge(heard(SESSION, read)).fraction == 0
    found = rule.judge(heard(SESSION, read, lost=[LONG]))
    assert found.outcome is Outcome.NOT_MEASURED


X = {"A.X": a_series("A.X", [(t, 0 if t < 100 else 9) for t in range(1000)], hold_s=2)}
UNTIL_START = SignalRange(
    all=(Limits(signal="A.X", max=1),),
    window=Window(to=Event(uds=STARTED, nth=1, else_="exam.end")),
)


def test_a_window_whose_end_may_have_been_missed_is_not_taken_for_the_whole_exam():
    assert ask(UNTIL_START, heard(SESSION, signals=X, lost=[SHORT])).fraction == 0
    found = ask(UNTIL_START, heard(SESSION, signals=X, lost=[LONG]))
    assert found.outcome is Outcome.NOT_MEASURED


def test_less_than_full_marks_are_open_if_the_window_may_have_ended_before():
    late = replace(START, from_ns=ns(200), to_ns=ns(200))
    assert ask(UNTIL_START, heard(late, signals=X)).fraction == 0
    found = ask(UNTIL_START, heard(late, signals=X, lost=[LONG]))
    assert found.outcome is Outcome.NOT_MEASURED
    early = heard(START, signals=X, lost=[LONG])
    assert ask(UNTIL_START, early).fraction == 1


@given(at_s=st.floats(1, 900), hidden_s=st.floats(0.2, 15))
def test_hiding_a_request_in_an_outage_never_costs_its_points(at_s, hidden_s):
    outage = ("CH1", at_s, at_s + hidden_s)
    found = ASKED.judge(heard(SESSION, lost=[outage]))
    assert found.fraction is None
