"""Two station processes never work in one folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examrunner.agent.sole_agent import LOCK_FILE, sole_agent
from examrunner.cli.station import app
from examrunner.model.errors import RecordingError

AT = "2026-11-23T09:30:00+08:00"
HOLDER = """
import sys
from pathlib import Path
from examrunner.agent.sole_agent import sole_agent
with sole_agent(Path(sys.argv[1]), "2026-11-23T09:30:00+08:00"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(data: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_second_process_is_told_which_one_works_and_what_to_do(
    tmp_path: Path,
) -> None:
    first = holder(tmp_path)
    try:
        with pytest.raises(RecordingError) as refused, sole_agent(tmp_path, AT):
            pass
    finally:
        ended(first)
    assert f"process {first.pid}, since {AT}" in refused.value.problem
    assert "stop its service" in refused.value.remedy


def test_a_process_that_was_killed_leaves_no_lock(tmp_path: Path) -> None:
    ended(holder(tmp_path))
    with sole_agent(tmp_path, AT):
        said = json.loads((tmp_path / LOCK_FILE).read_bytes())
    assert said == {"process": os.getpid(), "since": AT}


def test_the_lock_is_free_after_the_work(tmp_path: Path) -> None:
    for _ in range(2):
        with sole_agent(tmp_path, AT):
            pass


def test_two_folders_are_two_stations(tmp_path: Path) -> None:
    with sole_agent(tmp_path / "a", AT), sole_agent(tmp_path / "b", AT):
        pass


def test_an_unreadable_lock_still_locks(tmp_path: Path) -> None:
    with sole_agent(tmp_path, AT):
        (tmp_path / LOCK_FILE).write_bytes(b"\xff")
        with (
            pytest.raises(RecordingError, match="runs already"),
            sole_agent(tmp_path, AT),
        ):
            pass


def test_the_command_refuses_and_changes_nothing(tmp_path: Path) -> None:
    enrolment = {
        "station": "sim-body-01", "service": "http://127.0.0.1:9", "token": "t",
        "generation": 1,
    }  # fmt: skip
    (tmp_path / "enrolment.json").write_text(json.dumps(enrolment))
    with sole_agent(tmp_path, AT):
        result = CliRunner().invoke(
            app, ["run", "sim-body-01", "--simulated", "--data", str(tmp_path)]
        )
    assert result.exit_code == 2
    assert "this station runs already" in result.output
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"enrolment.json", LOCK_FILE}
