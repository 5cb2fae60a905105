import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examrunner.cli.rig import app

CLI = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere"),
        (["chassis_bywire", "--task", "C06"], "--candidate and --task"),
        (["chassis_bywire", "--out", "never"], "--out needs them"),
        (["chassis_bywire", "--task", "X99", "--candidate", "competent"], "X99"),
        (["chassis_bywire", "--listen", "0.0.0.0:7"], "127.0.0.1"),
    ],
)
def test_what_cannot_be_played_is_said_in_three_lines(
    arguments: list[str], words: str
) -> None:
    result = CLI.invoke(app, ["simulate", *arguments])
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 3


def test_the_case_and_the_decisions_lie_beside_the_recording(tmp_path: Path) -> None:
    options = ["--task", "F13", "--candidate", "cheating", "--variant", "ped_ground"]
    files = ["--out", str(tmp_path / "rec"), "--case-out", str(tmp_path / "files")]
    result = CLI.invoke(app, ["simulate", "body_net", *options, *files])
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)["digest"]) == 64
    case = json.loads((tmp_path / "files" / "case.json").read_text())
    assert (case["variant"], case["truth"]["node"]) == ("ped_ground", "PED")
    decisions = json.loads((tmp_path / "files" / "decisions.json").read_text())
    assert {d["criterion"]: d["level"] for d in decisions} == {"D2": 0, "D3": 2}
