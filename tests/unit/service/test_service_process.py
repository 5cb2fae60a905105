"""The service as people start it: commands, a real server, kill -9."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from examrunner.cli.service import app
from examrunner.content.search import built_in
from examrunner.model.spoken import key_words

COMMAND = str(Path(sys.executable).with_name("examrunner"))
TASK = Path("rubrics/icv-testing-calibration/C06")


def run(*arguments: str) -> str:
    answer = CliRunner().invoke(app, list(arguments))
    assert answer.exit_code == 0, answer.output
    return answer.stdout.strip()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def serving(data: Path, port: int, content: Path) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [COMMAND, "service", "run", "--data", str(data), "--port", str(port)],
        env={**os.environ, "EXAMRUNNER_CONTENT": str(content)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(process, port)
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until_ready(process: subprocess.Popen, port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"http://127.0.0.1:{port}/readyz").is_success:
                return
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.1)
    raise AssertionError("not ready within 30 s")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    shutil.copytree(built_in() / TASK, root / TASK)
    for language in ("zh", "en"):
        (root / TASK / f"sheet.{language}.md").write_text(f"# C06 {language}\n")
    return root


def test_what_was_acknowledged_survives_kill_9(tmp_path, content):
    from service_hall import Hall, proof

    data, port = tmp_path / "data", free_port()
    api = f"http://127.0.0.1:{port}/api/v1"
    roster = tmp_path / "roster.csv"
    roster.write_text("学号,姓名\n0012,王芳\n", encoding="utf-8")
    admin = bearer(run("admin", "create", "Li Na", "--data", str(data)))
    run("roster", str(roster), "--cohort", "2026", "--data", str(data))
    code = run(
        "enrol-code", "hall-a-01", "--rig", "chassis_bywire", "--data", str(data)
    )
    key = Ed25519PrivateKey.generate()

    with serving(data, port, content) as process:
        answer = httpx2.post(
            f"{api}/stations/enrol", json=proof(code, "hall-a-01", key)
        )
        station = bearer(answer.json()["token"])
        words = key_words(key.public_key().public_bytes_raw().hex())
        run("confirm-station", "hall-a-01", words, "--data", str(data))
        assert httpx2.post(f"{api}/exams", json=EXAM, headers=admin).is_success
        chief = bearer(person(api, admin, "chief", "chief_examiner"))
        request = {"request_id": str(uuid4())}
        lease = httpx2.post(f"{api}/leases", json=request, headers=station).json()
        recorder = Hall(service=None, client=None, clock=None, folder=tmp_path)
        recording = recorder.record(lease, key)
        upload = Upload(api, station, lease, recording)
        half = len(recording) // 2
        upload.put(0, half)
        kill(process)

    with serving(data, port, content) as process:
        again = httpx2.post(f"{api}/leases", json=request, headers=station).json()
        # The case is sealed afresh for each answer; only the station can open it.
        assert {**again, "case": ""} == {**lease, "case": ""}
        assert upload.offset() == half
        upload.put(half, len(recording))
        kill(process)

    with serving(data, port, content) as process:
        assert upload.head()["upload-complete"] == "1"
        assert judged(api, chief, lease["attempt_id"])["attempt"]["verdict"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) in {0, -signal.SIGTERM}

    told = json.loads(run("check", "--data", str(data), "--json"))
    assert told["sound"]
    assert told["recordings"] == 1


EXAM = {
    "title": "Autumn",
    "scheme": "icv-testing-calibration",
    "tasks": ["C06"],
    "stations": ["hall-a-01"],
    "cohort": "2026",
}


@dataclass(frozen=True)
class Upload:
    """One recording on its way."""

    api: str
    station: dict[str, str]
    lease: dict
    content: bytes

    @property
    def address(self) -> str:
        sha256 = hashlib.sha256(self.content).hexdigest()
        return f"{self.api}/attempts/{self.lease['attempt_id']}/recording/{sha256}"

    def head(self) -> httpx2.Headers:
        return httpx2.head(self.address, headers=self.station).headers

    def offset(self) -> int:
        return int(self.head()["upload-offset"])

    def put(self, start: int, end: int) -> None:
        headers = {
            **self.station,
            "Lease-Token": str(self.lease["token"]),
            "Upload-Offset": str(start),
            "Upload-Length": str(len(self.content)),
        }
        piece = self.content[start:end]
        answer = httpx2.put(self.address, content=piece, headers=headers)
        assert answer.is_success, answer.text


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def person(api: str, admin: dict[str, str], name: str, role: str) -> str:
    message = {"name": name, "role": role}
    return httpx2.post(f"{api}/people", json=message, headers=admin).json()["token"]


def judged(api: str, who: dict[str, str], attempt: str) -> dict:
    for _ in range(300):
        detail = httpx2.get(f"{api}/attempts/{attempt}", headers=who).json()
        assert not detail["trouble"], detail["trouble"]
        if detail["scores"]:
            return detail
        time.sleep(0.1)
    raise AssertionError("no score within 30 s")


def test_check_says_no_when_something_is_damaged(tmp_path):
    data = tmp_path / "data"
    run("admin", "create", "Li Na", "--data", str(data))

    assert CliRunner().invoke(app, ["check", "--data", str(data)]).exit_code == 0
    nothing = CliRunner().invoke(app, ["check", "--data", str(tmp_path / "none")])

    assert nothing.exit_code == 2
    assert "there is no database" in nothing.stderr


def test_a_link_for_nobody_and_a_second_role_are_refused(tmp_path):
    data = str(tmp_path / "data")
    run("admin", "create", "Li Na", "--data", data)

    link = json.loads(run("link", "Li Na", "--data", data, "--json"))
    nobody = CliRunner().invoke(app, ["link", "Nobody", "--data", data])
    roster = CliRunner().invoke(
        app, ["roster", str(tmp_path / "none.csv"), "--cohort", "a", "--data", data]
    )

    assert link["address"].startswith("http://127.0.0.1:8000/api/v1/session/link?key=")
    assert nobody.exit_code == roster.exit_code == 2
    assert "where:" in nobody.stderr


def test_every_command_has_an_example():
    for command in (["run"], ["check"], ["enrol-code"], ["roster"], ["link"]):
        help_ = CliRunner().invoke(app, [*command, "--help"]).stdout
        assert "Example: examrunner service" in help_
