from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.body_positions import rest_before
from examrunner.criteria.events import Event
from examrunner.criteria.pose_items import PoseItem
from examrunner.criteria.scales import Scale
from examrunner.criteria.target_pose import TargetPose
from examrunner.criteria.windows import NotOpenedError
from examrunner.criteria.wording import say
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.placement import Placement
from examrunner.model.timeline import Op, Timeline
from examrunner.testing.timelines import (
    a_body_pose,
    a_hearing,
    a_series,
    losses,
    ns,
)

RIGHT = Placement(at_mm=(4400.0, 0.0, 1200.0))
GO = Event(ops="go")
LATERAL = PoseItem(of="lateral", score=Scale(full=5, zero=25))
RULE = TargetPose(body="stand", reference="bar", items=(LATERAL,), at=GO)


def pictures(times_s, placement, **more):
    for t_s in times_s:
        yield a_body_pose(t_s, "bar", **more)
        yield a_body_pose(t_s, "stand", placement, **more)


def heard(poses, *, go_s=(20.0,), duration_s=40.0, **more):
    return a_hearing(
        Timeline(
            duration_ns=ns(duration_s),
            poses=sorted(poses, key=lambda each: each.t_ns),
            ops=tuple(Op(t_ns=ns(t_s), name="go") for t_s in go_s),
            **more,
        )
    )


def off_by(mm):
    return replace(RIGHT, at_mm=(4400.0, mm, 1200.0))


@pytest.mark.parametrize(
    ("lateral_mm", "outcome", "fraction"),
    [
        (0.0, Outcome.MET, 1.0),
        (-5.0, Outcome.MET, 1.0),
        (18.0, Outcome.PARTLY_MET, 0.35),
        (-25.0, Outcome.NOT_MET, 0.0),
        (164.0, Outcome.NOT_MET, 0.0),
    ],
)
def test_the_distance_from_the_right_place_earns_points(lateral_mm, outcome, fraction):
    found = RULE.judge(heard(pictures([10, 11, 12], off_by(lateral_mm))))
    assert found.outcome is outcome
    assert found.fraction == pytest.approx(fraction)
    assert found.measured.value == pytest.approx(abs(lateral_mm), abs=0.05)
    assert found.details["lateral"] == pytest.approx(lateral_mm, abs=0.05)


def test_every_component_is_measured_in_the_frame_of_the_reference():
    crooked = Placement(
        at_mm=(4410.0, -7.0, 1195.0), yaw_deg=1.4, pitch_deg=-0.6, roll_deg=0.5
    )
    wanted = {"distance": 3000, "lateral": 0, "height": 1200}
    items = tuple(
        PoseItem(of=name, want=wanted.get(name, 0), score=Scale(full=10, zero=20))
        for name in ("distance", "lateral", "height", "yaw", "pitch", "roll")
    )
    rule = replace(RULE, items=items, origin_mm=(1400.0, 0.0, 0.0))
    details = rule.judge(heard(pictures([10, 11, 12], crooked))).details
    assert details["distance"] == pytest.approx(3010)
    assert details["height"] == pytest.approx(1195)
    assert details["yaw"] == pytest.approx(1.4)
    assert details["pitch"] == pytest.approx(-0.6)
    assert details["roll"] == pytest.approx(0.5)
    assert details["azimuth"] == pytest.approx(-0.133, abs=0.001)


def test_items_share_the_points_by_weight():
    items = (
        LATERAL,
        PoseItem(of="yaw", score=Scale(full=0.3, zero=1.0), weight=3),
    )
    rule = replace(RULE, items=items)
    turned = replace(off_by(25.0), yaw_deg=0.2)
    assert rule.judge(heard(pictures([10, 11, 12], turned))).fraction == 0.75


def test_only_pictures_before_the_moment_count():
    poses = [*pictures([10, 11, 12], off_by(3.0)), *pictures([21, 22, 23], off_by(60))]
    assert RULE.judge(heard(poses)).measured.value == pytest.approx(3.0)


def test_only_pictures_of_where_it_stands_count():
    poses = [*pictures([8, 9, 10], off_by(90.0)), *pictures([12, 13, 14], off_by(2.0))]
    found = RULE.judge(heard(poses))
    assert found.measured.value == pytest.approx(2.0)
    assert found.evidence[0].from_s == 12


def test_a_body_that_is_still_moving_is_left_to_an_examiner():
    poses = [*pictures([8, 9, 10], off_by(90.0)), *pictures([18, 19], off_by(2.0))]
    found = RULE.judge(heard(poses))
    assert found.outcome is Outcome.NEEDS_REVIEW
    assert "at rest in only 2 pictures" in say(found.reason, "en")


def test_a_body_that_is_not_seen_is_left_to_an_examiner():
    poses = [*pictures([10, 11, 12], RIGHT), a_body_pose(13, "bar")]
    found = RULE.judge(heard(poses))
    assert found.outcome is Outcome.NEEDS_REVIEW
    assert "does not show stand" in say(found.reason, "en")


def test_a_single_tag_tells_no_pose():
    found = RULE.judge(heard(pictures([10, 11, 12], RIGHT, tags=1)))
    assert found.outcome is Outcome.NEEDS_REVIEW


def test_a_position_that_is_not_known_well_enough_is_left_to_an_examiner():
    sure = RULE.judge(heard(pictures([10, 11, 12], RIGHT, sigma_mm=1.5)))
    unsure = RULE.judge(heard(pictures([10, 11, 12], RIGHT, sigma_mm=2.5)))
    assert sure.outcome is Outcome.MET
    assert unsure.outcome is Outcome.NEEDS_REVIEW
    assert "too coarse" in say(unsure.reason, "en")


def test_the_lever_of_a_turned_reference_makes_a_far_body_unsure():
    """0.1 deg at 4.4 m are 7.7 mm."""
    found = RULE.judge(heard(pictures([10, 11, 12], RIGHT, sigma_deg=0.1)))
    assert found.outcome is Outcome.NEEDS_REVIEW


def test_without_pictures_nothing_was_measured():
    with pytest.raises(MissingError, match="pictures of body bar"):
        RULE.judge(heard([a_body_pose(10, "stand", RIGHT)]))


def test_a_camera_that_was_lost_since_its_last_picture_says_nothing():
    poses = pictures([10, 11, 12], RIGHT)
    with pytest.raises(MissingError, match="pictures targets"):
        RULE.judge(heard(poses, health=losses(("targets", 15, 16))))
    before = losses(("targets", 5, 6), ("front", 15, 16))
    kept = RULE.judge(heard(pictures([10, 11, 12], RIGHT), health=before))
    assert kept.outcome is Outcome.MET


def test_a_moment_that_never_comes_is_not_met():
    with pytest.raises(NotOpenedError) as found:
        RULE.judge(heard(pictures([10, 11, 12], RIGHT), go_s=()))
    assert found.value.judgement.outcome is Outcome.NOT_MET


def test_every_moment_counts_by_its_mean_or_its_worst():
    poses = [*pictures([10, 11, 12], RIGHT), *pictures([25, 26, 27], off_by(25.0))]
    hearing = heard(poses, go_s=(20, 30))
    mean = RULE.judge(hearing)
    worst = replace(RULE, aggregate="worst").judge(hearing)
    assert (mean.fraction, worst.fraction) == (0.5, 0.0)
    assert mean.measured.value == worst.measured.value == 25


def test_movement_between_two_moments_is_a_value_of_its_own():
    shift = PoseItem(of="shift", score=Scale(full=10, zero=10))
    rule = replace(
        RULE,
        items=(shift,),
        since=Event(ops="go", nth=1),
        at=Event(ops="go", nth="last"),
    )
    poses = [*pictures([10, 11, 12], RIGHT), *pictures([25, 26, 27], off_by(9.0))]
    near = rule.judge(heard(poses, go_s=(20, 30)))
    assert near.outcome is Outcome.MET
    assert near.measured.value == pytest.approx(9.0)
    poses = [*pictures([10, 11, 12], RIGHT), *pictures([25, 26, 27], off_by(164.0))]
    assert rule.judge(heard(poses, go_s=(20, 30))).outcome is Outcome.NOT_MET


def test_the_azimuth_is_compared_with_what_a_sensor_says():
    azimuth = PoseItem(
        of="azimuth", signal="R.Az", signal_s=5.0, score=Scale(full=0.3, zero=0.8)
    )
    rule = replace(
        RULE, items=(azimuth,), at="exam.end", origin_mm=(2100.0, 0.0, 500.0)
    )
    samples = [(33 + 0.1 * step, 2.0) for step in range(80)]
    signals = {"R.Az": a_series("R.Az", samples, hold_s=0.3)}
    poses = list(pictures([10, 11, 12], off_by(80.3)))
    right = rule.judge(heard(poses, signals=signals))
    assert right.outcome is Outcome.MET
    assert right.measured.value == pytest.approx(0.0, abs=0.011)
    aside = list(pictures([10, 11, 12], off_by(0.0)))
    assert rule.judge(heard(aside, signals=signals)).measured.value == 2.0
    with pytest.raises(MissingError, match=r"R\.Az"):
        rule.judge(heard(poses, signals={"R.Az": a_series("R.Az", [(1, 2.0)])}))


def test_the_rule_is_said_in_both_languages():
    assert say(RULE.rule(), "en").startswith("Position of stand against bar at")
    assert "横向偏移" in say(RULE.rule(), "zh")


@given(
    x=st.floats(-50, 50),
    y=st.floats(-50, 50),
    yaw=st.floats(-20, 20),
    pitch=st.floats(-20, 20),
    roll=st.floats(-20, 20),
)
def test_a_moved_camera_and_vehicle_change_nothing(x, y, yaw, pitch, roll):
    """Only where the body is against the reference counts."""
    vehicle = Placement(at_mm=(x, y, 0.0), yaw_deg=yaw)
    own = Placement(
        at_mm=(4400.0, 12.0, 1200.0), yaw_deg=1.0, pitch_deg=pitch, roll_deg=roll
    )
    body = Placement.of(
        vehicle.turn @ own.turn, vehicle.turn @ own.at_mm + vehicle.at_mm
    )
    poses = []
    for t_s in (10, 11, 12):
        poses.append(a_body_pose(t_s, "bar", vehicle))
        poses.append(a_body_pose(t_s, "stand", body))
    timeline = Timeline(duration_ns=ns(40), poses=poses)
    found = rest_before(timeline, "stand", "bar", ns(20))
    assert found.values["lateral"] == pytest.approx(12.0, abs=1e-6)
    assert found.values["pitch"] == pytest.approx(pitch, abs=1e-6)
    assert found.values["roll"] == pytest.approx(roll, abs=1e-6)
