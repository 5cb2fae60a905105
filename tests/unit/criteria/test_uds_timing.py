from dataclasses import replace

import pytest

from examrunner.criteria.scales import Scale
from examrunner.criteria.uds_timing import UdsTiming
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import ExchangeOutcome, Reply, Timeline
from examrunner.testing.timelines import a_hearing, an_exchange, losses, ns


def heard(*exchanges, **more):
    timeline = Timeline(duration_ns=ns(100), exchanges=exchanges, **more)
    return a_hearing(timeline)


ALIVE = UdsTiming(ecu="EPS")
PATIENT = replace(ALIVE, hasty=Scale(full=0, zero=2))
OPENED = an_exchange(10, "EPS", "10 03", "50 03")
CLOSED = an_exchange(20, "EPS", "10 01", "50 01", session=3)
KEPT = [an_exchange(t, "EPS", "3E 80", session=3) for t in (14, 18)]


def test_a_session_that_is_kept_alive_and_closed_passes():
    assert ALIVE.judge(heard(OPENED, *KEPT, CLOSED)).outcome is Outcome.MET


def test_each_session_that_falls_back_counts():
    found = ALIVE.judge(heard(OPENED))
    assert found.outcome is Outcome.NOT_MET
    assert found.measured.value == 1
    assert found.evidence[0].from_s == 15.02
    rule = replace(ALIVE, expiries=Scale(full=0, zero=2))
    assert rule.judge(heard(OPENED)).fraction == 0.5


def test_without_a_session_nothing_was_kept_alive():
    read = an_exchange(5, "EPS", "22 0210", "62 0210 0000")
    assert ALIVE.judge(heard(read)).reason.key == "uds_timing.never"
    own = replace(OPENED, phase="pre")
    assert ALIVE.judge(heard(own)).outcome is Outcome.NOT_MET


def read(t_s, answer="62 0210 0000", request="22 0210", **more):
    return an_exchange(t_s, "EPS", request, answer, session=3, **more)


PENDING = replace(
    read(12, None),
    replies=(Reply(from_ns=ns(12.04), to_ns=ns(12.04), data=b"\x7f\x22\x78"),),
    outcome=ExchangeOutcome.PENDING,
)


@pytest.mark.parametrize(
    ("first", "next_s", "hasty"),
    [
        (read(12), 12.01, 1),
        (read(12), 12.03, 0),
        (read(12, None), 12.03, 1),
        (read(12, None), 12.06, 0),
        (PENDING, 13.0, 1),
        (read(12, None, "3E 00"), 12.01, 0),
        (read(12, None, "10 83"), 12.01, 0),
        (read(12, None, outcome=ExchangeOutcome.NOT_RECORDED), 12.01, 0),
    ],
)
def test_a_request_has_to_wait_for_the_answer_or_p2(first, next_s, hasty):
    exchanges = [OPENED, first, read(next_s), *KEPT[1:], CLOSED]
    exchanges.insert(3, replace(KEPT[0], from_ns=ns(16), to_ns=ns(16)))
    found = PATIENT.judge(heard(*exchanges))
    assert found.details == {"expiries": 0, "hasty": hasty}
    assert found.fraction == 1 - hasty / 2
    assert ALIVE.judge(heard(*exchanges)).outcome is Outcome.MET


def test_what_was_not_recorded_is_left_to_an_examiner():
    gap = losses(("CH1", 11, 19))
    found = ALIVE.judge(heard(OPENED, CLOSED, health=gap))
    assert found.outcome is Outcome.NOT_MEASURED
    lost = replace(OPENED, replies=(), outcome=ExchangeOutcome.NOT_RECORDED)
    assert ALIVE.judge(heard(lost)).outcome is Outcome.NOT_MEASURED
