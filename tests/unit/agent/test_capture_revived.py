"""The capture process dies alone: the attempt goes on with another one."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from attempt_benches import EDIT, FAULT, PAUSE, RESUME, START, Bench, People, an_end
from attempt_benches import SCRIPT as BY_SCRIPT

from examrunner.agent import attempt
from examrunner.agent.desk import Desk, NotNowError, Recorded
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.pause_causes import PauseCause
from examrunner.agent.resuming import Interruption
from examrunner.agent.reviving import HELD, TOO_MANY, Deaths
from examrunner.agent.states import Phase, Progress, Signal, step
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureLostError, CaptureProcess
from examrunner.model.errors import RecordingError
from examrunner.model.recording import Ending
from examrunner.testing.rig_peer import RigPeer

S = 1_000_000_000


@pytest.fixture
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with RigPeer(script=BY_SCRIPT, channel=request.node.name) as rig:
        yield Bench(rig, tmp_path / "attempt")


@pytest.fixture
def by_hand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with RigPeer(script=[], channel=request.node.name) as rig:
        yield Bench(rig, tmp_path / "attempt")


class Killer:
    """Kills the capture process that runs, and nothing else."""

    def __init__(self) -> None:
        self.opened: list[int] = []

    def __call__(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.opened[-1], signal.SIGKILL)


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Killer:
    killer = Killer()

    class Known(CaptureProcess):
        def __init__(self, plan: Plan) -> None:
            super().__init__(plan)
            killer.opened.append(self.pid)

    monkeypatch.setattr(attempt, "CaptureProcess", Known)
    return killer


class Once:
    """An act that is done the first time only."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._acts = [act]

    def __call__(self) -> None:
        if self._acts:
            self._acts.pop()()


def gaps(bench: Bench) -> dict[str, str]:
    """Cause of each declared gap by stream."""
    bodies = [event.body for event in bench.recording().events("health")]
    return {str(b["stream"]): str(b["cause"]) for b in bodies if "from_ns" in b}


def test_the_candidate_goes_on_and_the_gap_is_declared(
    bench: Bench, kill: Killer
) -> None:
    bench.on_phase = {Phase.RUNNING: Once(kill)}
    progress = bench.run(inject=FAULT)
    assert progress.ending is Ending.FINISHED
    assert progress.phase is Phase.CLEARED
    assert [pause.cause for pause in progress.pauses] == [PauseCause.STATION_FAULT]
    assert bench.recording().ending is Ending.FINISHED
    assert gaps(bench) == {"CH1": "restart", "front": "restart", "truth": "restart"}
    told = bench.operations()
    assert told.count("start") == 1
    assert told.index("pause") < told.index("resume") < told.index("stop")
    form = [dict(event.body) for event in bench.recording().events("form")]
    assert form == [{"field": "gain", "value": 3}, {"submit": True}]
    assert bench.rig.faults == []


def test_a_death_after_the_stop_still_ends_with_a_safe_rig_and_a_closed_recording(
    bench: Bench, kill: Killer
) -> None:
    bench.on_phase = {Phase.STOPPED: Once(kill)}
    progress = bench.run(inject=FAULT)
    assert (progress.ending, progress.phase) == (Ending.FINISHED, Phase.CLEARED)
    assert progress.pauses == ()
    assert bench.recording().ending is Ending.FINISHED
    assert bench.rig.faults == []


def test_a_death_before_the_start_begins_the_attempt_again(
    bench: Bench, kill: Killer
) -> None:
    bench.on_phase = {Phase.FAULT_ARMED: Once(kill)}
    with pytest.raises(CaptureLostError):
        bench.run(inject=FAULT)
    assert bench.files.progress().phase is Phase.FAULT_ARMED


def test_without_an_examiner_a_process_that_dies_every_time_ends_the_attempt(
    bench: Bench, kill: Killer
) -> None:
    bench.on_phase = {Phase.RUNNING: kill, Phase.PAUSED: lambda: None}
    shown = bench.noticed

    def noticed(progress: Progress, now_ns: int) -> None:
        bench.phases.clear()  # so that every look counts as news
        shown(progress, now_ns)

    bench.noticed = noticed  # type: ignore[method-assign]  # the bench is told more
    progress = bench.run(inject=FAULT)
    assert progress.outcome is OutcomeCode.POWER_LOST
    assert bench.rig.faults == []
    assert bench.recording().ending is None


def test_after_too_many_deaths_the_clock_stands_until_the_examiner_lets_it_go_on(
    by_hand: Bench, kill: Killer
) -> None:
    people = People(by_hand, START)

    def act() -> None:
        people.run_acts()
        waits_for(lambda: by_hand.files.progress().phase is Phase.RUNNING)
        for opened in range(1, TOO_MANY + 1):
            people.desk.hand_in({**EDIT, "value": opened})
            kill()
            waits_for(lambda known=opened: len(kill.opened) > known)
        waits_for(lambda: by_hand.files.progress().phase is Phase.PAUSED)
        with pytest.raises(NotNowError):
            people.desk.hand_in(EDIT)
        people.desk.hand_in(RESUME)
        people.desk.hand_in({**EDIT, "value": 9})
        people.desk.hand_in(an_end("candidate_withdrew"))

    people.act_instead(act)
    progress = by_hand.run(inject=FAULT)
    people.done()
    assert people.failure is None
    assert progress.outcome is OutcomeCode.CANDIDATE_WITHDREW
    *earlier, last = progress.pauses
    assert {pause.cause for pause in earlier} == {PauseCause.STATION_FAULT}
    assert (last.cause, last.note) == (PauseCause.RIG_FAULT, HELD)
    assert last.ended_by == "Li"
    form = [event.body["value"] for event in by_hand.recording().events("form")]
    assert form == [*range(1, TOO_MANY + 1), 9]


def test_an_answer_during_a_death_is_not_called_saved() -> None:
    desk = Desk()

    def dies(action: object) -> Recorded:
        raise CaptureLostError("it has ended.", where="", remedy="")

    def serve() -> None:
        with suppress(CaptureLostError):
            while True:
                desk.serve(dies)
                time.sleep(0.01)

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(RecordingError, match="not certain that this was saved"):
        desk.hand_in(EDIT)
    thread.join()


def waits_for(holds: Callable[[], bool]) -> None:
    last = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.05)


def running() -> Progress:
    return step(Progress(phase=Phase.READY), Signal.START, now_ns=1 * S)


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("held", ["", "look at the rig"])
def test_what_is_recorded_and_what_is_reckoned_are_the_same(
    is_open: bool, held: str
) -> None:
    progress = running()
    if is_open:
        progress = step(
            progress, Signal.PAUSE, now_ns=2 * S, cause=PauseCause.STATION_FAULT
        )
    one = Interruption(
        progress=progress, last_ns=3 * S, answers={}, is_open=is_open, held=held
    )
    after = one.resumed(9 * S)
    assert after.phase is (Phase.PAUSED if held else Phase.RUNNING)
    assert after.exam_ns(9 * S) == (1 * S if is_open else 2 * S)
    names = [operation["op"] for operation in one.operations]
    assert names[-1] == ("pause" if held else "resume")


def test_a_pause_of_the_examiner_stays_whatever_dies() -> None:
    cause = PauseCause(str(PAUSE["cause"]))
    paused = step(running(), Signal.PAUSE, now_ns=2 * S, cause=cause, by="Zhang")
    for held in ("", "look at the rig"):
        one = Interruption(
            progress=paused, last_ns=3 * S, answers={}, is_open=False, held=held
        )
        assert one.operations == ()
        assert one.resumed(9 * S) == paused


def test_deaths_long_ago_do_not_count() -> None:
    now_s = [0.0]
    deaths = Deaths(lambda: now_s[0])
    for _ in range(TOO_MANY):
        deaths.note()
        now_s[0] += 25.0
    assert not deaths.are_too_many
    assert deaths.rest_s == 0.5
    deaths.note()
    assert deaths.are_too_many
