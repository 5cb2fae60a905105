import numpy as np
import pytest

from examrunner.criteria.error_frames import ErrorFrames
from examrunner.criteria.node_set import NodeSet
from examrunner.criteria.scales import Scale
from examrunner.criteria.windows import Window
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import BusErrors, Timeline
from examrunner.testing.timelines import a_hearing, a_message, losses, ns

BUS_OFF = 0x40
BUS_ERROR = 0x80


def with_errors(*errors, pauses=(), **more):
    bus = BusErrors(
        channel="HS1",
        t_ns=np.array([ns(t) for t, _ in errors], np.int64),
        classes=np.array([bits for _, bits in errors], np.uint32),
    )
    timeline = Timeline(duration_ns=ns(10), bus={"HS1": bus}, **more)
    return a_hearing(timeline, pauses=pauses)


def test_a_quiet_bus_has_no_error_frames():
    assert ErrorFrames(bus="HS1").judge(with_errors()).outcome is Outcome.MET


def test_error_frames_cost_by_their_number_and_are_the_evidence():
    rule = ErrorFrames(bus="HS1", score=Scale(full=0, zero=4))
    found = rule.judge(with_errors((3, BUS_ERROR)))
    assert found.outcome is Outcome.PARTLY_MET
    assert found.fraction == 0.75
    assert found.evidence[0].from_s == 3
    assert "(any class): at least 1;" in both(found.reason)["en"]
    many = with_errors(*((t, BUS_ERROR) for t in range(5)))
    assert rule.judge(many).outcome is Outcome.NOT_MET


def test_only_the_asked_classes_count():
    rule = ErrorFrames(bus="HS1", classes=("bus_off",))
    assert rule.judge(with_errors((3, BUS_ERROR))).outcome is Outcome.MET
    both_bits = with_errors((3, BUS_ERROR | BUS_OFF))
    assert rule.judge(both_bits).outcome is Outcome.NOT_MET


def test_a_rate_is_per_second_of_the_window():
    rule = ErrorFrames(
        bus="HS1",
        measure="rate",
        score=Scale(full=0.5, zero=1),
        window=Window(for_s=4.0),
    )
    found = rule.judge(with_errors((1, BUS_ERROR), (3, BUS_ERROR), (5, BUS_ERROR)))
    assert found.measured.value == 0.5
    assert found.measured.unit == "1/s"
    assert found.outcome is Outcome.MET


def test_error_frames_of_a_pause_do_not_count():
    paused = with_errors((3, BUS_ERROR), pauses=[(2, 4)])
    assert ErrorFrames(bus="HS1").judge(paused).outcome is Outcome.MET


def test_a_channel_without_error_reporting_is_not_measured():
    with pytest.raises(MissingError):
        ErrorFrames(bus="MS1").judge(with_errors())


def test_a_recorder_that_lost_time_proves_no_quiet_bus_but_cannot_undo_an_error():
    lost = losses(("HS1", 2, 4))
    rule = ErrorFrames(bus="HS1")
    assert rule.judge(with_errors(health=lost)).outcome is Outcome.NOT_MEASURED
    found = rule.judge(with_errors((5, BUS_ERROR), health=lost))
    assert found.outcome is Outcome.NOT_MET


EVERY = np.arange(0, 10, 0.1)
NODES = NodeSet(bus="CH1", messages=("A", "B"), score=Scale(full=1, zero=0))


def on_bus(*messages, **more):
    named = {message.name: message for message in messages}
    return a_hearing(Timeline(duration_ns=ns(10), messages=named, **more))


def test_the_expected_identifiers_are_on_the_bus():
    a, b = a_message("A", EVERY), a_message("B", EVERY)
    assert NODES.judge(on_bus(a, b)).outcome is Outcome.MET


def test_missing_and_strange_identifiers_lower_the_index():
    found = NODES.judge(
        on_bus(a_message("A", EVERY), a_message("B", []), a_message("0x7A1", EVERY))
    )
    assert found.fraction == pytest.approx(1 / 3, abs=1e-6)
    assert "missing: B; strange: 0x7A1" in both(found.reason)["en"]
    none = NODES.judge(on_bus(a_message("A", []), a_message("B", [])))
    assert none.outcome is Outcome.NOT_MET


def test_an_identifier_seen_once_is_not_seen_and_event_messages_do_not_count():
    a, b = a_message("A", EVERY), a_message("B", EVERY)
    once, event = a_message("0x7A1", [3.0]), a_message("E", EVERY, cycle_s=None)
    other = a_message("C", EVERY, channel="CH2")
    assert NODES.judge(on_bus(a, b, once, event, other)).outcome is Outcome.MET


def test_identifiers_that_the_recorder_may_have_lost_are_not_missing():
    a, b = a_message("A", EVERY), a_message("B", [])
    found = NODES.judge(on_bus(a, b, health=losses(("CH1", 2, 4))))
    assert found.outcome is Outcome.NOT_MEASURED


def test_a_channel_that_was_not_recorded_is_missing():
    with pytest.raises(MissingError):
        NODES.judge(on_bus(a_message("A", EVERY, channel="CH2")))
    with pytest.raises(MissingError):
        NODES.judge(on_bus(a_message("A", EVERY)))
