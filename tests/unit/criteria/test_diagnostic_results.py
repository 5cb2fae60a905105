from dataclasses import replace

import pytest

from examrunner.criteria.dtc_status import DtcStatus
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


CODE = DtcStatus(ecu="VCU", dtc="U0121-87", bits=0x08)
CLEARED = DtcStatus(ecu="VCU", dtc="U0121-87", mask=0x09, equals=0)


def codes(t_s, *listed, mask="FF", **more):
    answer = "59 02 FF " + " ".join(listed)
    return an_exchange(t_s, "VCU", f"19 02 {mask}", answer, **more)


def test_the_last_list_decides_about_a_code():
    stored, gone = codes(5, "C12187 2F"), codes(9, "C12187 50")
    assert CODE.judge(heard(stored)).outcome is Outcome.MET
    found = CODE.judge(heard(stored, gone))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.values["before"] == "U0121-87 2F"
    assert found.reason.values["after"] == "U0121-87 50"
    assert CLEARED.judge(heard(stored, gone)).outcome is Outcome.MET
    assert CODE.judge(heard()).reason.key == "dtc_status.never"


def test_the_whole_status_byte_can_be_wanted_under_a_mask():
    rule = replace(CODE, bits=0, mask=0x7F, equals=0x2F)
    assert rule.judge(heard(codes(5, "C12187 AF"))).outcome is Outcome.MET
    assert rule.judge(heard(codes(5, "C12187 2E"))).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("19 06 C12187 FF", "59 06 C12187 08 01 05"),
        ("19 0A", "59 0A FF C12187 08 00000000"),
    ],
)
def test_extended_data_and_supported_codes_tell_the_status_too(request_, answer):
    found = CODE.judge(heard(an_exchange(5, "VCU", request_, answer)))
    assert found.outcome is Outcome.MET


def test_extended_data_of_another_code_tell_nothing():
    other = an_exchange(9, "VCU", "19 06 C12287 FF", "59 06 C12287 00 01 05")
    assert CODE.judge(heard(codes(5, "C12187 08"), other)).outcome is Outcome.MET


def test_a_mask_without_the_wanted_bits_did_not_ask():
    found = CODE.judge(heard(codes(5, "C12187 0D", mask="04")))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "dtc_status.not_asked"
    assert CLEARED.judge(heard(codes(5, mask="08"))).fraction == 0
    assert CLEARED.judge(heard(codes(5, mask="09"))).fraction == 1


def test_padding_is_no_code():
    assert CLEARED.judge(heard(codes(5, "00000000"))).outcome is Outcome.MET
    assert CODE.judge(heard(codes(5, "00000000"))).outcome is Outcome.NOT_MET


@pytest.mark.parametrize("format_", ["00", "04"])
def test_codes_of_a_foreign_format_are_refused(format_):
    counted = an_exchange(2, "VCU", "19 01 FF", f"59 01 FF {format_} 00 01")
    stored = codes(5, "C12187 2F")
    assert CODE.judge(heard(counted, stored)).outcome is Outcome.MET
    foreign = an_exchange(2, "VCU", "19 01 FF", "59 01 FF 02 00 01")
    assert CODE.judge(heard(foreign, stored)).outcome is Outcome.NOT_MEASURED


def test_codes_that_the_agent_read_or_nobody_recorded():
    post = codes(90, "C12187 2F", phase="post")
    assert CODE.judge(heard(post)).outcome is Outcome.NOT_MET
    lost = replace(codes(9), replies=(), outcome=ExchangeOutcome.NOT_RECORDED)
    assert CODE.judge(heard(codes(5), lost)).outcome is Outcome.NOT_MEASURED
