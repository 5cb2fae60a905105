import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest

from examrunner.archive.verify import verify
from examrunner.cli.demo.day import next_folder
from examrunner.cli.demo.showing import NOTHING, costliest

pytestmark = pytest.mark.slow

BANDS = {
    ("C01", "competent"): (97, 100),
    ("C06", "competent"): (97, 100),
    ("F13", "competent"): (97, 100),
    ("C06", "sloppy"): ("77", "83.1"),
    ("F13", "sloppy"): ("73", "74.6"),
    ("C06", "cheating"): (0, 0),
    ("F13", "cheating"): ("23.6", "27.2"),
}
"""Points of scripted candidates whose scores do not depend on a lucky guess."""


def demo(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "examrunner", "demo", "--data", str(data), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def processes_of(data: Path) -> list[str]:
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True)
    return [line for line in found.stdout.decode().splitlines() if str(data) in line]


def profile_of(attempt: dict[str, Any]) -> tuple[str, str]:
    return attempt["task"], attempt["profile"]


def test_the_demo_grades_three_candidates_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    began = time.monotonic()
    with demo(tmp_path, "--json", "--no-browser") as process:
        out, err = process.communicate(timeout=280)
    assert process.returncode == 0, err.decode()
    shown = json.loads(out)
    assert set(shown) == {"address", "seconds", "attempts", "grades"}
    assert shown["seconds"] <= time.monotonic() - began
    attempts = {profile_of(attempt): attempt for attempt in shown["attempts"]}
    assert len(attempts) == 9
    for key, (low, high) in BANDS.items():
        points = attempts[key]["points"]
        assert points["low"] == points["high"]
        assert Decimal(low) <= Decimal(points["low"]) <= Decimal(high), key
    for (_, profile), attempt in attempts.items():
        assert (attempt["verdict"] == "pass") <= (profile != "cheating")
        assert attempt["costliest"]
    assert len(shown["grades"]) == 3
    assert processes_of(tmp_path) == []
    recordings = tmp_path / "run-0001" / "recordings"
    assert verify(recordings / "C06-sloppy").holds


def test_the_page_stays_up_until_somebody_ends_the_demo(tmp_path: Path) -> None:
    with demo(tmp_path, "--no-browser") as process:
        assert process.stderr is not None
        said = b""
        while b"Ctrl-C" not in said:
            line = process.stderr.readline()
            assert line, said.decode()
            said += line
        address = said.decode().split("page is at ")[1].split()[0]
        assert httpx2.get(f"{address}/readyz").is_success
        os.kill(process.pid, signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert "veto" in out.decode()
    assert "grade" in out.decode()
    assert processes_of(tmp_path) == []


def test_every_day_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    assert next_folder(tmp_path).name == "run-0001"
    (tmp_path / "run-0009").mkdir()
    assert next_folder(tmp_path).name == "run-0010"


def a_line(**changes: Any) -> dict[str, Any]:
    line = {"id": "C3", "kind": "step_response", "outcome": "partly_met"}
    points = {"low": "4", "high": "4", "max": "10"}
    reason = {"reason": {"en": "11 %"}, "machine": {"reason": {"en": "machine"}}}
    return {**line, "points": points, **reason, **changes}


def test_the_costliest_reason_is_that_of_the_largest_loss() -> None:
    small = a_line(id="A1", points={"low": "0", "high": "0", "max": "3"})
    assert costliest({"criteria": [small, a_line()]}) == "C3: 11 %"


def test_a_confirmed_veto_costs_more_than_any_line() -> None:
    zero = {"low": "0", "high": "0", "max": "0"}
    veto = a_line(id="V9", kind="veto", outcome="not_met", points=zero)
    assert costliest({"criteria": [a_line(), veto]}) == "V9: machine"


def test_what_does_not_apply_costs_nothing() -> None:
    absent = {"low": "0", "high": "0", "max": "6"}
    line = a_line(outcome="not_applicable", points=absent)
    assert costliest({"criteria": [line]}) == NOTHING
