from dataclasses import replace

import pytest

from examrunner.criteria.events import Event
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.obd_service import ObdService
from examrunner.criteria.pid_values import PidFormula
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import ExchangeOutcome, Timeline
from examrunner.testing.timelines import a_hearing, an_exchange, ns


def heard(*exchanges):
    return a_hearing(Timeline(duration_ns=ns(100), exchanges=exchanges))


SPEED = an_exchange(5, "VCU", "01 0C", "41 0C 1A F8")
COOLANT = an_exchange(6, "VCU", "01 05", "41 05 7B")
REVOLUTIONS = ObdService(
    mode=0x01,
    pids=(0x0C,),
    value=PidFormula(bytes_=2, divisor=4, unit="rpm"),
    min=1700,
    max=1800,
)


@pytest.mark.parametrize(
    ("mode", "request_", "answer"),
    [
        (0x03, "03", "43 01 01 33"),
        (0x04, "04", "44"),
        (0x07, "07", "47 00"),
        (0x0A, "0A", "4A 00"),
        (0x09, "09 02", "49 02 01 4C"),
    ],
)
def test_every_mode_counts_once_it_is_answered(mode, request_, answer):
    rule = ObdService(mode=mode)
    asked = an_exchange(5, "VCU", request_, answer)
    assert rule.judge(heard(asked)).outcome is Outcome.MET
    refused = an_exchange(5, "VCU", request_, f"7F {mode:02X} 11")
    assert rule.judge(heard(refused)).outcome is Outcome.NOT_MET
    assert rule.judge(heard()).outcome is Outcome.NOT_MET
    own = replace(asked, phase="pre")
    assert rule.judge(heard(own)).outcome is Outcome.NOT_MET


def test_each_parameter_earns_its_share_also_of_one_request():
    rule = ObdService(mode=0x01, pids=(0x0C, 0x05, 0x0D, 0x11))
    assert rule.judge(heard(SPEED, COOLANT)).fraction == 0.5
    both = an_exchange(5, "VCU", "01 0C 05", "41 0C 1A F8 05 7B")
    assert rule.judge(heard(both)).fraction == 0.5
    assert replace(rule, ecu="ESC").judge(heard(both)).fraction == 0


def test_a_value_is_read_by_its_formula():
    found = REVOLUTIONS.judge(heard(COOLANT, SPEED))
    assert found.outcome is Outcome.MET
    assert (found.measured.value, found.measured.unit) == (1726, "rpm")
    later = an_exchange(9, "VCU", "01 0C", "41 0C 00 00")
    assert REVOLUTIONS.judge(heard(SPEED, later)).outcome is Outcome.NOT_MET
    coolant = ObdService(
        mode=0x01, pids=(0x05,), value=PidFormula(offset=-40), min=83, max=83
    )
    assert coolant.judge(heard(COOLANT)).outcome is Outcome.MET
    assert coolant.judge(heard(SPEED)).reason.key == "obd_service.unread"


def test_a_freeze_frame_has_a_frame_number_before_its_value():
    frozen = an_exchange(5, "VCU", "02 0C 00", "42 0C 00 1A F8")
    assert replace(REVOLUTIONS, mode=0x02).judge(heard(frozen)).fraction == 1


def test_a_short_answer_holds_no_number():
    short = an_exchange(5, "VCU", "01 0C", "41 0C 1A")
    found = REVOLUTIONS.judge(heard(short))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "obd_service.undecodable"
    assert found.measured is None


def test_answers_that_were_not_recorded_are_left_to_an_examiner():
    lost = an_exchange(9, "VCU", "01 0C", outcome=ExchangeOutcome.NOT_RECORDED)
    for rule in (REVOLUTIONS, ObdService(mode=0x01)):
        assert rule.judge(heard(lost)).outcome is Outcome.NOT_MEASURED
    rule = ObdService(mode=0x01, pids=(0x05,))
    assert rule.judge(heard(lost)).outcome is Outcome.NOT_MET
    assert ObdService(mode=0x03).judge(heard(lost)).outcome is Outcome.NOT_MET


def test_clearing_with_mode_04_can_be_forbidden():
    rule = Forbidden(events=(Event(uds=UdsPattern(sid=0x04)),))
    cleared = an_exchange(5, "VCU", "04", "44")
    assert rule.judge(heard(cleared)).outcome is Outcome.NOT_MET
    assert rule.judge(heard(SPEED)).outcome is Outcome.MET
