"""The wall clock jumps by ten days, or falls back to 1970, in the middle of an exam."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from examrunner.archive.reading import open_recording
from examrunner.archive.verify import verify
from examrunner.capture.plan import PLAN, Plan
from examrunner.decode.events import health
from examrunner.model.recording import Header

DAY_S = 86_400
S = 1_000_000_000


class Capture:
    """A capture process on this PC's own time, under a wall clock of the test."""

    def __init__(self, library: Path, folder: Path) -> None:
        self.folder = folder / "recording"
        self.offset = folder / "offset"
        self._library = library
        self.restart()

    def restart(self) -> None:
        environment = {
            **os.environ,
            "LD_PRELOAD": str(self._library),
            "WALL_OFFSET_FILE": str(self.offset),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "examrunner.capture"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        header = Header(attempt_id="a", software={"examrunner": "test"})
        plan = Plan(folder=self.folder, header=header, can={})
        self._exchange(PLAN.dump_json(plan).decode())

    def say(self, call: str, **arguments: object) -> object:
        return self._exchange(json.dumps({"call": call, **arguments}))

    def jump(self, to_s: float) -> None:
        self.offset.write_text(f"{to_s:.0f}")

    def kill(self) -> None:
        self._process.kill()
        self.close()

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()
        self._process.wait(10)

    def _exchange(self, line: str) -> object:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer["ok"]


@pytest.fixture(scope="session")
def wall_clock(compiled) -> Path:
    return compiled("wall_clock")


@pytest.mark.parametrize("to", ["ten days on", "ten days back", "1970"])
def test_a_jump_of_the_wall_clock_is_recorded_and_moves_nothing_else(
    wall_clock: Path, tmp_path: Path, to: str
) -> None:
    since_1970_s = time.time_ns() // S
    jumps = {"ten days on": 10 * DAY_S, "ten days back": -10 * DAY_S}
    jump_s = jumps.get(to, -since_1970_s)
    capture = Capture(wall_clock, tmp_path)
    began_s = time.monotonic() - int(str(capture.say("now_ns"))) / S
    capture.say("begin")
    capture.say("advance", by_ns=1_200_000_000)
    capture.jump(jump_s)
    capture.say("advance", by_ns=1_200_000_000)
    capture.kill()  # and once more, over a restart of the program
    capture.jump(0)
    capture.restart()
    capture.say("go_on", operations=[{"op": "resume"}])
    now_ns = int(str(capture.say("now_ns")))
    assert abs(now_ns / S - (time.monotonic() - began_s)) < 0.5
    capture.say("end", reason="finished")
    capture.say("close", ending="finished", reason="finished")
    capture.close()

    assert verify(capture.folder).holds
    recording = open_recording(capture.folder)
    steps = health(recording.events("health"), recording.duration_ns).clock_steps
    assert [round(step.by_s) for step in steps] == [jump_s]
    times = [event.t_ns for event in recording.events("ops")]
    assert times == sorted(times)
    assert times[-1] < 60 * S
