import pytest

from examrunner.criteria.answer_dtc import AnswerDtc
from examrunner.criteria.answer_text import AnswerText, KeywordGroup
from examrunner.criteria.dtc_texts import read_dtc
from examrunner.criteria.keywords import says
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


CHAIN = AnswerText(
    field="chain",
    groups=(
        KeywordGroup(id="timing", any=("bit timing", "位时间")),
        KeywordGroup(id="bus-off", any=("bus-off", "离线"), all=("TEC", "256")),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "Wrong bit timing: TEC reaches 256, then bus-off.",
        "位时间错误，ＴＥＣ＝２５６，节点离线。",
        "BIT  TIMING; tec>256; Bus Off",
    ],
)
def test_an_answer_that_says_everything_is_met_in_either_language(text):
    assert CHAIN.judge(heard(edit(5, "chain", text))).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("text", "share"),
    [("位时间错误", 0.5), ("bit timing, bus-off", 0.5), ("no idea", 0.0), (7, 0.0)],
)
def test_what_the_machine_does_not_find_an_examiner_reads(text, share):
    found = CHAIN.judge(heard(edit(5, "chain", text)))
    assert found.outcome is Outcome.NEEDS_REVIEW
    assert found.measured.value == share


def test_a_blank_text_is_not_met_and_nobody_has_to_read_it():
    found = CHAIN.judge(heard(edit(5, "chain", "x"), edit(6, "chain", "  ")))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "answer_text.blank"


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("the line is not open", "open"),
        ("the line isn\u2019t really open", "open"),
        ("no sign of open", "open"),
        ("没有断路", "断路"),
        ("未发现断路", "断路"),
        ("open", "not open"),
        ("not quite open", "not open"),
        ("reopened", "open"),
        ("opne", "open"),
        ("anything", ""),
    ],
)
def test_a_negated_or_another_word_is_no_hit(text, keyword):
    assert not says(text, keyword)


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("not closed, but open", "open"),
        ("the line is not open", "not open"),
        ("无通信，CAN_H断路", "断路"),
        ("0.5 V", "0.5 v"),
        ("It is not open; later it was open", "open"),
    ],
)
def test_a_negation_reaches_no_further_than_its_clause(text, keyword):
    assert says(text, keyword)


def test_groups_earn_by_their_weight():
    heavy = KeywordGroup(id="a", any="short", weight=3)
    rule = AnswerText(field="f", groups=(heavy, KeywordGroup(id="b", any="ground")))
    assert rule.judge(heard(edit(1, "f", "short"))).measured.value == 0.75
