import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.identity import enrol, station_key
from examrunner.agent.states import Phase
from examrunner.archive.reading import open_recording
from examrunner.archive.sealing import unseal
from examrunner.cli.demo.api import Api
from examrunner.cli.demo.cast import COHORT, SCHEME
from examrunner.cli.demo.children import Children
from examrunner.cli.demo.day import free_port
from examrunner.cli.demo.set_up import set_up

pytestmark = pytest.mark.slow

STATION = "sim-chassis-01"
PATIENCE_S = 120


class Hall:
    """A service with one planned attempt, and a station that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / STATION
        self.tokens = set_up(folder / "service")
        self.address = f"http://127.0.0.1:{free_port()}"
        self.children = Children(folder / "logs")
        self.examiner = Api(self.address, self.tokens.examiner)
        self.station: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        port = self.address.rpartition(":")[2]
        service = ["service", "run", "--data", str(self.folder / "service")]
        self.children.start("service", [*service, "--port", port])
        self.until(self.examiner.is_ready)
        administrator = Api(self.address, self.tokens.administrator)
        exam = {
            "title": "restart",
            "scheme": SCHEME,
            "tasks": ["C06"],
            "stations": [STATION],
            "cohort": COHORT,
            "candidates": [administrator.items("/candidates")[0]["code"]],
            "seed": 1,
        }
        code = self.tokens.codes[STATION]
        admission = enrol(
            self.data, station=STATION, service=self.address, code=code, software={}
        )
        words = {"words": admission.words}
        administrator.post(f"/stations/{STATION}/confirmation", words)
        administrator.post("/exams", exam)
        administrator.close()

    def start_station(self, speed: float) -> None:
        command = [sys.executable, "-m", "examrunner", "station", "run", STATION]
        command += ["--simulated", "--speed", str(speed), "--data", str(self.data)]
        self.station = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def signal_station(self, number: int) -> None:
        assert self.station is not None
        os.kill(self.station.pid, number)
        self.station.wait(60)

    def attempt(self) -> dict[str, Any]:
        return self.examiner.items("/attempts")[0]

    def phase(self) -> str:
        states = [s["state"] for s in self.examiner.items("/stations") if s["state"]]
        return str(states[0]["phase"]) if states else ""

    def until(self, holds: Callable[[], bool]) -> None:
        last = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < last
            time.sleep(0.1)

    def close(self) -> None:
        if self.station is not None and self.station.poll() is None:
            self.signal_station(signal.SIGTERM)
        self.examiner.close()
        self.children.stop()


def crowd() -> float:
    """How many processes share a processor: other tests run beside this one."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def goes_on(data: Path) -> bool:
    """Whether the candidate was let go on after an interruption."""
    (folder,) = (data / "attempts").iterdir()
    operations = [e.body for e in open_recording(folder / "recording").events("ops")]
    paused = any(body.get("interrupted") for body in operations)
    return paused and any(body["op"] == "resume" for body in operations)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    opened = Hall(tmp_path)
    try:
        opened.open()
        yield opened
    finally:
        opened.close()


def test_a_killed_station_lets_the_candidate_go_on_within_10_s(hall: Hall) -> None:
    hall.start_station(speed=20)
    hall.until(lambda: hall.phase() == Phase.RUNNING)
    hall.signal_station(signal.SIGKILL)
    assert hall.attempt()["state"] == "leased"

    hall.start_station(speed=1000)
    began_s = time.monotonic()
    hall.until(lambda: goes_on(hall.data))
    assert time.monotonic() - began_s < 10 * max(1.0, crowd())
    hall.until(lambda: hall.attempt()["state"] == "judged")
    detail = hall.examiner.get(f"/attempts/{hall.attempt()['id']}")
    assert detail["provisional"]["ending"] == "finished"
    assert detail["scores"]


def test_a_station_stopped_before_the_start_repeats_the_attempt(hall: Hall) -> None:
    hall.start_station(speed=1000)
    hall.until(lambda: hall.phase() == Phase.PREFLIGHT)
    hall.signal_station(signal.SIGTERM)

    hall.start_station(speed=1000)
    hall.until(lambda: hall.attempt()["state"] == "judged")
    detail = hall.examiner.get(f"/attempts/{hall.attempt()['id']}")
    assert detail["provisional"]["ending"] in {"finished", "stopped_by_examiner"}


def secret_of(data: Path) -> bytes:
    """The case as it lies at the station, opened as the station opens it."""
    (folder,) = (data / "attempts").iterdir()
    lease = AttemptFiles(folder=folder).lease()
    _, key = station_key(data)
    return unseal(base64.b64decode(lease.case), key, str(lease.attempt_id))


def holding(data: Path, secret: bytes) -> list[Path]:
    """Files that show a secret to whoever reads the disk."""
    shapes = (secret, json.dumps(secret.decode()).encode()[1:-1])
    shapes += (base64.b64encode(secret).rstrip(b"=")[:-1], secret.hex().encode())
    files = [path for path in data.rglob("*") if path.is_file()]
    return [p for p in files if any(shape in p.read_bytes() for shape in shapes)]


def test_the_case_never_lies_readable_on_the_stations_disk(hall: Hall) -> None:
    hall.start_station(speed=20)
    hall.until(lambda: hall.phase() == Phase.RUNNING)
    secret = secret_of(hall.data)
    assert len(secret) > 50
    assert holding(hall.data, secret) == []
    (hall.data / "probe").write_bytes(b"..." + secret)
    assert holding(hall.data, secret) == [hall.data / "probe"]
    (hall.data / "probe").unlink()

    hall.signal_station(signal.SIGTERM)
    assert holding(hall.data, secret) == []


def test_after_delivery_the_secrets_are_gone_and_the_recording_stays(
    hall: Hall,
) -> None:
    hall.start_station(speed=1000)
    hall.until(lambda: hall.attempt()["state"] == "judged")
    (attempt,) = (hall.data / "attempts").iterdir()
    hall.until(lambda: not (attempt / "lease.json").exists())
    assert (attempt / "recording" / "manifest.json").exists()
    assert not (attempt / "recording.tar").exists()
    assert "delivered" in (attempt / "state.json").read_text()
