import hashlib
from pathlib import Path

import numpy as np
import pytest
from simulated_attempts import a_plan, an_attempt

from examrunner.agent.simulated_rig import Casting, SimulatedRig, pointed_at
from examrunner.archive.reading import Recording
from examrunner.archive.verify import verify
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.errors import RigError
from examrunner.model.frames import ERROR
from examrunner.model.station import Link

STATION = "sim-body-01"
TASK = "F13"
VARIANT = "esc_wiggle"


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
    plan = a_plan(STATION, TASK, VARIANT, tmp_path)
    (fast, fast_score), (slow, slow_score) = (
        an_attempt(tmp_path / str(speed), plan, speed=speed) for speed in (1000, 80)
    )
    assert verify(fast.path).holds
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
    plan = a_plan(STATION, "F11", "vcu_swapped", tmp_path)
    recording, score = an_attempt(tmp_path / "attempt", plan, speed=1000)
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
