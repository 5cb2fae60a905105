import json
import threading
from pathlib import Path

import can
import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from examrunner.agent.identity import station_key
from examrunner.cli.station import app
from examrunner.content.search import built_in

RUNNER = CliRunner()


def with_profile(root: Path, channel: str, camera: Path) -> Path:
    """Content whose chassis station is on this PC."""
    profiles = root / "stations" / "chassis_bywire" / "profiles"
    profiles.mkdir(parents=True)
    for name in ("rig.yaml", "ecus.yaml"):
        original = built_in() / "stations" / "chassis_bywire" / name
        (profiles.parent / name).write_bytes(original.read_bytes())
    (profiles / "here.yaml").write_text(
        f"""
rig: chassis_bywire
can:
  CH1: {{driver: can_bus, options: {{interface: virtual, channel: {channel}}}}}
cameras:
  work_area: {{driver: picture_folder, options: {{folder: '{camera}'}}}}
"""
    )
    return root


def test_the_doctor_says_a_remedy_for_each_fault(tmp_path: Path) -> None:
    root = with_profile(tmp_path / "content", "nobody", tmp_path / "no pictures")
    done = RUNNER.invoke(
        app,
        [
            "doctor", "here", "--content", str(root), "--data", str(tmp_path / "data"),
            "--json",
        ],
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    said = {check["what"]: check for check in json.loads(done.output)["checks"]}
    assert not said["CAN CH1"]["healthy"]
    assert "silent" in said["CAN CH1"]["said"]["en"]
    assert not said["camera work_area"]["healthy"]
    assert not said["enrolment"]["healthy"]
    assert all(check["remedy"] for check in said.values() if not check["healthy"])
    assert said["disk"]["healthy"]


def test_the_doctor_hears_a_bus_and_sees_a_camera(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    blank = cv2.imencode(".png", np.zeros((360, 640), np.uint8))[1]
    (pictures / "now.png").write_bytes(bytes(blank))
    root = with_profile(tmp_path / "content", "doctor", pictures)
    bus = can.Bus(interface="virtual", channel="doctor")
    ended = threading.Event()

    def speak() -> None:
        while not ended.wait(0.05):
            bus.send(can.Message(arbitration_id=1, is_extended_id=False))

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        done = RUNNER.invoke(
            app,
            ["doctor", "here", "--content", str(root), "--data", str(tmp_path)],
        )
    finally:
        ended.set()
        speaker.join()
        bus.shutdown()
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    assert any(line.startswith("ok CAN CH1 frames arrive") for line in lines)
    assert any(line.startswith("ok camera work_area 640 x 360") for line in lines)
    assert any(line.startswith("fail CAN CH1 messages") for line in lines)


def test_a_station_that_is_not_enrolled_says_what_to_do(tmp_path: Path) -> None:
    for command in ("status", "run"):
        done = RUNNER.invoke(
            app, [command, "sim-body-01", "--data", str(tmp_path / "data")]
        )
        assert done.exit_code == 2
        assert "not enrolled" in done.output
        assert "station enrol" in done.output


def test_a_station_keeps_its_key(tmp_path: Path) -> None:
    path, key = station_key(tmp_path)
    again = station_key(tmp_path)[1]
    assert again.private_bytes_raw() == key.private_bytes_raw()
    assert path.stat().st_mode & 0o077 == 0


def test_enrolling_at_no_service_is_a_clear_error(tmp_path: Path) -> None:
    done = RUNNER.invoke(
        app,
        [
            "enrol", "sim-body-01", "--service", "http://127.0.0.1:9",
            "--code", "7QK4-2MXD-9RTA-C8WP", "--data", str(tmp_path),
        ],
    )  # fmt: skip
    assert done.exit_code == 2
    assert "cannot be reached" in done.output


@pytest.mark.parametrize("command", ["run", "enrol", "status", "doctor"])
def test_every_command_has_an_example(command: str) -> None:
    assert (
        "Example: examrunner station" in RUNNER.invoke(app, [command, "--help"]).output
    )
