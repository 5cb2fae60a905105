import pytest

from examrunner.criteria.answer_dtc import AnswerDtc
from examrunner.criteria.dtc_texts import read_dtc
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, Timeline
from examrunner.testing.timelines import a_hearing, ns


def edit(t_s, field, value, submit=False):
    return Edit(t_ns=ns(t_s), field=field, value=value, submit=submit)


def heard(*form, stop_s=None):
    return a_hearing(Timeline(duration_ns=ns(100), form=form), stop_s=stop_s)


CODE = AnswerDtc(field="dtc", key="C0460-54")


@pytest.mark.parametrize(
    "typed",
    [
        "C0460-54",
        "C046054",
        "C0460 54",
        "0x446054",
        "c0460–54",
        "CO46O-54",
        "Ｃ０４６０－５４",
        " C0460:54 ",
        "0X446O54",
    ],
)
def test_a_trouble_code_means_the_same_however_it_is_typed(typed):
    found = CODE.judge(heard(edit(5, "dtc", typed)))
    assert found.outcome is Outcome.MET
    assert found.evidence[0].from_s == 5


@pytest.mark.parametrize("typed", ["C0460-55", "C0460", "0x4460"])
def test_the_right_code_without_its_failure_type_earns_half(typed):
    found = CODE.judge(heard(edit(5, "dtc", typed)))
    assert found.outcome is Outcome.PARTLY_MET
    assert found.fraction == 0.5


@pytest.mark.parametrize("typed", ["C0461-54", "U0460-54", "446054", "C0460-5", 54])
def test_another_code_or_none_earns_nothing(typed):
    assert CODE.judge(heard(edit(5, "dtc", typed))).outcome is Outcome.NOT_MET


def test_a_blank_code_and_one_after_the_stop_are_no_answer():
    assert CODE.judge(heard(edit(5, "dtc", " "))).reason.key == "answer_dtc.blank"
    late = heard(edit(60, "dtc", "C0460-54"), stop_s=50)
    assert CODE.judge(late).reason.key == "answer_dtc.blank"


def test_a_key_without_failure_type_asks_for_none():
    rule = AnswerDtc(field="dtc", key="C0460", also="U0121-87")
    assert rule.judge(heard(edit(5, "dtc", "C046011"))).fraction == 1
    assert rule.judge(heard(edit(5, "dtc", "U0121-87"))).fraction == 1
    assert rule.judge(heard(edit(5, "dtc", "U0121-88"))).fraction == 0.5


def test_a_key_that_is_no_code_is_missing():
    with pytest.raises(MissingError):
        AnswerDtc(field="dtc", key="?").judge(heard(edit(5, "dtc", "C0460")))


def test_a_code_beyond_the_first_digit_three_does_not_exist():
    assert read_dtc("P4000") is None
    assert read_dtc("U3FFF-FF").base == 0xFFFF


def test_the_reason_says_what_was_typed_and_what_it_earns():
    words = both(CODE.judge(heard(edit(5, "dtc", "C0460"))).reason)
    assert "C0460" in words["en"]
    assert "0.5 of 1" in words["en"]
    assert "0.5" in words["zh"]
    assert "5 s" in words["zh"]
