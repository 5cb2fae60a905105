from examrunner.agent.observing import (
    command_of,
    missing,
    must_be_seen,
    silent_channels,
)
from examrunner.agent.tasks import without_keys
from examrunner.capture.bus_watch import Heard


def heard(can_id: int, count: int, gap_s: float) -> Heard:
    return Heard(
        channel="HS1", can_id=can_id, extended=False, count=count, longest_gap_s=gap_s
    )


HEALTHY = (heard(0x100, 150, 0.021), heard(0x200, 30, 0.11), heard(0x300, 1, 1.5))


def test_a_bus_as_before_misses_nothing() -> None:
    now = (heard(0x100, 250, 0.03), heard(0x200, 50, 0.12))
    assert missing(HEALTHY, now) == ()


def test_a_silent_message_is_missing() -> None:
    assert missing(HEALTHY, (heard(0x100, 250, 0.021),)) == (HEALTHY[1],)


def test_a_message_that_drops_out_for_a_while_is_missing() -> None:
    now = (heard(0x100, 240, 0.6), heard(0x200, 50, 0.11))
    assert missing(HEALTHY, now) == (HEALTHY[0],)


def test_a_message_that_came_only_once_is_never_missed() -> None:
    assert HEALTHY[2] not in missing(HEALTHY, ())


def test_a_silent_channel_is_named() -> None:
    assert silent_channels(["HS1", "MS1"], HEALTHY) == ("MS1",)


def test_only_faults_that_silence_must_be_seen() -> None:
    inner = {"op": "node.power", "args": {"node": "ESC", "on": False}}
    assert must_be_seen([{"op": "intermittent", "args": {"fault": inner}}])
    assert must_be_seen([{"op": "node.ground_r", "node": "ESC", "ohm": 50}])
    assert not must_be_seen([{"op": "sig.offset", "signal": "A.B", "value": 3}])


def test_arguments_may_stand_beside_the_operation() -> None:
    assert command_of({"op": "x", "a": 1, "args": {"b": 2}}) == ("x", {"a": 1, "b": 2})


def test_a_rubric_in_a_recording_holds_no_answers() -> None:
    text = (
        "id: X\nvariants:\n  a:\n    truth: {secret: 7}\n\n    pool: exam\ncuts: {}\n"
    )
    stripped = without_keys(text, {"a": "exam"})
    assert stripped == "id: X\nvariants:\n  a: {pool: exam}\ncuts: {}\n"
