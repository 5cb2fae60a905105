"""Real recordings, imported and scored against a rubric, by command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUBRIC = """\
id: T01
revision: 1
title: {zh: 真实记录, en: Real recording}
rig: chassis_bywire
limit_s: 600
post_s: 10
variants: {only: {pool: exam}}
cuts: {pass: 60, fail_cap: 59}
holds: {EEC1.EngineSpeed: 200}
groups:
  - id: A
    title: {zh: 总线, en: Bus}
    points: 100
    criteria:
"""


def examrunner(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "examrunner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def scored(folder: Path, log: Path, criteria: list[str], *options: object) -> dict:
    """The score of a log under criteria that share 100 points."""
    rubric = folder / "rubric.yaml"
    rubric.write_text(RUBRIC + "".join(f"      - {{{one}}}\n" for one in criteria))
    recording = folder / "recording"
    imported = examrunner("recording", "import", recording, "--can", f"CH1={log}")
    assert imported.returncode == 0, imported.stderr
    ended = examrunner("score", recording, "--rubric", rubric, "--json", *options)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_cycles_of_a_real_bus_are_measured_and_what_it_lacks_is_no_zero(
    shared_data, tmp_path
):
    folder = shared_data / "can/icsim-recording"
    told = json.loads((folder / "expected.json").read_text())

    score = scored(
        tmp_path,
        folder / "sample-can.log",
        [
            "id: A1, kind: msg_cycle, points: 60, title: {zh: 周期, en: Cycle}, "
            'messages: ["0x133"], nominal_ms: 10, mean_tol_ms: 1, p99_ms: 12, '
            "max_gap_ms: 20, min_frames: 100",
            "id: A2, kind: msg_cycle, points: 40, title: {zh: 缺失, en: Absent}, "
            'messages: ["0x7FF"], nominal_ms: 10, mean_tol_ms: 1',
        ],
    )

    present, absent = score["criteria"]
    expected = next(v for k, v in told["per_id"].items() if k.endswith("133"))
    assert f"mean {expected['cycle_ms']['mean']:.3f} ms" in present["reason"]
    assert present["outcome"] == "met"
    assert absent["outcome"] == "not_measured"
    assert score["points"] == {"low": "60", "high": "100", "max": "100"}
    assert score["verdict"] == "pass"


@pytest.mark.parametrize(("most", "verdict"), [(10, "pass"), (-10, "fail")])
def test_a_signal_of_a_truck_is_judged_with_its_own_database(
    shared_data, tmp_path, most, verdict
):
    folder = shared_data / "can/j1939-truck"

    score = scored(
        tmp_path,
        folder / "00000001-60B621D9.MF4",
        [
            "id: A1, kind: signal_range, points: 100, title: {zh: 转速, en: Speed}, "
            f"all: [{{signal: EEC1.EngineSpeed, max: {most}}}], share: 1.0",
        ],
        "--dbc",
        folder / "CSS-Electronics-SAE-J1939-DEMO.dbc",
    )

    assert score["recording"]["ending"] == "imported"
    assert score["verdict"] == verdict
    assert "EEC1.EngineSpeed" in score["criteria"][0]["reason"]
