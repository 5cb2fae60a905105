from dataclasses import replace

import pytest

from examrunner.criteria.routine_result import RoutineResult
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import ExchangeOutcome, Timeline
from examrunner.testing.timelines import a_hearing, an_exchange, losses, ns


def heard(*exchanges, duration_s=100.0, **more):
    return a_hearing(Timeline(duration_ns=ns(duration_s), exchanges=exchanges, **more))


ROUTINE = RoutineResult(ecu="ADAS", rid=0x0301)
START = an_exchange(1, "ADAS", "31 01 03 01", "71 01 03 01")


def results(t_s, status="02", **more):
    return an_exchange(t_s, "ADAS", "31 03 03 01", f"71 03 03 01 {status}", **more)


def test_the_last_results_of_a_routine_decide():
    assert ROUTINE.judge(heard(START, results(5, "01"), results(9))).fraction == 1
    found = ROUTINE.judge(heard(START, results(5), results(9, "03 11")))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.values["status"] == "03 11"
    assert found.measured.value == 3


def test_status_and_result_bytes_can_both_be_wanted():
    rule = replace(ROUTINE, status=(0x02, 0x10))
    assert rule.judge(heard(results(5, "02 10 FF"))).outcome is Outcome.MET
    assert rule.judge(heard(results(5, "02"))).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("started_only", "outcome"), [(0.5, Outcome.PARTLY_MET), (0.0, Outcome.NOT_MET)]
)
def test_a_start_without_results_earns_what_the_rubric_says(started_only, outcome):
    rule = replace(ROUTINE, started_only=started_only)
    refused = an_exchange(5, "ADAS", "31 03 03 01", "7F 31 24")
    for exchanges in ([START], [START, refused]):
        found = rule.judge(heard(*exchanges))
        assert (found.outcome, found.fraction) == (outcome, started_only)
    assert rule.judge(heard()).fraction == 0


def test_results_that_the_agent_read_earn_nothing():
    found = ROUTINE.judge(heard(results(90, phase="post")))
    assert found.outcome is Outcome.NOT_MET


def test_results_that_were_not_recorded_are_left_to_an_examiner():
    lost = replace(results(9), replies=(), outcome=ExchangeOutcome.NOT_RECORDED)
    assert ROUTINE.judge(heard(START, lost)).outcome is Outcome.NOT_MEASURED
    failed = ROUTINE.judge(heard(results(5, "03"), lost))
    assert failed.outcome is Outcome.NOT_MEASURED
    earlier = replace(lost, from_ns=ns(2), to_ns=ns(2))
    assert ROUTINE.judge(heard(earlier, results(5, "03"))).outcome is Outcome.NOT_MET
    gap = ROUTINE.judge(heard(health=losses(("CH1", 10, 20))))
    assert gap.outcome is Outcome.NOT_MEASURED
