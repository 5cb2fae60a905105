"""Recording time over a restart, and what a continued recording says it lacks."""

from pathlib import Path
from typing import Any

import pytest

from examrunner.archive.cut import Cut, cut_of
from examrunner.archive.writer import RecordingWriter
from examrunner.capture.continuing import (
    UNKNOWN_NS,
    Clocks,
    declare,
    declare_opening,
    same_rig,
    start_ns,
)
from examrunner.capture.wall_watch import WallWatch
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Event, Header

S = 1_000_000_000
HEADER = Header(attempt_id="a", software={})


def cut_with(clocks: Clocks | None, last_ns: int) -> Cut:
    body: dict[str, object] = {"clocks": {
        "boot_id": clocks.boot_id, "monotonic_ns": clocks.monotonic_ns,
        "rig_ns": clocks.rig_ns,
    }} if clocks else {}  # fmt: skip
    opened = Event(t_ns=0, stream="health", number=0, body=body)
    return Cut(last_ns=last_ns, heard_ns={}, pictures={}, lost={}, events=(opened,))


BEFORE = Clocks(boot_id="b1", monotonic_ns=100 * S)
RIG_BEFORE = Clocks(boot_id="b1", monotonic_ns=100 * S, rig_ns=50 * S)


@pytest.mark.parametrize(
    ("before", "now", "expected_ns"),
    [
        (BEFORE, Clocks(boot_id="b1", monotonic_ns=107 * S), 7 * S),
        (BEFORE, Clocks(boot_id="b2", monotonic_ns=107 * S), 5 * S + UNKNOWN_NS),
        (BEFORE, Clocks(boot_id="", monotonic_ns=107 * S), 5 * S + UNKNOWN_NS),
        # A clock that ran backwards is believed no more than one that stood still.
        (BEFORE, Clocks(boot_id="b1", monotonic_ns=101 * S), 5 * S + UNKNOWN_NS),
        (RIG_BEFORE, Clocks(boot_id="b2", monotonic_ns=0, rig_ns=58 * S), 8 * S),
        (RIG_BEFORE, Clocks(boot_id="b1", monotonic_ns=0, rig_ns=0), 6 * S),
        (None, BEFORE, 5 * S + UNKNOWN_NS),
    ],
)
def test_recording_time_goes_on_by_a_clock_that_ran_meanwhile(
    before: Clocks | None, now: Clocks, expected_ns: int
) -> None:
    assert start_ns(cut_with(before, 5 * S), now) == expected_ns
    assert start_ns(None, now) == 0


def test_a_rig_that_went_on_is_told_from_one_that_was_started_again() -> None:
    cut = cut_with(RIG_BEFORE, 5 * S)
    lived = Clocks(boot_id="b1", monotonic_ns=0, rig_ns=58 * S)
    anew = Clocks(boot_id="b1", monotonic_ns=0, rig_ns=0)
    assert same_rig(cut, lived, start_ns(cut, lived))
    assert not same_rig(cut, anew, start_ns(cut, anew))
    assert not same_rig(None, lived, 0)


def test_what_passed_while_the_links_were_opened_again_is_a_gap() -> None:
    said: list[Any] = []
    declare_opening(["CH1"], 5 * S, 5 * S, lambda *event: said.append(event))
    assert said == []
    declare_opening(["CH1"], 5 * S, 6 * S, lambda *event: said.append(event))
    ((t_ns, stream, body),) = said
    assert (t_ns, stream) == (6 * S, "health")
    assert body["stream"] == "CH1"
    assert (body["from_ns"], body["to_ns"]) == (5 * S, 6 * S)


def test_a_cut_says_what_was_heard_and_what_was_lost(tmp_path: Path) -> None:
    folder = tmp_path / "recording"
    assert cut_of(folder) is None
    with RecordingWriter(
        folder, HEADER, channels=["CH1", "CH2"], cameras=["front"]
    ) as writer:
        writer.frames("CH1", Frames.of([(1 * S, 1, 0, b"a"), (2 * S, 1, 0, b"b")]))
        writer.event(2 * S, "health", {"down": "CH2", "cause": "OSError"})
        writer.event(2 * S, "health", {"down": "CH1", "cause": "OSError"})
        writer.event(
            3 * S,
            "health",
            {"stream": "CH1", "lost": None, "from_ns": 2 * S, "to_ns": 3 * S},
        )
        writer.event(4 * S, "health", {"queue_depth": 0, "lost": [], "losses": 2})
    cut = cut_of(folder)
    assert cut is not None
    assert (cut.last_ns, cut.heard_ns) == (4 * S, {"CH1": 2 * S, "CH2": 0})
    assert (cut.pictures, cut.lost) == ({"front": 0}, {"CH2": 2 * S})

    said: list[tuple[int, str, object]] = []
    now = Clocks(boot_id="b", monotonic_ns=1)
    declare(cut, now, 9 * S, lambda *told: said.append(told))
    gaps = {
        body["stream"]: (body["from_ns"], body["to_ns"])
        for _, _, body in said
        if isinstance(body, dict) and "stream" in body
    }
    assert gaps == {
        "CH1": (2 * S, 9 * S),
        "CH2": (2 * S, 9 * S),
        "front": (4 * S, 9 * S),
        "truth": (4 * S, 9 * S),
    }
    with RecordingWriter(
        folder, HEADER, channels=["CH1", "CH2"], cameras=["front"]
    ) as writer:
        writer.close(Ending.FINISHED, "", 9 * S)
    assert cut_of(folder) is None


def test_a_wall_clock_that_jumps_is_noticed_once() -> None:
    wall, monotonic = [0], [0]
    watch = WallWatch(lambda: wall[0], lambda: monotonic[0])
    assert watch.step_s() is None
    wall[0], monotonic[0] = 11 * S, 10 * S
    assert watch.step_s() is None
    wall[0] = -100 * S
    assert watch.step_s() == pytest.approx(-111)
    assert watch.step_s() is None
