import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from examrunner.agent.attempt import Attempt
from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.secrets import CASE
from examrunner.agent.simulated_rig import Casting, SimulatedRig, pointed_at
from examrunner.agent.states import Phase
from examrunner.agent.tasks import task_of
from examrunner.archive.reading import Recording, open_recording
from examrunner.archive.verify import verify
from examrunner.capture.plan import Plan
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.digests import digest_of
from examrunner.model.errors import RigError
from examrunner.model.frames import ERROR
from examrunner.model.recording import Header
from examrunner.model.station import Link, Station
from examrunner.wire import Lease, ScoreMessage

ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
MOMENT = "2026-11-23T09:30:00+08:00"
STATION = "sim-body-01"
TASK = "F13"
VARIANT = "esc_wiggle"


def a_lease(content: SearchPath, station: Station, task: str, variant: str) -> Lease:
    path = content.find("rubric", task)
    truth = dict(read_rubric(path).variants[variant].truth)
    case = json.dumps({"task": task, "variant": variant, "truth": truth})
    return Lease(
        attempt_id=ATTEMPT,
        token=1,
        station=STATION,
        rig=station.rig.name,
        candidate="K7Q2M9",
        task=task,
        mode="exam",
        variant=variant,
        rubric=path.read_text("utf-8"),
        rubric_digest=digest_of(path.read_bytes()),
        case=case,
        case_digest=digest_of(case.encode()),
        nonce="ab",
        issued_at=MOMENT,
        expires_at=MOMENT,
    )


def an_attempt(
    folder: Path, speed: float, task_id: str = TASK, variant: str = VARIANT
) -> tuple[Recording, ScoreMessage | None]:
    content = SearchPath.of()
    station = read_station(STATION, content)
    lease = a_lease(content, station, task_id, variant)
    files = AttemptFiles(folder=folder)
    files.open(lease)
    case = CASE.validate_json(lease.case)
    task = task_of(lease, case, station.rig, content, files)
    casting = Casting(profile="competent", speed=speed, seed=1)
    with SimulatedRig(STATION, task=task_id, variant=variant, casting=casting) as rig:
        pointed = pointed_at(station, rig.ports)
        plan = Plan(
            folder=files.recording,
            header=Header(attempt_id=ATTEMPT, mode="exam", software={}),
            can=pointed.can,
            cameras=pointed.cameras,
            fault_box=pointed.fault_box,
            clock=pointed.clock,
        )
        attempt = Attempt(
            task,
            plan,
            files,
            notice=lambda progress, now: None,
            shown=lambda score: None,
            wants_stop=lambda: False,
        )
        assert attempt.run().phase is Phase.CLEARED
    return open_recording(files.recording), task.judge(files.recording)


def exam_frames(recording: Recording, channel: str) -> str:
    times = {str(e.body["op"]): e.t_ns for e in recording.events("ops")}
    frames = recording.frames(channel)
    exam = frames.take((frames.t_ns >= times["start"]) & (frames.t_ns < times["stop"]))
    columns = (exam.t_ns, exam.ids, exam.flags, exam.length, exam.data)
    return hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest()


@pytest.mark.slow
def test_the_speed_of_a_rig_changes_no_frame_no_event_no_picture_and_no_point(
    tmp_path: Path,
) -> None:
    (fast, fast_score), (slow, slow_score) = (
        an_attempt(tmp_path / str(speed), speed) for speed in (1000, 80)
    )
    assert verify(fast.path).holds
    assert fast_score is not None
    assert slow_score is not None
    assert fast_score.points == slow_score.points
    assert fast_score.criteria == slow_score.criteria
    for channel in fast.channels:
        assert exam_frames(fast, channel) == exam_frames(slow, channel)
    for stream in ("form", "truth"):
        assert [(e.t_ns, e.body) for e in fast.events(stream)] == [
            (e.t_ns, e.body) for e in slow.events(stream)
        ]
    assert [p.data for p in fast.pictures("work_area")] == [
        p.data for p in slow.pictures("work_area")
    ]
    lost = [e.body for e in fast.events("health") if "lost" in e.body]
    assert [body for body in lost if "stream" in body] == []
    assert np.all(np.diff(fast.frames("HS1").t_ns) >= 0)
    assert b"truth" not in fast.attachments()["rubric.yaml"]


@pytest.mark.slow
def test_error_frames_and_a_dead_plug_come_through_the_ports(tmp_path: Path) -> None:
    recording, score = an_attempt(tmp_path, 1000, "F11", "vcu_swapped")
    assert score is not None
    found = {each.id: each for each in score.criteria}
    assert found["C3"].fraction == 1.0
    assert found["A1"].fraction == 1.0
    errors = recording.frames("HS1").flags & ERROR
    assert np.count_nonzero(errors) > 1000
    told = [e.body for e in recording.events("health") if "error_reporting" in e.body]
    assert {body["stream"] for body in told if body["error_reporting"]} == {
        "HS1",
        "MS1",
    }


def test_a_profile_is_pointed_at_the_ports_of_a_rig() -> None:
    station = read_station("sim-adas-01", SearchPath.of())
    ports = {
        "can": {"CH1": "ws://127.0.0.1:1"},
        "cameras": {
            "front": "127.0.0.1:2",
            "targets": "127.0.0.1:6",
            "work_area": "127.0.0.1:3",
        },
        "fault_box": "127.0.0.1:4",
        "clock": "127.0.0.1:5",
    }
    pointed = pointed_at(station, ports)
    assert pointed.can["CH1"].options["channel"] == "ws://127.0.0.1:1"
    assert pointed.cameras["front"] == Link(
        driver="picture_stream", options={"address": "127.0.0.1:2"}
    )
    assert pointed.clock == Link(driver="rig_clock", options={"address": "127.0.0.1:5"})


def test_a_rig_without_a_port_that_the_profile_names_is_refused() -> None:
    station = read_station("sim-adas-01", SearchPath.of())
    with pytest.raises(RigError, match=r"offers no \{can.CH1\}"):
        pointed_at(station, {"can": {}})


def test_a_rig_that_cannot_be_simulated_is_a_rig_error(
    capfd: pytest.CaptureFixture[str],
) -> None:
    casting = Casting(profile="nobody", speed=1, seed=1)
    with pytest.raises(RigError, match="does not come up"):
        SimulatedRig(STATION, task=TASK, variant=VARIANT, casting=casting)
    assert "nobody" in capfd.readouterr().err
