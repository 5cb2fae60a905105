import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.event_latency import EventLatency
from examrunner.criteria.events import Event
from examrunner.criteria.scales import Scale
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.windows import Window
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Op, Timeline
from examrunner.testing.timelines import (
    a_hearing,
    a_message,
    a_series,
    an_exchange,
    losses,
    ns,
)

NOTHING_LOST = Health()
A, B = Event(ops="a"), Event(ops="b")
WITHIN = EventLatency(from_=A, to=B, score=Scale(full=1, zero=3))
RISES = Event(signal="M.S", crosses=1.0, dir="up")


def heard(*ops, values=(), exchanges=(), health=NOTHING_LOST, **more):
    timeline = Timeline(
        duration_ns=ns(10),
        ops=tuple(Op(t_ns=ns(t), name=name) for name, t in ops),
        signals={"M.S": a_series("M.S", values)} if values else {},
        messages={"M": a_message("M", [0.0])},
        exchanges=exchanges,
        health=health,
    )
    return a_hearing(timeline, **more)


@pytest.mark.parametrize(
    ("after_s", "outcome"),
    [(1, Outcome.MET), (2, Outcome.PARTLY_MET), (3, Outcome.NOT_MET)],
)
def test_the_time_between_two_events_earns_its_share(after_s, outcome):
    found = WITHIN.judge(heard(("a", 2), ("b", 2 + after_s)))
    assert found.outcome is outcome
    assert found.measured.value == after_s


def test_what_ends_the_time_before_it_began_is_ignored():
    assert WITHIN.judge(heard(("b", 1), ("a", 2), ("b", 4))).measured.value == 2


@pytest.mark.parametrize("ops", [(("a", 2),), (("b", 2),), (("b", 1), ("a", 2))])
def test_an_event_that_never_follows_earns_nothing(ops):
    found = WITHIN.judge(heard(*ops))
    assert found.outcome is Outcome.NOT_MET
    assert found.reason.key == "event_latency.missing"


def test_what_follows_outside_the_window_never_follows():
    rule = EventLatency(
        from_=A, to=B, score=WITHIN.score, window=Window(to=Event(ops="end"))
    )
    late = heard(("a", 2), ("end", 3), ("b", 3.5))
    assert rule.judge(late).reason.key == "event_latency.missing"


def test_pauses_are_no_part_of_the_time():
    paused = heard(("a", 2), ("b", 6), pauses=[(3, 5.5)])
    assert WITHIN.judge(paused).measured.value == 1.5


def test_the_same_event_twice_is_the_time_between_both():
    again = EventLatency(from_=A, to=A, score=WITHIN.score)
    assert again.judge(heard(("a", 2), ("a", 4))).measured.value == 2


def test_simultaneous_events_have_no_latency():
    assert WITHIN.judge(heard(("a", 2), ("b", 2))).measured.value == 0


def test_a_diagnostic_answer_counts_from_its_beginning():
    asked = Event(uds=UdsPattern(ecu="ESC", sid=0x22))
    rule = EventLatency(from_=asked, to=asked, score=WITHIN.score)
    exchanges = (
        an_exchange(1, "ESC", "22F190"),
        an_exchange(2, "ESC", "22F190", "62F19001"),
    )
    # The first request was never answered; the answer to the second one follows it.
    found = rule.judge(heard(exchanges=exchanges))
    assert found.measured.value == pytest.approx(1.02)
    at_once = rule.judge(heard(exchanges=exchanges[1:]))
    assert at_once.measured.value == pytest.approx(0.02)


def test_what_the_recorder_lost_is_left_to_an_examiner():
    rule = EventLatency(from_=A, to=RISES, score=WITHIN.score)
    values = [(t / 10, 0.0) for t in range(50)]
    assert rule.judge(heard(("a", 2), values=values)).fraction == 0
    lost = heard(("a", 2), values=values, health=losses(("CH1", 5, 10)))
    assert rule.judge(lost).outcome is Outcome.NOT_MEASURED


def test_a_signal_that_was_not_recorded_has_no_moments():
    rule = EventLatency(from_=A, to=RISES, score=WITHIN.score)
    with pytest.raises(MissingError):
        rule.judge(heard(("a", 2)))


@given(st.lists(st.integers(0, 99), max_size=6), st.lists(st.integers(0, 99)))
def test_the_latency_is_the_distance_to_the_next_one(starts, ends):
    ops = sorted([("a", t / 10) for t in starts] + [("b", t / 10) for t in ends])
    found = WITHIN.judge(heard(*ops)).measured
    following = [t for t in ends if starts and t >= min(starts)]
    wanted = (min(following) - min(starts)) / 10 if following else None
    assert (found and found.value) == pytest.approx(wanted)
