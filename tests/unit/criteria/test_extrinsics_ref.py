import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.extrinsics_ref import ExtrinsicsRef, Weights
from examrunner.criteria.pose_conventions import BODY_TO_OPTICAL, inverse
from examrunner.criteria.poses import Pose
from examrunner.criteria.scales import Scale
from examrunner.criteria.submitted_poses import PoseSource, turn_of_angles
from examrunner.criteria.wording import both
from examrunner.model.camera import rotation, rotation_vector
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import ExamClock, Hearing
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, Timeline
from examrunner.testing.timelines import ns

RIGHT = Pose(
    turn=rotation(np.array([0.02, -0.03, 0.01])) @ BODY_TO_OPTICAL,
    at_mm=np.array([40.0, -210.0, -320.0]),
)
CASE = Case(
    reference={
        "lidar_in_camera": {
            "rotation_vector": rotation_vector(RIGHT.turn).tolist(),
            "translation_mm": RIGHT.at_mm.tolist(),
        },
        "camera_in_vehicle": {
            "roll_pitch_yaw_deg": [0.5, -1.0, 2.0],
            "translation_mm": [1800.0, 0.0, 1300.0],
        },
    }
)
ANGLE = Scale(full=0.5, zero=1.5)
SHIFT = Scale(full=30, zero=80)
FILE = PoseSource(attachment="file")


def a_file(content, name="t.json"):
    text = base64.b64encode(content).decode()
    value = {"name": name, "media_type": "x", "base64": text}
    return Edit(t_ns=ns(20), field="file", value=value)


def as_json(pose, **more):
    content = {
        "rotation_vector": rotation_vector(pose.turn).tolist(),
        "translation": pose.at_mm.tolist(),
    }
    return a_file(json.dumps(content | more).encode())


def heard(*form, case=CASE):
    timeline = Timeline(duration_ns=ns(100), form=form)
    return Hearing(
        timeline=timeline,
        clock=ExamClock(start_ns=ns(10), stop_ns=ns(90)),
        case=case,
    )


def judged(*form, rotation_deg=ANGLE, translation_mm=SHIFT, **keys):
    kind = ExtrinsicsRef(
        **{"submitted": FILE, "reference": "lidar_in_camera"} | keys,
        rotation_deg=rotation_deg,
        translation_mm=translation_mm,
    )
    assert kind.problem() == ""
    assert kind.submitted.problem() == ""
    return kind.judge(heard(*form))


def off(deg=0.0, mm=0.0, pose=RIGHT):
    axis = np.array([0.6, 0.0, 0.8])
    turn = rotation(np.radians(deg) * axis) @ pose.turn
    return Pose(turn=turn, at_mm=pose.at_mm + mm * np.array([0.0, 0.6, -0.8]))


def test_the_right_pose_is_met():
    found = judged(as_json(RIGHT))
    assert found.outcome is Outcome.MET
    assert found.measured.value == pytest.approx(0, abs=1e-4)
    assert "stated convention" in both(found.reason)["en"]


@pytest.mark.parametrize(
    ("deg", "mm", "fraction"),
    [(0.5, 30, 1), (1.0, 0, 0.75), (0, 55, 0.75), (1.0, 55, 0.5), (1.5, 80, 0)],
)
def test_rotation_and_translation_earn_their_halves(deg, mm, fraction):
    found = judged(as_json(off(deg, mm)))
    assert found.fraction == pytest.approx(fraction, abs=1e-3)
    assert found.details["rotation_deg"] == pytest.approx(deg, abs=1e-3)
    assert found.details["translation_mm"] == pytest.approx(mm, abs=1e-2)


def test_what_has_no_scale_is_measured_and_not_scored():
    turned = judged(as_json(off(1.2, 500)), translation_mm=None)
    assert turned.fraction == pytest.approx(0.3, abs=1e-3)
    assert (turned.measured.unit, turned.measured.value) == ("deg", 1.2)
    shifted = judged(as_json(off(2.5, 35)), rotation_deg=None)
    assert shifted.fraction == pytest.approx(0.9, abs=1e-3)
    assert (shifted.measured.unit, shifted.measured.value) == ("mm", 35)


def test_weights_share_the_points():
    found = judged(as_json(off(9, 0)), weights=Weights(rotation=1.0, translation=3.0))
    assert found.fraction == pytest.approx(0.75)


def test_centres_may_be_compared_instead():
    lever = Pose(turn=off(1).turn, at_mm=RIGHT.at_mm)
    same = judged(as_json(lever), rotation_deg=None)
    assert same.fraction == 1
    apart = judged(as_json(lever), rotation_deg=None, distance_of="centre")
    assert 0 < apart.measured.value < 8


@pytest.mark.parametrize(
    ("name", "pose"),
    [
        ("inverse", inverse(RIGHT)),
        ("transposed", Pose(turn=RIGHT.turn.T, at_mm=RIGHT.at_mm)),
        (
            "axes",
            Pose(
                turn=BODY_TO_OPTICAL.T @ RIGHT.turn,
                at_mm=BODY_TO_OPTICAL.T @ RIGHT.at_mm,
            ),
        ),
        ("axes", Pose(turn=RIGHT.turn @ BODY_TO_OPTICAL, at_mm=RIGHT.at_mm)),
    ],
)
def test_a_right_pose_in_another_convention_earns_nothing_and_is_named(name, pose):
    found = judged(as_json(pose))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.values["note"].key == f"extrinsics_ref.{name}"
    assert "wrong convention" in both(found.reason)["en"]
    assert "约定不符" in both(found.reason)["zh"]


def test_a_wrong_pose_is_not_taken_for_a_convention():
    found = judged(as_json(off(20, 300)))
    assert found.reason.values["note"].key == "extrinsics_ref.no_convention"
    assert found.fraction == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"not: [a", "cannot be read"),
        (b'{"translation": [1, 2, 3]}', "rotation_vector"),
        (b'{"rotation_vector": [0, 0], "translation": [1, 2, 3]}', "2 numbers"),
        (b'{"rotation_vector": [0, 0, 0]}', "no translation"),
        (b'{"rvec": [0, 0, 0], "tvec": [0, 0, "x"]}', "else than numbers"),
        (b'{"rvec": [0, 0, 0], "tvec": [0, 0, NaN]}', "else than numbers"),
        (b'{"R": [[1,0,0],[0,2,0],[0,0,1]], "t": [0,0,0]}', "orthonormal"),
        (b'{"R": [[1,0,0],[0,1,0],[0,0,-1]], "t": [0,0,0]}', "orthonormal"),
        (b'{"R": [[1,0],[0,1]], "t": [0,0,0]}', "4 numbers"),
        (b'{"T": [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,1,1]]}', "last row"),
        (b'{"rvec": [0,0,0], "t": [0,0,0], "unit": "inch"}', "'inch'"),
        (b" " * (1 << 20) + b"{}", "bytes"),
    ],
)
def test_an_unusable_file_is_not_met_and_says_why(content, problem):
    found = judged(a_file(content))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "model.unusable"
    assert problem in both(found.reason)["en"]


def test_nothing_handed_in_is_not_met():
    assert judged().reason.key == "model.nothing"
    damaged = Edit(t_ns=ns(20), field="file", value={"base64": "%"})
    assert "damaged" in both(judged(damaged).reason)["en"]


def test_without_the_reference_nothing_can_be_measured():
    kind = ExtrinsicsRef(submitted=FILE, reference="missing", rotation_deg=ANGLE)
    with pytest.raises(MissingError, match="reference missing"):
        kind.judge(heard(as_json(RIGHT)))
    broken = Case(reference={"missing": {"translation_mm": [1, 2]}})
    with pytest.raises(MissingError, match="usable reference"):
        kind.judge(heard(as_json(RIGHT), case=broken))


@pytest.mark.parametrize(
    "content",
    [
        {"rotation_matrix": RIGHT.turn.tolist(), "t": RIGHT.at_mm.tolist()},
        {"R": RIGHT.turn.tolist(), "tvec": (RIGHT.at_mm / 1000).tolist(), "unit": "m"},
        {"T_cam_lidar": np.column_stack([RIGHT.turn, RIGHT.at_mm]).tolist()},
    ],
)
def test_files_of_other_tools_are_understood(content):
    assert judged(a_file(json.dumps(content).encode())).outcome is Outcome.MET


def test_an_opencv_file_is_understood():
    turn = ", ".join(f"{x:.12f}" for x in RIGHT.turn.ravel())
    shift = ", ".join(f"{x:.6f}" for x in RIGHT.at_mm)
    text = f"""%YAML 1.2
---
R: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ {turn} ]
tvec: !!opencv-matrix
   rows: 3
   cols: 1
   dt: d
   data: [ {shift} ]
"""
    assert judged(a_file(text.encode(), "t.yaml")).outcome is Outcome.MET


TYPED = PoseSource(translation=("x", "y", "z"), roll_pitch_yaw=("roll", "pitch", "yaw"))


def typed(**numbers):
    return [Edit(t_ns=ns(20), field=name, value=v) for name, v in numbers.items()]


def test_a_typed_pose_is_read_in_any_unit():
    form = typed(x="1,8 m", y="0", z="1300", roll="0.5", pitch="－1,0", yaw="2 °")
    found = judged(*form, submitted=TYPED, reference="camera_in_vehicle")
    assert found.outcome is Outcome.MET, both(found.reason)["en"]


def test_a_comma_that_may_group_digits_means_what_is_nearest_to_the_right_pose():
    near = typed(x="1,800", y="0", z="1300,125", roll="0,5", pitch="-1,0", yaw="2,013")
    found = judged(*near, submitted=TYPED, reference="camera_in_vehicle")
    assert found.outcome is Outcome.MET, both(found.reason)["en"]
    assert found.details["rotation_deg"] < 0.02


def test_a_typed_rotation_vector_is_read_in_rad():
    vector = rotation_vector(turn_of_angles(np.array([0.5, -1.0, 2.0])))
    names = ("rx", "ry", "rz")
    source = PoseSource(translation=("x", "y", "z"), rotation_vector=names)
    form = typed(
        x="1800", y="0", z="1300", **dict(zip(names, vector.tolist(), strict=True))
    )
    found = judged(*form, submitted=source, reference="camera_in_vehicle")
    assert found.outcome is Outcome.MET


def test_a_typed_pose_with_a_gap_is_not_met():
    form = typed(x="1800", y="0", z="", roll="0.5", pitch="-1", yaw="2")
    found = judged(*form, submitted=TYPED, reference="camera_in_vehicle")
    assert "z holds no number" in both(found.reason)["en"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (PoseSource(), "either"),
        (PoseSource(attachment="file", translation=("x", "y", "z")), "either"),
        (PoseSource(translation=("x", "y", "z")), "rotation"),
        (PoseSource(roll_pitch_yaw=("a", "b", "c")), "translation"),
        (PoseSource(translation=("x",), roll_pitch_yaw=("a", "b", "c")), "translation"),
        (PoseSource(translation=("x", "y", "z"), roll_pitch_yaw=("a",)), "rotation"),
    ],
)
def test_a_source_that_contradicts_itself_is_found(source, problem):
    assert problem in source.problem()


def test_a_criterion_that_scores_nothing_is_found():
    kind = ExtrinsicsRef(submitted=FILE, reference="lidar_in_camera")
    assert "rotation_deg" in kind.problem()


angles = st.floats(min_value=-3.1, max_value=3.1)


@given(st.tuples(angles, angles, angles))
def test_a_rotation_vector_is_the_inverse_of_rotation(vector):
    turn = rotation(np.array(vector))
    assert rotation(rotation_vector(turn)) == pytest.approx(turn, abs=1e-9)
    assert np.linalg.norm(rotation_vector(turn)) <= np.pi + 1e-9


@pytest.mark.parametrize("axis", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.6, 0, 0.8)])
def test_half_turns_and_no_turn_have_a_rotation_vector(axis):
    turn = rotation(np.pi * np.array(axis, float))
    assert rotation(rotation_vector(turn)) == pytest.approx(turn, abs=1e-9)
    assert rotation_vector(np.eye(3)) == pytest.approx(np.zeros(3))


@given(
    st.floats(min_value=0, max_value=2.9),
    st.floats(min_value=0, max_value=99),
    st.floats(min_value=-1000, max_value=1000),
)
def test_a_worse_pose_never_earns_more(deg, mm, along):
    moved = Pose(turn=RIGHT.turn, at_mm=RIGHT.at_mm + along)
    better = judged(as_json(off(deg / 2, mm / 2)))
    worse = judged(as_json(off(deg, mm)))
    assert worse.fraction <= better.fraction + 1e-6
    assert judged(as_json(moved), translation_mm=None).fraction == 1
