import base64
import hashlib
import json

import pytest

from examrunner.criteria.attachment import Attachment
from examrunner.criteria.examiner_check import ExaminerCheck
from examrunner.criteria.wording import both
from examrunner.model.decision import Decision
from examrunner.model.judgement import Outcome
from examrunner.model.text import Text
from examrunner.model.timeline import Edit, Timeline
from examrunner.scoring.deciding import settled
from examrunner.testing.timelines import a_hearing, ns

CALIBRATION = json.dumps(
    {
        "camera_matrix": [[900.0, 0, 640], [0, 901, 360], [0, 0, 1]],
        "distortion": [0.1, 0, 0, 0, 0],
        "image_size": [1280, 720],
    }
).encode()
FILE = Attachment(field="file", format="calibration", max_bytes=2000)


def upload(t_s, content, name="k.json"):
    text = base64.b64encode(content).decode()
    value = {"name": name, "media_type": "x", "base64": text}
    return Edit(t_ns=ns(t_s), field="file", value=value)


def heard(*form, start_s=10, stop_s=90):
    timeline = Timeline(duration_ns=ns(100), form=form)
    return a_hearing(timeline, start_s=start_s, stop_s=stop_s)


def test_a_readable_file_in_time_is_met_and_its_digest_is_told():
    found = FILE.judge(heard(upload(20, CALIBRATION)))
    assert found.outcome is Outcome.MET
    assert hashlib.sha256(CALIBRATION).hexdigest() in both(found.reason)["en"]
    assert found.measured.value == len(CALIBRATION)


@pytest.mark.parametrize("head", ["%YAML:1.0", "%YAML 1.2"])
def test_calibrations_of_either_opencv_are_readable(head):
    text = f"""{head}
---
image_width: 1280
image_height: 720
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ 900., 0., 640., 0., 901., 360., 0., 0., 1. ]
distortion_coefficients: !!opencv-matrix
   rows: 1
   cols: 5
   dt: d
   data: [ 0.1, 0., 0., 0., 0. ]
"""
    found = FILE.judge(heard(upload(20, text.encode(), "k.yaml")))
    assert found.outcome is Outcome.MET, both(found.reason)["en"]


def test_a_newer_file_replaces_an_older_and_both_are_counted():
    found = FILE.judge(heard(upload(20, CALIBRATION), upload(30, b"{}")))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "attachment.unusable"
    assert found.details["versions"] == 2


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ((), "attachment.blank"),
        ((Edit(t_ns=ns(20), field="file", value=None),), "attachment.blank"),
        ((upload(20, CALIBRATION), Edit(t_ns=ns(21), field="file", value="")), "blank"),
        ((upload(95, CALIBRATION),), "attachment.outside"),
        ((upload(5, CALIBRATION),), "attachment.outside"),
        ((upload(20, b"x" * 2001),), "attachment.size"),
        ((upload(20, b""),), "attachment.size"),
    ],
)
def test_no_file_in_time_or_of_another_size_is_not_met(form, key):
    found = FILE.judge(heard(*form))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key.endswith(key)


def test_a_damaged_upload_is_not_met():
    value = {"name": "k", "media_type": "x", "base64": "!!"}
    found = FILE.judge(heard(Edit(t_ns=ns(20), field="file", value=value)))
    assert found.reason.key == "attachment.damaged"


def test_any_file_will_do_where_no_format_is_asked():
    rule = Attachment(field="file")
    assert rule.judge(heard(upload(20, b"x"))).outcome is Outcome.MET


CHECK = ExaminerCheck(text=Text(zh="断电", en="switched off"))


def said(level, by="examiner-1"):
    return Decision(criterion="A1", by=by, at="", reason="seen", level=level)


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([], Outcome.NEEDS_REVIEW),
        ([said(1)], Outcome.MET),
        ([said(0)], Outcome.NOT_MET),
        ([said(3)], Outcome.NEEDS_REVIEW),
        ([said(0), said(1)], Outcome.MET),
        ([said(0), said(1, by="examiner-2")], Outcome.NEEDS_REVIEW),
    ],
)
def test_an_examiner_says_yes_or_no_and_not_seen_stays_open(decisions, outcome):
    found = settled(CHECK.judge(heard()), CHECK, decisions)
    assert found.outcome is outcome
    assert both(found.reason)["zh"]
