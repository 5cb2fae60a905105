"""Kinds as the navigation task asks them: resting, turning, circles, distances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.circles import circle_radius
from examrunner.criteria.did_value import DidItem, DidValue
from examrunner.criteria.event_count import EventCount
from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.event_order import EventOrder
from examrunner.criteria.events import Event, happenings
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.references import Reference
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_range import Limits, SignalRange
from examrunner.criteria.signal_relation import SignalRelation
from examrunner.criteria.spans import Spans
from examrunner.criteria.steady import Steady
from examrunner.criteria.turns import Turns
from examrunner.criteria.windows import NotOpenedError, Window
from examrunner.criteria.wording import both
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import (
    a_hearing,
    a_message,
    a_series,
    an_exchange,
    losses,
    ns,
)

STEP_S = 0.05
STILL = Predicate(
    all=(
        Predicate(signal="T.rate", min=-0.05, max=0.05),
        Predicate(signal="I.gz", steady=Steady(within=0.3, over_s=10)),
    )
)
TURNS = EventCount(
    turns=Turns(angle="T.ang", rate="T.rate", each_way=2, slowest=5, fastest=20)
)


def table(*legs, shaken=(), health=None, radius=0.0, bias=0.3):
    """A table that turns at (seconds, rate) legs, and an inertial unit on it."""
    length = sum(lasting for lasting, _ in legs)
    t = np.arange(0, length, STEP_S)
    rate = np.zeros(len(t))
    at = 0.0
    for lasting, speed in legs:
        rate[(t >= at - 1e-9) & (t < at + lasting - 1e-9)] = speed
        at += lasting
    angle = np.concatenate([[0.0], np.cumsum(rate * STEP_S)[:-1]])
    gz = rate + bias
    for a, b in shaken:
        hit = (t >= a) & (t < b)
        gz[hit] += np.where(np.arange(hit.sum()) % 2, 0.9, -0.9)
    x = radius * np.cos(np.radians(angle)) + 0.4
    y = radius * np.sin(np.radians(angle)) - 0.2
    columns = {"T.rate": rate, "T.ang": angle % 360, "I.gz": gz, "P.x": x, "P.y": y}
    timeline = Timeline(
        duration_ns=ns(length),
        signals={
            name: a_series(name, zip(t, column, strict=True), hold_s=0.15)
            for name, column in columns.items()
        },
        messages={"T": a_message("T", t, cycle_s=STEP_S)},
        **({} if health is None else {"health": health}),
    )
    return a_hearing(timeline)


def dwell(full=60, zero=15):
    return EventDwell(predicate=STILL, score=Scale(full=full, zero=zero))


@pytest.mark.parametrize(
    ("still_s", "outcome", "fraction"),
    [(60, Outcome.MET, 1), (37.5, Outcome.PARTLY_MET, 0.5), (15, Outcome.NOT_MET, 0)],
)
def test_rest_is_the_longest_time_without_turning_or_shaking(
    still_s, outcome, fraction
):
    hearing = table((5 + still_s, 0), (20, 10), (12, 0), shaken=[(0, 5)])
    found = dwell().judge(hearing)
    assert found.outcome is outcome
    assert found.fraction == pytest.approx(fraction, abs=0.01)


def test_a_constant_bias_is_no_movement_but_a_jolt_is():
    assert dwell(10, 5).judge(table((12, 0), bias=3.0)).fraction == 1
    assert dwell(10, 5).judge(table((12, 0), shaken=[(6, 6.1)])).fraction < 0.3


def test_a_bias_that_steps_is_no_movement():
    t = np.arange(0, 40, STEP_S)
    gz = np.where(t < 20, 0.31, -0.09)
    signals = {"I.gz": a_series("I.gz", zip(t, gz, strict=True))}
    rest = EventDwell(
        predicate=Predicate(signal="I.gz", steady=Steady(within=0.3, over_s=10)),
        score=Scale(full=40, zero=20),
    )
    found = rest.judge(a_hearing(Timeline(duration_ns=ns(40), signals=signals)))
    assert found.outcome is Outcome.MET


def test_the_rule_of_rest_is_told_in_both_languages():
    words = both(dwell().rule())
    assert "within 0.3 of its median over 10 s" in words["en"]
    assert "中位数" in words["zh"]


def held(seconds, ends=False):
    return Event(holds=STILL, lasting_s=seconds, ends=ends)


def moments(event, hearing):
    window = Spans.of([(0, hearing.timeline.duration_ns)])
    return (happenings(hearing.timeline, event, window) / 1e9).round(3).tolist()


def test_a_stretch_that_lasts_is_an_event_once():
    hearing = table((20, 0), (10, 9), (8, 0), (10, 9), (12, 0))
    assert moments(held(10), hearing) == [10, 58]
    assert moments(held(10, ends=True), hearing) == [20, 60]
    assert moments(held(25), hearing) == []


def test_a_stretch_of_exactly_that_length_counts():
    hearing = table((10, 0), (5, 9))
    assert moments(held(10), hearing) == [10]


def test_rest_takes_its_place_in_an_order():
    order = EventOrder(
        order=(held(10), Event(signal="T.rate", crosses=5, dir="up")), partial=True
    )
    assert order.judge(table((12, 0), (5, 9))).fraction == 1
    assert order.judge(table((5, 0), (5, 9))).fraction == 0
    assert "10 s without a break of" in both(order.rule())["en"]


@pytest.mark.parametrize(
    ("legs", "fraction"),
    [
        (((80, 10), (80, -10)), 1),
        (((80, 10),), 0.5),
        (((80, -10),), 0.5),
        (((36, 10), (36, -10)), 0.5),
        (((18, 10), (72, -10)), 0.625),
        (((5, 0),), 0),
        (((400, 3), (40, -30)), 0),
    ],
)
def test_each_direction_earns_half_at_a_speed_that_counts(legs, fraction):
    found = TURNS.judge(table(*legs))
    assert found.fraction == pytest.approx(fraction, abs=0.01)


def test_turns_are_told_with_their_numbers():
    found = TURNS.judge(table((72, 10), (36, -10)))
    assert found.details["forward"] == pytest.approx(2, abs=0.01)
    assert found.details["backward"] == pytest.approx(1, abs=0.01)
    assert "2 turns each way by T.ang at 5 to 20" in both(found.reason)["en"]
    assert "每个方向一半" in both(TURNS.rule())["zh"]


def test_a_way_across_a_gap_does_not_count():
    hearing = table((72, 10), (72, -10))
    ang = hearing.timeline.series("T.ang")
    keep = (ang.t_ns < ns(10)) | (ang.t_ns > ns(28))
    pairs = zip(ang.t_ns[keep] / 1e9, ang.values[keep], strict=True)
    signals = dict(hearing.timeline.signals)
    signals["T.ang"] = a_series("T.ang", pairs, hold_s=0.15)
    gappy = Timeline(duration_ns=hearing.timeline.duration_ns, signals=signals)
    found = TURNS.judge(a_hearing(gappy))
    assert found.details["forward"] == pytest.approx(1.5, abs=0.01)


def test_turns_that_the_recorder_lost_are_not_measured():
    hearing = table((40, 10), health=losses(("CH1", 10.0, 20.0)))
    assert TURNS.judge(hearing).outcome is Outcome.NOT_MEASURED


CIRCLE = SignalRelation(
    expression="1000 * P.x",
    other="1000 * P.y",
    stat="circle",
    unit="mm",
    score=Scale(full=30, zero=80),
    window=Window(while_=Predicate(signal="T.rate", min=5)),
    stimulus="T.ang",
    min_span=300,
    on_too_little="fail",
)


@pytest.mark.parametrize(
    ("radius", "fraction"), [(0.030, 1), (0.055, 0.5), (0.080, 0), (0.452, 0), (0, 1)]
)
def test_the_circle_of_the_position_earns_by_its_radius(radius, fraction):
    found = CIRCLE.judge(table((2, 0), (40, 10), radius=radius))
    assert found.fraction == pytest.approx(fraction, abs=0.01)
    assert found.measured.unit == "mm"
    assert found.measured.value == pytest.approx(1000 * radius, abs=0.01)
    assert "radius of the circle" in both(found.reason)["en"]


def test_without_turning_there_is_no_circle():
    with pytest.raises(NotOpenedError) as never:
        CIRCLE.judge(table((9, 0), radius=0.01))
    assert never.value.judgement.outcome is Outcome.NOT_MET
    short = CIRCLE.judge(table((20, 10), radius=0.01))
    assert short.reason.key == "signal_relation.still"


def test_points_on_a_line_have_no_circle():
    x = np.arange(5.0)
    assert np.isnan(circle_radius(x, 2 * x))
    assert circle_radius(np.ones(5), np.ones(5)) == 0


@given(
    st.floats(min_value=0.1, max_value=1e4),
    st.floats(min_value=-1e4, max_value=1e4),
    st.floats(min_value=0.5, max_value=6.2),
)
def test_any_arc_of_a_circle_gives_its_radius(radius, centre, arc):
    angles = np.linspace(0, arc, 50)
    x, y = radius * np.cos(angles) + centre, radius * np.sin(angles) - centre
    assert circle_radius(x, y) == pytest.approx(radius, rel=1e-4)


def test_noise_appears_as_the_docstring_says():
    random = np.random.default_rng(3)
    angles = np.linspace(0, 2 * np.pi, 4000)
    x = 45 * np.cos(angles) + random.normal(0, 8, 4000)
    y = 45 * np.sin(angles) + random.normal(0, 8, 4000)
    assert circle_radius(x, y) == pytest.approx(np.hypot(45, 8 * 2**0.5), rel=0.02)


LEVER = DidValue(
    ecu="INSU",
    dids=(
        DidItem(
            did=0x0601,
            format="3 x s16 mm: x y z",
            equals=tuple(Reference(value=v) for v in (412, -185, 1036)),
        ),
    ),
    score=Scale(full=20, zero=60),
)


def read_back(x, y, z):
    block = b"".join(v.to_bytes(2, "big", signed=True) for v in (x, y, z)).hex()
    return an_exchange(10, "INSU", "22 06 01", f"62 06 01 {block}")


@pytest.mark.parametrize(
    ("values", "fraction", "worst"),
    [
        ((412, -185, 1036), 1, 0),
        ((432, -205, 1016), 1, 20),
        ((457, -185, 1036), 0.791667, 45),
        ((492, -185, 1036), 0.666667, 80),
        ((412, 185, 1036), 0.666667, 370),
        ((0, 0, 0), 0, 1036),
    ],
)
def test_each_number_of_an_identifier_earns_by_its_distance(values, fraction, worst):
    timeline = Timeline(duration_ns=ns(100), exchanges=(read_back(*values),))
    found = LEVER.judge(a_hearing(timeline))
    assert found.fraction == pytest.approx(fraction)
    assert (found.measured.value, found.measured.unit) == (worst, "mm")
    assert "distance from the right ones" in both(LEVER.rule())["en"]


def test_an_identifier_never_read_measures_no_distance():
    found = LEVER.judge(a_hearing(Timeline(duration_ns=ns(100))))
    assert (found.outcome, found.measured) == (Outcome.NOT_MET, None)


def test_a_share_of_the_time_may_have_a_text():
    fix = a_series("P.fix", [(t / 10, 4 if t < 95 else 5) for t in range(100)])
    fix = a_series(
        "P.fix",
        zip(fix.t_ns / 1e9, fix.values, strict=True),
        hold_s=0.2,
        choices={4: "RTK_FIXED", 5: "RTK_FLOAT"},
    )
    timeline = Timeline(duration_ns=ns(10), signals={"P.fix": fix})
    limits = Limits(signal="P.fix", equals="RTK_FIXED")
    enough = SignalRange(all=(limits,), share=0.95)
    assert enough.judge(a_hearing(timeline)).outcome is Outcome.MET
    more = SignalRange(all=(limits,), share=0.96)
    assert more.judge(a_hearing(timeline)).outcome is Outcome.NOT_MET
    assert "P.fix is RTK_FIXED" in both(more.rule())["en"]
