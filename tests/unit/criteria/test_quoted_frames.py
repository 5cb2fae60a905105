from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.answer_number import AnswerNumber
from examrunner.criteria.answered_numbers import NumberItem
from examrunner.criteria.asking import ask
from examrunner.criteria.events import Event
from examrunner.criteria.quoted_frames import payload_in
from examrunner.criteria.references import Reference
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.uds_service import UdsService
from examrunner.criteria.windows import Window
from examrunner.criteria.wording import both
from examrunner.model import e2e
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, Timeline, Verdict8
from examrunner.testing.timelines import a_hearing, a_message, an_exchange, ns

DATA_ID = 0x10E0
BAD_ROW, GOOD_ROW, SKIPPED_ROW = 30, 31, 50
TIME = AnswerNumber(
    items=(
        NumberItem(
            field="t",
            ref=Reference(frame="M", data_field="d"),
            tol_abs=0.01,
            zero_abs=0.01,
            unit="s",
        ),
    )
)
CRC = AnswerNumber(
    items=(
        NumberItem(
            field="c", ref=Reference(crc_of="M", data_field="d"), notation="hex"
        ),
    )
)


def payload(row: int) -> bytes:
    return bytes([0xEE, row, 2, 3, 4, 5, 6, 7])


def heard(*answers, data_id=DATA_ID, pauses=(), start_s=1.0):
    """A frame every 0.1 s; rows 30 and 10 are bad and 50 counts wrongly."""
    sent = a_message("M", np.arange(100) / 10)
    sent.frames.data[:] = [list(payload(row)) for row in range(100)]
    sent.frames.data[10] = sent.frames.data[BAD_ROW]
    crc = np.full(100, Verdict8.GOOD, np.uint8)
    crc[[10, BAD_ROW]] = Verdict8.BAD
    counter = np.full(100, Verdict8.GOOD, np.uint8)
    counter[SKIPPED_ROW] = Verdict8.SKIPPED
    timeline = Timeline(
        duration_ns=ns(10),
        messages={"M": replace(sent, crc=crc, counter=counter, data_id=data_id)},
        form=tuple(
            Edit(t_ns=ns(t_s), field=field, value=value)
            for t_s, field, value in answers
        ),
    )
    return a_hearing(timeline, start_s=start_s, pauses=pauses)


def quoted(row=BAD_ROW, at_s=8.0):
    return (at_s, "d", payload(row).hex(" "))


def test_a_decimal_comma_with_three_digits_after_it_is_not_taken_for_thousands():
    assert TIME.judge(heard(quoted(), (8.5, "t", "2,004"))).fraction == 1
    assert TIME.judge(heard(quoted(), (8.5, "t", "2,104"))).fraction == 0


def test_a_bad_frame_is_found_by_its_payload_and_exam_time():
    found = TIME.judge(heard(quoted(), (8.5, "t", "2.004 s")))
    assert found.outcome is Outcome.MET
    assert found.reason.values["parts"][0].values["right"] == 2.0


def test_the_same_payload_twice_means_the_frame_that_is_nearer():
    assert TIME.judge(heard(quoted(), (8.5, "t", "0.0"))).outcome is Outcome.MET


@pytest.mark.parametrize("typed", ["2.011", "1.989", "3"])
def test_ten_milliseconds_are_the_limit(typed):
    found = TIME.judge(heard(quoted(), (8.5, "t", typed)))
    assert found.outcome is Outcome.NOT_MET


def test_a_frame_that_counts_wrongly_is_as_bad():
    found = TIME.judge(heard(quoted(SKIPPED_ROW), (8.5, "t", "4.0")))
    assert found.outcome is Outcome.MET


@pytest.mark.parametrize(
    "answer",
    [
        quoted(GOOD_ROW),
        (8.0, "d", "12 34 56 78 9A BC DE F0"),
        (8.0, "d", "12 34"),
        (8.0, "d", "EE" * 9),
        (8.0, "d", "no hex"),
        (8.0, "other", "EE"),
        quoted(BAD_ROW, at_s=0.9),
    ],
)
def test_a_frame_that_is_well_or_was_never_sent_earns_nothing(answer):
    for rule, field, value in ((TIME, "t", "2.0"), (CRC, "c", "00")):
        found = rule.judge(heard(answer, (8.5, field, value)))
        assert found.outcome is Outcome.NOT_MET
        assert found.reason.values["parts"][0].key == "answer_number.unmeasured"


def test_a_frame_that_comes_only_later_cannot_have_been_quoted():
    found = TIME.judge(heard(quoted(SKIPPED_ROW, at_s=4.0), (4.5, "t", "4.0")))
    assert found.outcome is Outcome.NOT_MET


def test_pauses_are_no_exam_time():
    told = heard(quoted(), (8.5, "t", "1.5"), pauses=((1.5, 2.0),))
    assert TIME.judge(told).outcome is Outcome.MET


@pytest.mark.parametrize("written", ["0x{:02X}", "{:02x}", "{:02X}h", "{:02X} H"])
def test_the_checksum_is_worked_out_over_the_data_id(written):
    right = e2e.crc_of(DATA_ID, payload(BAD_ROW))
    found = CRC.judge(heard(quoted(), (8.5, "c", written.format(right))))
    assert found.outcome is Outcome.MET


def test_the_checksum_that_was_seen_is_not_the_one_that_is_right():
    found = CRC.judge(heard(quoted(), (8.5, "c", "EE")))
    assert found.outcome is Outcome.NOT_MET


@pytest.mark.parametrize("typed", ["3G", "0x", "", "-3E", "3 E"])
def test_what_is_no_hexadecimal_number_earns_nothing(typed):
    assert CRC.judge(heard(quoted(), (8.5, "c", typed))).outcome is Outcome.NOT_MET


def test_an_unknown_data_id_or_message_asks_for_an_examiner():
    told = heard(quoted(), (8.5, "c", "00"), data_id=None)
    with pytest.raises(MissingError, match="data id M"):
        CRC.judge(told)
    elsewhere = Reference(crc_of="Other", data_field="d")
    with pytest.raises(MissingError, match="Other"):
        AnswerNumber(items=(replace(CRC.items[0], ref=elsewhere),)).judge(told)


def test_the_question_is_asked_in_both_languages():
    for rule in (TIME, CRC):
        said = both(rule.rule())
        assert "bad frame of M" in said["en"]
        assert "错误帧" in said["zh"]


@given(st.binary(min_size=1, max_size=8), st.sampled_from(["", " ", "-", ", ", " 0x"]))
def test_a_payload_means_the_same_however_it_is_separated(content, between):
    text = between.join(f"{byte:02X}" for byte in content)
    assert payload_in(text) == content
    assert payload_in(text.lower()) == content


@pytest.mark.parametrize(
    ("asked_s", "cleared_s", "outcome"),
    [(3, 5, Outcome.MET), (6, 5, Outcome.NOT_MET), (6, None, Outcome.MET)],
)
def test_a_window_may_close_at_an_event_or_else_at_the_end(asked_s, cleared_s, outcome):
    exchanges = [an_exchange(asked_s, "VCU", "19 02 FF", "59 02 FF")]
    if cleared_s is not None:
        exchanges.append(an_exchange(cleared_s, "VCU", "14 FF FF FF", "54"))
    timeline = Timeline(
        duration_ns=ns(10),
        exchanges=tuple(sorted(exchanges, key=lambda each: each.from_ns)),
    )
    clearing = Event(uds=UdsPattern(sid=0x14), nth=1, else_="exam.end")
    rule = UdsService(request=UdsPattern(sid=0x19), window=Window(to=clearing))
    assert ask(rule, a_hearing(timeline)).outcome is outcome
