import numpy as np
import pytest

from examrunner.criteria.body_series import BodySignals
from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_stat import SignalStat
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.placement import Placement
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import a_body_pose, a_hearing, losses, ns

NAME = "plate@reference_bar.distance"
BODIES = ("plate", "reference_bar")


def poses(*seen):
    found = []
    for t_s, x_mm in seen:
        found.append(a_body_pose(t_s, "reference_bar"))
        if x_mm is not None:
            place = Placement(at_mm=(x_mm, 40.0, 500.0), yaw_deg=2.0)
            found.append(a_body_pose(t_s, "plate", place))
    return found


def heard(*seen, **more):
    found = poses(*seen)
    signals = BodySignals(found, BODIES)
    timeline = Timeline(duration_ns=ns(100), poses=found, bodies=signals, **more)
    return a_hearing(timeline)


def dwell(hearing, low=4000, high=4200):
    rule = EventDwell(
        predicate=Predicate(signal=NAME, min=low, max=high),
        score=Scale(full=5, zero=5, more_is_better=True),
    )
    return rule.judge(hearing)


def test_every_component_is_a_signal_with_its_unit():
    series = heard((1, 4100.0), (2, 4100.0)).timeline.series
    assert series(NAME).values[0] == pytest.approx(4100)
    assert series(NAME).unit == "mm"
    assert series("plate@reference_bar.lateral").values[0] == pytest.approx(40)
    assert series("plate@reference_bar.yaw").values[0] == pytest.approx(2)
    assert series("plate@reference_bar.yaw").unit == "deg"
    assert len(list(BodySignals((), BODIES))) == len(BodySignals((), BODIES)) == 12


def test_a_body_is_known_from_its_first_picture_at_rest_to_its_last():
    seen = [(1, 3000.0), (2, 3500.0), (3, 4100.0), (4, 4101.0), (9, 4100.5), (11, 5000)]
    found = dwell(heard(*seen))
    assert found.outcome is Outcome.MET
    assert found.measured.value == pytest.approx(6, abs=0.01)


def test_a_single_picture_shows_no_rest():
    assert dwell(heard((1, 3000.0), (5, 4100.0), (20, 5000.0))).measured.value == 0


def test_a_body_that_left_and_came_back_rested_twice():
    seen = [(1, 4100.0), (4, 4100.0), (5, 4600.0), (6, 4100.0), (10, 4100.0)]
    assert dwell(heard(*seen)).measured.value == pytest.approx(4, abs=0.01)


def test_a_body_that_a_picture_does_not_show_was_not_seen_elsewhere():
    found = dwell(heard((1, 4100.0), (4, None), (8, 4100.0)))
    assert found.measured.value == pytest.approx(7, abs=0.01)


def test_the_mean_position_over_a_window_is_that_of_its_rests():
    rule = SignalStat(
        signal=NAME, stat="mean", min_samples=1, min_coverage=0, min=4100, max=4102
    )
    found = rule.judge(heard((1, 4100.0), (2, 4102.0), (3, 4102.0), (4, 9000.0)))
    assert found.measured.value == pytest.approx(4101, abs=0.01)


def test_pictures_that_the_recorder_lost_leave_the_question_open():
    lost = heard((1, 4100.0), (2, 4100.0), health=losses(("targets", 3, 60)))
    assert dwell(lost).outcome is Outcome.NOT_MEASURED


def test_a_body_that_never_came_has_no_samples():
    series = heard((1, None), (2, None)).timeline.series(NAME)
    assert len(series) == 0
    assert series.values.dtype == np.float64


def test_without_a_picture_of_the_reference_nothing_is_measured():
    timeline = Timeline(duration_ns=ns(100), bodies=BodySignals((), BODIES))
    with pytest.raises(MissingError):
        timeline.series(NAME)
    with pytest.raises(MissingError):
        heard((1, 4100.0)).timeline.series("plate@mat.distance")
