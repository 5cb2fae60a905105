import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.scales import Scale
from examrunner.criteria.seam_error import SeamError
from examrunner.criteria.submitted_poses import PoseSource
from examrunner.criteria.wording import both
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import ExamClock, Hearing
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, Timeline
from examrunner.testing.timelines import ns

CAMERA = {
    "camera_matrix": [[905.4, 0, 642.3], [0, 903.1, 357.6], [0, 0, 1]],
    "distortion": [-0.291, 0.094, 0.0006, -0.0004, -0.012],
    "size_px": [1280, 720],
}
POSE = {"translation_mm": [1800.0, 0.0, 1300.0], "roll_pitch_yaw_deg": [0.5, 25.0, 1.0]}
FLOOR = [[4200.0, 300.0], [5000.0, -800.0], [5600.0, 900.0], [4600.0, 0.0]]
FIELDS = ("x", "y", "z", "roll", "pitch", "yaw")
TYPED = (1800.0, 0.0, 1300.0, 0.5, 25.0, 1.0)
RULE = SeamError(
    submitted=PoseSource(translation=FIELDS[:3], roll_pitch_yaw=FIELDS[3:]),
    reference="front_pose",
    intrinsics="front",
    floor="floor",
    score=Scale(full=15, zero=50),
)


def heard(typed=TYPED, **reference):
    form = tuple(
        Edit(t_ns=ns(20), field=field, value=str(value))
        for field, value in zip(FIELDS, typed, strict=False)
    )
    known = {"front_pose": POSE, "front": CAMERA, "floor": FLOOR} | reference
    return Hearing(
        timeline=Timeline(duration_ns=ns(100), form=form),
        clock=ExamClock(start_ns=0, stop_ns=ns(90)),
        case=Case(reference={k: v for k, v in known.items() if v is not None}),
    )


def moved(**by):
    return [
        value + by.get(field, 0.0) for field, value in zip(FIELDS, TYPED, strict=True)
    ]


def test_the_right_pose_moves_no_floor_point():
    found = RULE.judge(heard())
    assert found.outcome is Outcome.MET
    assert found.measured.value == pytest.approx(0, abs=0.02)
    assert "4 floor points are off by 0 mm" in both(found.reason)["en"]


@given(st.floats(-90, 90), st.floats(-90, 90))
def test_a_camera_that_is_shifted_moves_every_point_by_as_much(x_mm, y_mm):
    found = RULE.judge(heard(moved(x=x_mm, y=y_mm)))
    assert found.measured.value == pytest.approx(np.hypot(x_mm, y_mm), abs=0.02)


@given(st.floats(0, 3), st.floats(0, 3))
def test_a_larger_turn_never_earns_more(one_deg, other_deg):
    less, more = sorted((one_deg, other_deg))
    fractions = [RULE.judge(heard(moved(yaw=turn))).fraction for turn in (less, more)]
    assert fractions[0] >= fractions[1]


def test_points_count_for_as_much_as_they_are_off():
    assert RULE.judge(heard(moved(y=15))).outcome is Outcome.MET
    assert RULE.judge(heard(moved(y=32.5))).fraction == pytest.approx(0.5, abs=0.001)
    assert RULE.judge(heard(moved(y=50))).outcome is Outcome.NOT_MET


def test_a_camera_that_looks_at_the_sky_counts_with_the_cap():
    found = RULE.judge(heard(moved(pitch=-90)))
    assert found.measured.value == 500
    assert found.outcome is Outcome.NOT_MET


def test_a_camera_below_the_floor_counts_with_the_cap():
    assert RULE.judge(heard(moved(z=-2000))).measured.value == 500


def test_one_far_point_counts_no_more_than_the_cap():
    found = RULE.judge(heard(moved(pitch=-20)))
    assert found.details["worst_mm"] == 500


def test_a_pose_that_is_not_typed_completely_is_not_met():
    assert RULE.judge(heard(TYPED[:5])).outcome is Outcome.NOT_MET
    assert RULE.judge(heard(("x", *TYPED[1:]))).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    "reference",
    [
        {"front_pose": None},
        {"front": None},
        {"floor": None},
        {"floor": []},
        {"floor": [[1, 2, 3]]},
        {"floor": [[-4000.0, 0.0]]},
        {"floor": [[4200.0, 9000.0]]},
    ],
)
def test_without_what_it_is_compared_with_nothing_is_measured(reference):
    with pytest.raises(MissingError):
        RULE.judge(heard(**reference))
