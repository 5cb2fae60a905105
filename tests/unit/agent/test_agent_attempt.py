import os
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from examrunner.agent.attempt import Attempt, Task
from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.states import Phase, Progress
from examrunner.archive.reading import Recording, open_recording
from examrunner.archive.recover import recover
from examrunner.capture.plan import Plan
from examrunner.model.errors import RigError
from examrunner.model.recording import Ending, Header
from examrunner.model.station import Channel, Ecu, Link, Rig
from examrunner.model.text import Text
from examrunner.testing.rig_peer import REQUEST_ID, RESPONSE_ID, RigPeer
from examrunner.wire import PointsMessage, ScoreMessage

S = 1_000_000_000
RIG = Rig(
    name="peer",
    title=Text(zh="", en=""),
    channels=(Channel(name="CH1", database="none.dbc", bitrate_bps=500_000),),
    ecus=(
        Ecu(name="VCU", channel="CH1", request_id=REQUEST_ID, response_id=RESPONSE_ID),
    ),
)
SCORE = ScoreMessage(
    points=PointsMessage(low=1, high=2, max=3), verdict="undecided", criteria=[]
)
SCRIPT: Sequence[tuple[int, Mapping[str, Any]]] = [
    (1 * S, {"do": "edit", "field": "gain", "value": 3}),
    (2 * S, {"do": "capture", "camera": "front"}),
    (3 * S, {"do": "submit"}),
    (4 * S, {"do": "stop"}),
]
FAULT = [{"op": "node.power", "args": {"node": "ESC", "on": False}}]


class Bench:
    """One attempt on a peer, with everything that it tells."""

    def __init__(self, rig: RigPeer, folder: Path) -> None:
        self.rig = rig
        self.files = AttemptFiles(folder=folder)
        self.phases: list[Phase] = []
        self.looked_at: list[str] = []
        self.shown: list[ScoreMessage | None] = []
        self.stop = threading.Event()
        self.on_phase: Mapping[Phase, Any] = {}
        self.task = Task(
            rig=RIG,
            inject=[],
            limit_s=60.0,
            post_s=60.0,
            attachments={"rubric.yaml": ("application/yaml", b"id: X\n")},
            look=lambda picture: self.looked_at.append(picture.name),
            judge=lambda path: SCORE,
        )
        self.plan = Plan(
            folder=self.files.recording,
            header=Header(attempt_id="a", mode="exam", nonce="ab", software={}),
            can={"CH1": rig.can},
            cameras={"front": rig.camera},
            fault_box=rig.fault_box,
            clock=rig.clock,
        )
        folder.mkdir()

    def run(self, **changes: Any) -> Progress:
        return Attempt(
            replace(self.task, **changes),
            self.plan,
            self.files,
            notice=self.noticed,
            shown=self.shown.append,
            wants_stop=self.stop.is_set,
        ).run()

    def noticed(self, progress: Progress, now_ns: int) -> None:
        if not self.phases or self.phases[-1] is not progress.phase:
            self.phases.append(progress.phase)
            self.on_phase.get(progress.phase, lambda: None)()

    def recording(self) -> Recording:
        return open_recording(self.files.recording)

    def operations(self) -> list[str]:
        bodies = [event.body for event in self.recording().events("ops")]
        return [str(b["phase"] if b["op"] == "phase" else b["op"]) for b in bodies]


@pytest.fixture
def bench(request: pytest.FixtureRequest, tmp_path: Path):
    with RigPeer(script=SCRIPT, channel=request.node.name) as rig:
        yield Bench(rig, tmp_path / "attempt")


def test_an_attempt_without_a_fault_ends_cleared_and_closed(bench: Bench) -> None:
    progress = bench.run()
    assert progress.phase is Phase.CLEARED
    assert progress.ending is Ending.FINISHED
    assert progress.exam_ns(0) == 4 * S
    assert bench.files.progress() == progress
    assert bench.shown == [SCORE]
    assert bench.looked_at == ["still-0001"]
    assert bench.recording().ending is Ending.FINISHED
    assert bench.operations() == [
        "pre", "agent_read", "exam", "start", "capture", "stop", "post", "agent_read",
        "clear", "baseline", "closed",
    ]  # fmt: skip
    form = [(e.t_ns % S, dict(e.body)) for e in bench.recording().events("form")]
    assert form == [(0, {"field": "gain", "value": 3}), (0, {"submit": True})]


def test_a_fault_is_set_seen_and_cleared(bench: Bench) -> None:
    progress = bench.run(inject=FAULT)
    assert progress.phase is Phase.CLEARED
    assert bench.phases == [
        Phase.PREFLIGHT, Phase.FAULT_ARMED, Phase.FAULT_OBSERVED, Phase.READY,
        Phase.RUNNING, Phase.STOPPED, Phase.JUDGED, Phase.CLEARED,
    ]  # fmt: skip
    seen = [
        event.body["missing"]
        for event in bench.recording().events("ops")
        if event.body["op"] == "fault_observed"
    ]
    assert seen == [["CH1 0x200"]]
    assert bench.rig.faults == []


def test_a_fault_that_does_not_show_voids_the_attempt(bench: Bench) -> None:
    bench.rig.is_deaf = True
    progress = bench.run(inject=FAULT)
    assert progress.ending is Ending.RIG_FAULT
    assert progress.started_ns is None
    assert Phase.RUNNING not in bench.phases
    assert bench.shown == []
    assert progress.outcome is OutcomeCode.RIG_FAULT
    assert Phase.VOIDED in bench.phases
    assert bench.rig.faults == []
    assert "cannot be seen" in bench.recording().reason


def test_at_time_up_the_last_saved_state_counts(bench: Bench) -> None:
    progress = bench.run(limit_s=1.5)
    assert progress.ending is Ending.TIME_UP
    assert progress.exam_ns(0) == round(1.5 * S)
    assert len(bench.recording().events("form")) == 1


def test_somebody_at_the_station_can_stop(bench: Bench) -> None:
    bench.on_phase = {Phase.RUNNING: bench.stop.set}
    progress = bench.run(inject=FAULT)
    assert progress.ending is Ending.STOPPED_BY_EXAMINER
    assert progress.phase is Phase.CLEARED
    assert bench.rig.faults == []


def test_a_dead_capture_process_leaves_a_safe_rig_and_a_recording(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids: list[int] = []
    from examrunner.agent import attempt

    class Known(attempt.CaptureProcess):
        def __init__(self, plan: Plan) -> None:
            super().__init__(plan)
            pids.append(self.pid)

    monkeypatch.setattr(attempt, "CaptureProcess", Known)
    bench.on_phase = {Phase.RUNNING: lambda: os.kill(pids[0], signal.SIGKILL)}
    progress = bench.run(inject=FAULT)
    assert progress.ending is Ending.POWER_LOST
    assert bench.rig.faults == []
    assert bench.recording().ending is None
    recover(bench.files.recording, software={})
    assert "start" in bench.operations()


# The thread of the peer's library dies with the connection that we break.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_rig_that_goes_dark_is_a_rig_fault_with_a_closed_recording(
    bench: Bench,
) -> None:
    bench.on_phase = {Phase.RUNNING: bench.rig.switch_off}
    progress = bench.run()
    assert progress.ending is Ending.RIG_FAULT
    assert bench.recording().ending is Ending.RIG_FAULT


def test_a_silent_channel_is_a_rig_fault_before_the_candidate_comes(
    bench: Bench,
) -> None:
    two = replace(RIG, channels=(*RIG.channels, replace(RIG.channels[0], name="CH2")))
    bench.plan = replace(bench.plan, can={"CH1": bench.rig.can, "CH2": silent_link()})
    progress = bench.run(rig=two)
    assert progress.ending is Ending.RIG_FAULT
    assert "CH2" in progress.reason


def test_a_rig_that_cannot_be_opened_leaves_nothing_behind(bench: Bench) -> None:
    bench.plan = replace(bench.plan, cameras={"front": silent_link("picture_stream")})
    with pytest.raises(RigError):
        bench.run()


def silent_link(driver: str = "can_bus") -> Link:
    if driver == "can_bus":
        options = {"interface": "virtual", "channel": "nobody speaks here"}
        return Link(driver=driver, options=options)
    return Link(driver=driver, options={"address": "127.0.0.1:9"})
