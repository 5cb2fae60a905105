from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.events import Event, happenings
from examrunner.criteria.guard import Guard
from examrunner.criteria.predicates import Predicate, evaluate
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.windows import Window
from examrunner.criteria.wording import say
from examrunner.criteria.zone_marker import ZoneMarker
from examrunner.criteria.zones import Zone
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.text import Text
from examrunner.model.timeline import Health, Op, Timeline
from examrunner.testing.timelines import a_hearing, a_series, a_sighting, losses, ns

PERSON = 910
LEFT = Zone(
    camera="work_area",
    markers=(PERSON,),
    polygon=((0, 0), (200, 0), (200, 360), (0, 360)),
    name=Text(zh="左侧", en="left"),
)
RULE = ZoneMarker(zone=LEFT)
IN, OUT = {PERSON: (100.0, 300.0)}, {PERSON: (400.0, 300.0)}
HIDDEN: dict[int, tuple[float, float]] = {}
NOTHING_LOST = Health()


def heard(states, *, every_s=1.0, duration_s=None, health=NOTHING_LOST, signals=None):
    pictures = [a_sighting(every_s * i, state) for i, state in enumerate(states)]
    return a_hearing(
        Timeline(
            duration_ns=ns(duration_s or every_s * len(states)),
            sightings=pictures,
            signals=signals or {},
            health=health,
        )
    )


def test_nobody_in_the_zone_is_met():
    found = RULE.judge(heard([OUT] * 10))
    assert found.outcome is Outcome.MET
    assert found.measured.value == 0


def test_every_stay_counts_once():
    found = RULE.judge(heard([OUT, OUT, IN, IN, IN, OUT, OUT, IN, IN, OUT, OUT]))
    assert found.outcome is Outcome.NOT_MET
    assert found.measured.value == 2
    assert found.evidence[0].from_s == 2


def test_a_single_picture_is_no_stay():
    assert RULE.judge(heard([OUT, OUT, IN, OUT, OUT, OUT])).outcome is Outcome.MET


def test_two_of_three_pictures_are_a_stay_from_the_first_of_them():
    found = RULE.judge(heard([OUT, IN, HIDDEN, IN, OUT, OUT]))
    assert found.measured.value == 1
    assert (found.evidence[0].from_s, found.evidence[0].to_s) == (1, 5)


def test_a_hidden_marker_is_still_there_until_it_was_hidden_too_long():
    short = RULE.judge(heard([IN, IN, *[HIDDEN] * 4, IN, OUT, OUT]))
    assert short.measured.value == 1
    long = RULE.judge(heard([IN, IN, *[HIDDEN] * 9, IN, IN, OUT, OUT]))
    assert long.measured.value == 2
    assert long.details["seconds"] == pytest.approx(1 + 5 + 3)


def test_share_and_time_are_other_values():
    states = [OUT, OUT, IN, IN, IN, OUT, OUT, OUT, OUT, OUT]
    share = replace(RULE, value="share", score=Scale(full=20, zero=60))
    found = share.judge(heard(states))
    assert found.measured.value == 40
    assert found.fraction == 0.5
    time = replace(RULE, value="time", score=Scale(full=4, zero=4))
    assert time.judge(heard(states)).measured.value == 4
    assert time.judge(heard(states)).outcome is Outcome.MET


def test_only_the_time_of_a_condition_counts():
    driving = Window(while_=Predicate(signal="D.On", equals=1.0))
    rule = replace(RULE, window=driving)

    def at(from_s):
        samples = [(0.1 * i, float(0.1 * i >= from_s)) for i in range(100)]
        signals = {"D.On": a_series("D.On", samples, hold_s=0.3)}
        return rule.judge(heard([IN] * 4 + [OUT] * 6, signals=signals))

    assert at(3.0).outcome is Outcome.NOT_MET
    assert at(7.0).outcome is Outcome.MET
    never = at(99.0)
    assert never.outcome is Outcome.MET
    assert never.measured.value == 0


def test_being_in_a_zone_is_a_predicate():
    states = [OUT, OUT, IN, IN, IN, OUT, OUT, OUT]
    timeline = heard(states).timeline
    truth = evaluate(timeline, Predicate(zone=LEFT), 0, ns(8))
    assert truth.true.hull_ns == (ns(2), ns(6))
    assert truth.known.total_ns == ns(8)
    nobody = evaluate(timeline, Predicate(not_=Predicate(zone=LEFT)), 0, ns(8))
    assert nobody.true.total_ns == ns(4)
    guard = Guard(
        at=Event(ops="go"), require=Predicate(zone=LEFT), when_event_absent="fail"
    )
    gone = a_hearing(replace(timeline, ops=(Op(t_ns=ns(7), name="go"),)))
    found = guard.judge(gone)
    assert found.outcome is Outcome.NOT_MET
    assert 'no marker was in the zone "left"' in say(found.reason, "en")


def test_without_pictures_or_in_lost_time_nothing_was_measured():
    with pytest.raises(MissingError):
        RULE.judge(heard([], duration_s=10))
    with pytest.raises(MissingError):
        RULE.judge(heard([IN] * 10, health=losses(("work_area", 0, 10))))
    half = RULE.judge(heard([IN] * 4 + [OUT] * 6, health=losses(("work_area", 0, 6))))
    assert half.outcome is Outcome.MET


def test_a_zone_without_corners_is_the_whole_picture():
    whole = replace(RULE, zone=replace(LEFT, polygon=()))
    assert whole.judge(heard([OUT] * 5)).measured.value == 1


def test_coming_and_going_are_events():
    states = [OUT, OUT, IN, IN, IN, OUT, OUT, OUT]
    timeline = heard(states).timeline
    always = Spans.of([(0, ns(100))])
    comes = happenings(timeline, Event(zone=LEFT), always)
    goes = happenings(timeline, Event(zone=LEFT, leaving=True), always)
    assert comes.tolist() == [ns(2)]
    assert goes.tolist() == [ns(6)]
    assert Event(zone=LEFT).sources() == 1


def test_the_rule_is_said_in_both_languages():
    assert 'Stays in the zone "left"' in say(RULE.rule(), "en")
    assert "进入次数" in say(RULE.rule(), "zh")


@given(st.lists(st.sampled_from([IN, OUT, HIDDEN]), min_size=1, max_size=30))
def test_a_stay_needs_two_pictures_inside_and_never_exceeds_the_recording(states):
    found = RULE.judge(heard(states))
    inside = sum(state is IN for state in states)
    assert found.measured.value <= inside // 2 + inside % 2
    assert found.details["seconds"] <= len(states)
