import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from examrunner.archive.reading import open_recording
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureLostError, CaptureProcess
from examrunner.model.errors import RigError
from examrunner.model.recording import Ending, Header
from examrunner.model.station import Ecu, Link, Timing
from examrunner.testing.rig_peer import (
    CYCLIC_ID,
    LONG_ANSWER,
    NODE_ID,
    REQUEST_ID,
    RESPONSE_ID,
    RigPeer,
)

S = 1_000_000_000
ECU = Ecu(
    name="VCU", channel="CH1", request_id=REQUEST_ID, response_id=RESPONSE_ID
)  # fmt: skip
SCRIPT = [
    (1 * S, {"do": "edit", "field": "gain", "value": 3}),
    (2 * S, {"do": "capture", "camera": "work_area"}),
    (3 * S, {"do": "stop"}),
]


@pytest.fixture
def rig(request: pytest.FixtureRequest) -> Iterator[RigPeer]:
    with RigPeer(script=SCRIPT, channel=request.node.name) as peer:
        yield peer


def plan_for(rig: RigPeer, folder: Path) -> Plan:
    return Plan(
        folder=folder,
        header=Header(attempt_id="a", mode="exam", software={"examrunner": "test"}),
        can={"CH1": rig.can},
        cameras={"work_area": rig.camera},
        work_area=("work_area",),
        fault_box=rig.fault_box,
        clock=rig.clock,
    )


@pytest.fixture
def capture(rig: RigPeer, tmp_path: Path) -> Iterator[CaptureProcess]:
    with CaptureProcess(plan_for(rig, tmp_path / "attempt")) as process:
        yield process


def cyclic_numbers(folder: Path) -> list[int]:
    frames = open_recording(folder).frames("CH1")
    mine = frames.take(frames.ids == CYCLIC_ID)
    return [int.from_bytes(bytes(row[:8]), "big") for row in mine.data]


def play(capture: CaptureProcess, edited: Callable[[], object] = lambda: None) -> int:
    began_ns = capture.begin()
    while True:
        moment = capture.next(60 * S, 10)
        assert moment.action is not None
        match moment.action["do"]:
            case "edit":
                body = {k: moment.action[k] for k in ("field", "value")}
                assert capture.event("form", body) == moment.t_ns
                edited()
            case "capture":
                capture.take(str(moment.action["camera"]), "still")
            case "stop":
                capture.end("finished")
                return moment.t_ns - began_ns
        capture.done()


def test_a_whole_attempt_is_recorded_on_the_rigs_time(
    capture: CaptureProcess, tmp_path: Path
) -> None:
    capture.attach("rubric.yaml", "application/yaml", b"id: C06\n")
    assert capture.advance(S) == S
    assert play(capture) == 3 * S
    digest = capture.close(Ending.FINISHED, "the candidate submitted")

    recording = open_recording(tmp_path / "attempt")
    assert recording.digest == digest
    assert recording.ending is Ending.FINISHED
    assert recording.duration_ns == 4 * S
    assert cyclic_numbers(tmp_path / "attempt") == list(range(1, 401))
    frames = recording.frames("CH1")
    assert np.array_equal(np.unique(frames.t_ns), np.arange(1, 401) * S // 100)
    edit = recording.events("form")[0]
    assert (edit.t_ns, edit.body) == (2 * S, {"field": "gain", "value": 3})
    stills = [p for p in recording.pictures("work_area") if p.purpose == "still"]
    assert [p.t_ns for p in stills] == [3 * S]
    assert recording.attachments()["rubric.yaml"] == b"id: C06\n"
    assert recording.events("truth")[0].body == {"ESC.supply_v": 13.8}


def test_own_reads_work_before_the_start_and_never_after_it(
    capture: CaptureProcess, tmp_path: Path
) -> None:
    assert capture.ask(ECU, b"\x19\x02\x08", Timing()) == LONG_ANSWER
    capture.begin()
    with pytest.raises(RigError, match="only listens"):
        capture.ask(ECU, b"\x19\x02\x08", Timing())
    capture.close(Ending.STOPPED_BY_EXAMINER, "test")
    reads = [e.body for e in open_recording(tmp_path / "attempt").events("ops")]
    assert reads[0]["op"] == "agent_read"
    assert reads[0]["answer"] == LONG_ANSWER.hex()


def test_a_fault_shows_in_what_was_heard(capture: CaptureProcess) -> None:
    capture.observe()
    capture.advance(S)
    healthy = {heard.can_id: heard.count for heard in capture.observed()}
    assert capture.command("node.power", {"node": "ESC", "on": False}).is_ok
    capture.observe()
    capture.advance(S)
    faulty = {heard.can_id: heard.count for heard in capture.observed()}
    assert healthy == {CYCLIC_ID: 100, NODE_ID: 100}
    assert faulty == {CYCLIC_ID: 100}
    capture.close(Ending.STOPPED_BY_EXAMINER, "test")


def test_lost_frames_are_counted_as_a_gap(tmp_path: Path) -> None:
    with (
        RigPeer(script=SCRIPT, channel="losing", lose=frozenset(range(50, 60))) as rig,
        CaptureProcess(plan_for(rig, tmp_path / "attempt")) as capture,
    ):
        capture.advance(S)
        capture.advance(S)
        capture.close(Ending.STOPPED_BY_EXAMINER, "test")
    gaps = [e.body for e in open_recording(tmp_path / "attempt").events("health")]
    lost = [gap for gap in gaps if "lost" in gap and "stream" in gap]
    assert [gap["lost"] for gap in lost] == [10]
    # Two frames a cycle of 10 ms: they were sent at 250 to 300 ms, later ones came.
    assert lost[0]["from_ns"] <= 0.25 * S
    assert 0.3 * S <= lost[0]["to_ns"] <= S


# The thread of the peer's library dies with the connection that we break.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dropped_connection_in_mid_exam_is_a_recorded_gap_and_comes_back(
    rig: RigPeer, capture: CaptureProcess, tmp_path: Path
) -> None:
    def drop() -> None:
        rig.unplug_can()
        until = time.monotonic() + 5
        while not capture.health()["losses"] and time.monotonic() < until:
            time.sleep(0.02)
        while capture.health()["lost"] and time.monotonic() < until:
            time.sleep(0.02)

    play(capture, edited=drop)
    capture.close(Ending.FINISHED, "test")
    recording = open_recording(tmp_path / "attempt")
    bodies = [e.body for e in recording.events("health")]
    assert any(body.get("down") == "CH1" for body in bodies)
    gaps = [body for body in bodies if "lost" in body and "from_ns" in body]
    assert {gap["stream"] for gap in gaps} == {"CH1"}
    assert gaps
    assert gaps[0]["from_ns"] <= gaps[0]["to_ns"]
    assert recording.frames("CH1").t_ns[-1] == 3 * S


def test_after_kill_9_everything_acknowledged_is_there_and_goes_on(
    rig: RigPeer, tmp_path: Path
) -> None:
    plan = plan_for(rig, tmp_path / "attempt")
    with CaptureProcess(plan) as capture:
        capture.advance(S)
        capture.event("ops", {"op": "examiner_mark"})
        os.kill(capture.pid, signal.SIGKILL)
        with pytest.raises(CaptureLostError):
            capture.now_ns()
    torn = open_recording(tmp_path / "attempt")
    assert torn.ending is None
    assert [e.body["op"] for e in torn.events("ops")] == ["examiner_mark"]
    assert cyclic_numbers(tmp_path / "attempt") == list(range(1, 101))

    with CaptureProcess(plan) as again:
        again.close(Ending.POWER_LOST, "the capture process was killed")
    closed = open_recording(tmp_path / "attempt")
    assert closed.ending is Ending.POWER_LOST
    assert cyclic_numbers(tmp_path / "attempt") == list(range(1, 101))


def test_a_link_that_cannot_be_opened_names_the_remedy(tmp_path: Path) -> None:
    gone = Link(driver="can_bus", options={"interface": "socketcan", "channel": "no"})
    header = Header(software={})
    with pytest.raises(RigError, match="cannot be opened"):
        CaptureProcess(Plan(folder=tmp_path / "a", header=header, can={"CH1": gone}))
