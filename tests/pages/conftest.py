"""A service with one judged attempt, as a browser sees it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from playwright.sync_api import Browser, sync_playwright

STATION = "sim-chassis-01"
PATIENCE_S = 240
EXAM = {
    "title": "Autumn",
    "scheme": "icv-testing-calibration",
    "tasks": ["C06"],
    "stations": [STATION],
    "cohort": "2026",
    "variants": {"C06": "exam_a"},
}


@dataclass(frozen=True)
class Site:
    """Where the pages are and who may look."""

    address: str
    examiner: str
    attempt: str


def examrunner(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "examrunner", *arguments]


def told(*arguments: str) -> str:
    ended = subprocess.run(
        examrunner(*arguments), check=True, capture_output=True, text=True
    )
    return ended.stdout.strip().splitlines()[-1]


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        examrunner(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def waited(question, what: str):
    """The first true answer; a failure after ``PATIENCE_S``."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with contextlib.suppress(httpx2.TransportError):
            if answer := question():
                return answer
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        reason = "no Chromium; .ci/system-packages installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture(scope="session")
def site(chromium, tmp_path_factory) -> Iterator[Site]:
    """One careless candidate's steering task, judged and waiting for an examiner."""
    data = tmp_path_factory.mktemp("pages")
    service = ("--data", str(data / "service"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    roster = data / "roster.csv"
    roster.write_text("学号,姓名\n0012,王芳\n", encoding="utf-8")
    admin = {
        "Authorization": f"Bearer {told('service', 'admin', 'create', 'a', *service)}"
    }
    told("service", "roster", str(roster), "--cohort", "2026", *service)
    code = told("service", "enrol-code", STATION, "--rig", "chassis_bywire", *service)
    with running("service", "run", *service, "--port", str(port)):
        waited(lambda: httpx2.get(f"{address}/readyz").is_success, "the service")
        station = ("--service", address, "--data", str(data / "station"))
        enrolled = told("station", "enrol", STATION, *station, "--code", code)
        words = enrolled.split()[-1]
        told("service", "confirm-station", STATION, words, *service)
        api = f"{address}/api/v1"
        assert httpx2.post(f"{api}/exams", json=EXAM, headers=admin).is_success
        who = {"name": "Zhang Wei", "role": "chief_examiner"}
        token = httpx2.post(f"{api}/people", json=who, headers=admin).json()["token"]
        examiner = {"Authorization": f"Bearer {token}"}
        simulated = ("--simulated", "--speed", "1000", "--play", "sloppy")
        with running("station", "run", STATION, *simulated, *station):
            attempt = waited(lambda: judged(api, examiner), "a score")
        yield Site(address, token, attempt)


def judged(api: str, who: dict[str, str]) -> str | None:
    attempts = httpx2.get(f"{api}/attempts", headers=who).json()["items"]
    return next((one["id"] for one in attempts if one["state"] == "judged"), None)


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()
