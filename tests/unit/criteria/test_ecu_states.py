from dataclasses import replace

import pytest

from examrunner.criteria.ecu_states import states_of
from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.events import Event
from examrunner.criteria.guard import Guard
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.uds_session import UdsSecurity, UdsSession
from examrunner.criteria.uds_state import UdsState
from examrunner.criteria.wording import both
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import ExchangeOutcome, Timeline
from examrunner.testing.timelines import a_hearing, an_exchange, losses, ns


def timeline(*exchanges, **more):
    return Timeline(duration_ns=ns(100), exchanges=exchanges, **more)


def heard(*exchanges, **more):
    return a_hearing(timeline(*exchanges, **more))


EXTENDED = an_exchange(10, "EPS", "10 03", "50 03 00 32 01 F4")
SEED = an_exchange(11, "EPS", "27 01", "67 01 11 22 33 44", session=3)
KEY = an_exchange(12, "EPS", "27 02 00 00 00 00", "67 02", session=3)
WRITE = an_exchange(13, "EPS", "2E 0210 0190", "6E 0210", session=3, unlocked=True)
UNLOCKED = (EXTENDED, SEED, KEY, WRITE)
AT_WRITE = Event(uds=UdsPattern(ecu="EPS", sid=0x2E))
IN_EXTENDED = UdsSession(ecu="EPS", session=3)
OPEN = UdsSecurity(ecu="EPS", level=1)


def line(*exchanges):
    return [(s.text(), s.cause) for s in states_of(timeline(*exchanges), "EPS")]


def test_states_follow_session_key_and_silence():
    assert line(*UNLOCKED) == [
        ("01", "start"),
        ("03", "session"),
        ("03+01", "unlock"),
        ("01", "s3"),
    ]
    last = states_of(timeline(*UNLOCKED), "EPS")[-1]
    assert last.from_ns == ns(18.02)


def test_a_reset_and_another_session_lock_again():
    reset = an_exchange(14, "EPS", "11 01", "51 01", session=3, unlocked=True)
    assert line(*UNLOCKED, reset)[-1] == ("01", "reset")
    again = an_exchange(14, "EPS", "10 03", "50 03", session=3, unlocked=True)
    assert line(*UNLOCKED, again)[3] == ("03", "session")


@pytest.mark.parametrize("ecu", ["EPS", "*"])
def test_tester_present_keeps_a_session_alive(ecu):
    session = 3 if ecu == "EPS" else 1
    alive = [an_exchange(t, ecu, "3E 80", session=session) for t in (14, 18, 22)]
    assert states_of(timeline(EXTENDED, *alive), "EPS")[-1].from_ns == ns(27)


def test_a_refused_session_and_a_wrong_key_change_nothing():
    refused = an_exchange(5, "EPS", "10 03", "7F 10 22")
    wrong = an_exchange(12, "EPS", "27 02 00", "7F 27 35", session=3)
    assert line(refused) == [("01", "start")]
    found = OPEN.judge(heard(EXTENDED, SEED, wrong))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.values["wrong_keys"] == 1


def test_a_session_counts_when_it_was_reached_at_some_time():
    assert IN_EXTENDED.judge(heard(*UNLOCKED)).outcome is Outcome.MET
    assert IN_EXTENDED.judge(heard()).outcome is Outcome.NOT_MET
    other = UdsSession(ecu="ESC", session=3)
    assert other.judge(heard(*UNLOCKED)).outcome is Outcome.NOT_MET
    found = OPEN.judge(heard(*UNLOCKED))
    assert found.outcome is Outcome.MET
    assert found.measured.value == 6
    assert "03+01 (unlocked, at 12.02 s)" in both(found.reason)["en"]
    assert replace(OPEN, level=3).judge(heard(*UNLOCKED)).outcome is Outcome.NOT_MET


def test_at_an_event_the_state_of_that_moment_counts():
    late = an_exchange(30, "EPS", "2E 0210 0190", "7F 2E 7F")
    for rule in (IN_EXTENDED, OPEN):
        at = replace(rule, at=AT_WRITE)
        assert at.judge(heard(*UNLOCKED)).outcome is Outcome.MET
        assert at.judge(heard(*UNLOCKED, late)).outcome is Outcome.NOT_MET
        partly = replace(at, partial=True).judge(heard(*UNLOCKED, late))
        assert partly.fraction == 0.5
        never = at.judge(heard(EXTENDED))
        assert never.reason.key == "uds_state.absent"


def test_what_the_agent_opened_is_not_the_candidates():
    own = [replace(e, phase="pre") for e in UNLOCKED]
    assert IN_EXTENDED.judge(heard(*own)).outcome is Outcome.NOT_MET
    assert OPEN.judge(heard(*own)).outcome is Outcome.NOT_MET


def test_what_was_not_recorded_is_left_to_an_examiner():
    lost = an_exchange(5, "EPS", "10 03", outcome=ExchangeOutcome.NOT_RECORDED)
    assert IN_EXTENDED.judge(heard(lost)).outcome is Outcome.NOT_MEASURED
    assert OPEN.judge(heard(lost)).outcome is Outcome.NOT_MEASURED
    gap = losses(("CH1", 10, 20))
    assert IN_EXTENDED.judge(heard(health=gap)).outcome is Outcome.NOT_MEASURED
    assert IN_EXTENDED.judge(heard(*UNLOCKED, lost)).outcome is Outcome.MET
    at = replace(IN_EXTENDED, at=AT_WRITE)
    write = an_exchange(7, "EPS", "2E 0210 0190", "7F 2E 7F")
    assert at.judge(heard(lost, write)).outcome is Outcome.NOT_MEASURED


def claim(**state):
    return Predicate(uds_state=UdsState(ecu="EPS", **state))


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        ({"session": 3}, True),
        ({"session": 1}, False),
        ({"security": 1}, True),
        ({"security": 3}, False),
        ({"security": 0}, False),
        ({"session": 3, "security": 1}, True),
    ],
)
def test_a_predicate_asks_for_session_and_security(state, holds):
    rule = Guard(at=AT_WRITE, require=claim(**state), when_event_absent="fail")
    found = rule.judge(heard(*UNLOCKED))
    assert found.outcome is (Outcome.MET if holds else Outcome.NOT_MET)
    assert "uds.EPS was 03+01" in both(found.reason)["en"]


def test_a_guard_about_a_lost_state_needs_review():
    lost = an_exchange(12, "EPS", "10 03", outcome=ExchangeOutcome.NOT_RECORDED)
    rule = Guard(at=AT_WRITE, require=claim(session=3), when_event_absent="fail")
    found = rule.judge(heard(lost, replace(WRITE, session=1, unlocked=False)))
    assert found.outcome is Outcome.NEEDS_REVIEW


def test_a_predicate_about_a_state_lasts_until_s3_and_knows_its_losses():
    rule = EventDwell(predicate=claim(session=3), score=Scale(full=8, zero=0))
    found = rule.judge(heard(*UNLOCKED))
    assert found.fraction == 1
    assert found.measured.value == 8
    lost = rule.judge(heard(*UNLOCKED, health=losses(("CH1", 12.5, 20))))
    assert lost.outcome is Outcome.NOT_MEASURED


def test_an_unlocking_that_was_never_heard_leaves_its_level_open():
    seen = replace(WRITE, from_ns=ns(13), to_ns=ns(13))
    assert OPEN.judge(heard(seen)).outcome is Outcome.NOT_MEASURED
    rule = Guard(at=AT_WRITE, require=claim(security=0), when_event_absent="fail")
    assert rule.judge(heard(seen)).outcome is Outcome.NOT_MET
    locked = replace(seen, unlocked=False)
    assert rule.judge(heard(locked)).outcome is Outcome.MET
