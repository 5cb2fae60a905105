import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from examrunner.criteria.answer_choice import AnswerChoice
from examrunner.criteria.answer_number import AnswerNumber
from examrunner.criteria.answered_numbers import NumberItem
from examrunner.criteria.did_value import DidItem, DidValue
from examrunner.criteria.dtc_clear_verify import DtcClearVerify
from examrunner.criteria.dtc_codes import code_of, dtcs_in, matches_dtc
from examrunner.criteria.examiner_mark import ExaminerMark
from examrunner.criteria.ppe import Ppe
from examrunner.criteria.references import Reference
from examrunner.criteria.scales import Scale
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.uds_service import UdsService
from examrunner.criteria.verdicts import graded, left_open
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Measured, Outcome, Sentence
from examrunner.model.text import Text
from examrunner.model.timeline import Edit, ExchangeOutcome, Sighting, Timeline
from examrunner.testing.timelines import a_hearing, a_series, an_exchange, losses, ns


def heard(*exchanges, form=(), duration_s=100.0, stop_s=None, **more):
    judged = more.pop("judged", None)
    timeline = Timeline(
        duration_ns=ns(duration_s), exchanges=exchanges, form=tuple(form), **more
    )
    return a_hearing(timeline, stop_s=stop_s, judged=judged)


def edit(t_s, field, value, submit=False):
    return Edit(t_ns=ns(t_s), field=field, value=value, submit=submit)


WRITE = UdsPattern(ecu="EPS", sid=0x2E, did=0x0210, result="positive")


def test_a_write_counts_only_in_the_asked_session_and_unlocked():
    rule = UdsService(request=replace(WRITE, session=3, unlocked=True))
    done = an_exchange(1, "EPS", "2E 0210 0190", "6E 0210", session=3, unlocked=True)
    locked = replace(done, unlocked=False)
    assert rule.judge(heard(done)).outcome is Outcome.MET
    assert rule.judge(heard(locked)).outcome is Outcome.NOT_MET


def test_the_suppress_bit_is_no_part_of_a_sub_function():
    rule = UdsService(request=UdsPattern(sid=0x10, sub=0x03))
    assert rule.judge(heard(an_exchange(1, "EPS", "10 83"))).outcome is Outcome.MET


def test_each_identifier_of_one_read_counts():
    read = an_exchange(1, "EPS", "22 0210 0211", "62 0210 0190 0211 0000")
    rule = UdsService(request=UdsPattern(sid=0x22, did=0x0211, result="positive"))
    assert rule.judge(heard(read)).outcome is Outcome.MET


def test_the_agents_own_reads_are_never_credited():
    own = an_exchange(1, "EPS", "2E 0210 0190", "6E 0210", phase="post")
    assert UdsService(request=WRITE).judge(heard(own)).outcome is Outcome.NOT_MET


def test_different_ecus_count_once_each_and_tester_present_never():
    rule = UdsService(distinct_ecus=Scale(full=4, zero=0))
    exchanges = [
        an_exchange(1, "VCU", "19 02 08", "59 02 FF"),
        an_exchange(2, "VCU", "19 02 08", "59 02 FF"),
        an_exchange(3, "ESC", "19 02 08"),
        an_exchange(4, "SAS", "3E 00", "7E 00"),
    ]
    assert rule.judge(heard(*exchanges)).fraction == 0.5


def test_an_answer_that_was_not_recorded_is_left_to_an_examiner():
    asked = an_exchange(1, "EPS", "2E 0210 0190", outcome=ExchangeOutcome.NOT_RECORDED)
    found = UdsService(request=WRITE).judge(heard(asked))
    assert found.outcome is Outcome.NOT_MEASURED
    silent = an_exchange(1, "EPS", "2E 0210 0190")
    assert UdsService(request=WRITE).judge(heard(silent)).outcome is Outcome.NOT_MET


def test_a_lost_stretch_of_the_bus_does_not_prove_that_nothing_was_asked():
    found = UdsService(request=WRITE).judge(heard(health=losses(("CH1", 10, 20))))
    assert found.outcome is Outcome.NOT_MEASURED


def test_codes_convert_as_published():
    codes = {0x403123: "C0031-23", 0x803910: "B0039-10", 0xC07304: "U0073-04"}
    assert {number: code_of(number) for number in codes} == codes
    assert matches_dtc(0xC12187, "u01??-87 | P0*")
    assert not matches_dtc(0xC12187, "U0121-8")


def test_padding_and_other_answers_hold_no_codes():
    assert dtcs_in(bytes.fromhex("5902FF" + "00000000" * 2)) == ()
    assert dtcs_in(bytes.fromhex("7F1931")) == ()
    assert dtcs_in(bytes.fromhex("5902FFC121872F")) == ((0xC12187, 0x2F),)


GAINS = DidValue(
    ecu="EPS",
    dids=(
        DidItem(did=0x210, format="u16 0.01", equals=(Reference(field="kp"),)),
        DidItem(did=0x211, format="u16 0.01", equals=(Reference(field="ki"),)),
    ),
)


def test_the_last_reading_equals_what_was_typed_within_one_step():
    form = [edit(9, "kp", "4,01"), edit(9, "ki", 0)]
    one = an_exchange(1, "EPS", "22 0210", "62 0210 0001")
    both = an_exchange(2, "EPS", "22 0210 0211", "62 0210 0190 0211 0000")
    assert GAINS.judge(heard(one, both, form=form)).outcome is Outcome.MET
    wrong = [edit(9, "kp", 4.03), edit(9, "ki", 0)]
    assert GAINS.judge(heard(both, form=wrong)).fraction == 0.5
    assert GAINS.judge(heard(form=form)).fraction == 0


def test_a_reading_from_before_the_last_write_proves_nothing():
    form = [edit(9, "kp", 4), edit(9, "ki", 0)]
    rule = replace(GAINS, dids=GAINS.dids[:1], after_write=True)
    read = an_exchange(1, "EPS", "22 0210", "62 0210 0190")
    write = an_exchange(5, "EPS", "2E 0210 0190", "6E 0210")
    again = an_exchange(7, "EPS", "22 0210", "62 0210 0190")
    assert rule.judge(heard(read, write, form=form)).fraction == 0
    assert rule.judge(heard(read, write, again, form=form)).fraction == 1


CLEAR = DtcClearVerify(ecus=("VCU",), dtcs="U01??-87", hold_s=30)


def clearing(*, own="59 02 FF", post="59 02 FF C12187 00", post_s=50):
    found = [an_exchange(10, "VCU", "14 FFFFFF", "54")]
    if own is not None:
        found.append(an_exchange(15, "VCU", "19 02 09", own))
    if post is not None:
        found.append(an_exchange(post_s, "VCU", "19 02 FF", post, phase="post"))
    return found


@pytest.mark.parametrize(
    ("exchanges", "fraction"),
    [
        (clearing(), 1.0),
        (clearing(own=None), 0.7),
        (clearing(own="59 02 FF C12187 09"), 0.7),
        (clearing(post="59 02 FF C12187 01"), 0.7),
        (clearing(post="59 02 FF C12187 50"), 0.7),
        (clearing(post_s=20), 0.7),
        (clearing()[1:], 0.0),
    ],
)
def test_clearing_checking_and_proof_earn_their_parts(exchanges, fraction):
    assert CLEAR.judge(heard(*exchanges)).fraction == pytest.approx(fraction)


def test_before_the_agent_has_read_the_proof_is_open():
    found = CLEAR.judge(heard(*clearing(post=None)))
    assert found.outcome is Outcome.NOT_MEASURED


NODE = AnswerChoice(field="node", key="ESC", attempts=(1.0, 0.6, 0.3, 0.0))


def test_the_first_right_submission_decides_the_factor():
    tries = [edit(0, "node", "SAS", True), edit(70, "node", "ESC", True)]
    assert NODE.judge(heard(form=tries)).fraction == 0.6


def test_the_same_answer_twice_and_a_blank_are_no_attempts():
    tries = [
        edit(0, "node", "SAS", True),
        edit(5, "node", ""),
        edit(61, "node", "SAS", True),
        edit(75, "node", "ESC", True),
    ]
    assert NODE.judge(heard(form=tries)).details["attempt"] == 2


def test_a_submission_too_soon_after_the_last_does_not_count():
    tries = [edit(0, "node", "SAS", True), edit(20, "node", "ESC", True)]
    assert NODE.judge(heard(form=tries, duration_s=50)).fraction == 0


def test_the_last_saved_state_counts_when_time_is_up():
    assert NODE.judge(heard(form=[edit(3, "node", "ESC")])).fraction == 1
    after = [edit(3, "node", "SAS"), edit(60, "node", "ESC")]
    assert NODE.judge(heard(form=after, stop_s=50)).fraction == 0
    assert NODE.judge(heard()).reason.key == "answer_choice.blank"


def test_sets_earn_by_jaccard_or_by_right_minus_wrong():
    form = [edit(1, "ids", ["a", "b", "x"])]
    rule = AnswerChoice(field="ids", key=("a", "b", "c"), scoring="jaccard")
    assert rule.judge(heard(form=form)).fraction == 0.5
    other = replace(rule, scoring="right_minus_wrong")
    assert other.judge(heard(form=form)).fraction == pytest.approx(1 / 3, abs=1e-6)


def number(**ref):
    tolerances = {"tol_abs": ref.pop("tol_abs", 0.2), "zero_abs": ref.pop("zero", None)}
    item = NumberItem(field="u", ref=Reference(**ref), unit="V", **tolerances)
    return AnswerNumber(items=(item,))


def test_twice_the_tolerance_earns_nothing_and_between_a_part():
    rule = number(value=12.0)
    values = {12.2: 1, 12.3: 0.5, 12.4: 0, 11.7: 0.5}
    for typed, fraction in values.items():
        found = rule.judge(heard(form=[edit(1, "u", typed)]))
        assert found.fraction == pytest.approx(fraction), typed


def test_the_fault_boxs_value_at_the_edit_counts_not_a_later_one():
    supply = a_series("fib.s", [(0, 0.0), (50, 12.0)], hold_s=100)
    found = number(fib="s").judge(heard(form=[edit(40, "u", 0)], truth={"s": supply}))
    assert found.outcome is Outcome.MET


def test_a_look_back_takes_the_value_nearest_to_the_answer():
    supply = a_series("fib.s", [(0, 0.0), (50, 12.0)], hold_s=100)
    rule = number(fib="s", lookback_s=30.0)
    form = [edit(60, "u", 0)]
    assert rule.judge(heard(form=form, truth={"s": supply})).outcome is Outcome.MET


def test_a_missing_reference_is_missing_and_a_blank_answer_is_blank():
    with pytest.raises(MissingError):
        number(fib="s").judge(heard(form=[edit(40, "u", 0)]))
    blank = number(fib="s").judge(heard()).reason.values["parts"][0]
    assert blank.key == "answer_number.blank"


REASON = Sentence(key="missing", values={"what": "x"})


def test_an_answer_about_a_measurement_that_was_never_made_earns_nothing():
    form = [edit(1, "u", 5)]
    judged = {"C3": graded(0.0, REASON)}
    found = number(criterion="C3").judge(heard(form=form, judged=judged))
    assert found.reason.values["parts"][0].key == "answer_number.unmeasured"
    judged = {"C3": graded(1.0, REASON, measured=Measured(value=5.1))}
    assert number(criterion="C3").judge(heard(form=form, judged=judged)).fraction == 1
    judged = {"C3": left_open(Outcome.NOT_MEASURED, REASON)}
    with pytest.raises(MissingError):
        number(criterion="C3").judge(heard(form=form, judged=judged))


def test_numbers_of_an_uploaded_calibration_are_references():
    model = {
        "camera_matrix": [[900.0, 0, 640], [0, 901, 360], [0, 0, 1]],
        "distortion": [0.1, 0, 0, 0, 0],
        "image_size": [1280, 720],
    }
    content = base64.b64encode(json.dumps(model).encode()).decode()
    file = edit(1, "file", {"name": "k.json", "media_type": "x", "base64": content})
    rule = number(attachment="file", detail="fy", tol_abs=0.1)
    assert rule.judge(heard(form=[file, edit(2, "u", 901)])).fraction == 1
    bad = edit(1, "file", {"name": "k", "media_type": "x", "base64": "!!"})
    found = rule.judge(heard(form=[bad, edit(2, "u", 901)]))
    assert found.reason.values["parts"][0].key == "answer_number.no_file"


def marked(examiners=2):
    text = Text(zh="报告", en="report")
    return ExaminerMark(text=text, levels=(text,) * 4, examiners=examiners)


def test_examiners_levels_join_by_mean_or_median_and_far_ones_need_another_look():
    assert marked().fraction((3,)) is None
    assert marked().fraction((2, 3)) == pytest.approx(0.875)
    assert marked().fraction((1, 3)) is None
    assert marked(3).fraction((2, 3, 3)) == 1
    assert marked().judge(heard()).outcome is Outcome.NEEDS_REVIEW


def seen(*pictures):
    return [
        Sighting(
            camera="work_area",
            t_ns=ns(t),
            ids=np.array(ids, np.int32),
            corners_px=np.zeros((len(ids), 4, 2)),
        )
        for t, ids in pictures
    ]


PPE = Ppe(items={"coat": (901,), "gloves": (902, 903)}, person=(910,))


def test_equipment_is_seen_for_a_share_of_the_time_with_a_person():
    worn = seen((0, [910, 901, 903]), (85, [910]))
    assert PPE.judge(heard(sightings=worn)).outcome is Outcome.MET
    alone = seen((0, [910, 901, 903]), (40, []))
    assert PPE.judge(heard(sightings=alone)).outcome is Outcome.MET


def test_too_little_equipment_is_never_a_loss_by_itself():
    found = PPE.judge(heard(sightings=seen((0, [910, 901]))))
    assert found.outcome is Outcome.NEEDS_REVIEW
    nobody = PPE.judge(heard(sightings=seen((0, []))))
    assert nobody.outcome is Outcome.NOT_MEASURED
    with pytest.raises(MissingError):
        PPE.judge(heard())
