import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from examrunner.content.cases import case_bytes, make_case
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath

RUBRIC = SearchPath.of().find("rubric", "C06")


def run(*arguments, status=0):
    done = subprocess.run(
        [sys.executable, "-m", "examrunner", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attempt")
    run(
        "rig", "simulate", "chassis_bywire", "--task", "C06",
        "--candidate", "sloppy", "--seed", "7", "--variant", "exam_a",
        "--out", folder / "a17",
    )  # fmt: skip
    case = make_case(read_rubric(RUBRIC), "exam_a", {}, "")
    (folder / "case.json").write_bytes(case_bytes(case))
    return folder / "a17"


@pytest.mark.slow
def test_a_recording_is_scored_and_every_mark_explained(recording):
    arguments = ("score", recording, "--rubric", "C06", "--json", "--case")
    done = run(*arguments, recording.parent / "case.json")
    document = json.loads(done.stdout)
    assert {"recording", "rubric", "software", "points", "verdict"} <= set(document)
    assert document["rubric"]["digest"] == read_rubric(RUBRIC).digest
    assert document["points"]["max"] == "100"
    assert {line["id"] for line in document["criteria"]} >= {"A1", "B2", "C4", "D2"}
    for line in document["criteria"]:
        assert line["rule"]
        assert line["reason"]
        asked = line["outcome"] != "not_applicable"
        assert bool(line["evidence"]) == asked, line["id"]
    again = run(*arguments, recording.parent / "case.json")
    assert again.stdout == done.stdout


def test_a_recording_that_is_not_there_is_said_in_three_lines(tmp_path):
    done = run("score", tmp_path / "none", "--rubric", "C06", status=2)
    assert done.stdout == ""
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines()][1:] == [
        "where",
        "next",
    ]


def test_a_wrong_rubric_fails_its_check_with_status_1(tmp_path):
    file = tmp_path / "rubric.yaml"
    file.write_text(RUBRIC.read_text().replace("kind: guard", "kind: gaurd", 1))
    done = run("rubric", "check", file, "--json", status=1)
    problem = json.loads(done.stdout)["problems"][0]
    assert "gaurd" in problem["problem"]
    assert problem["where"].startswith(str(file))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rubric_is_explained_in_both_languages(language):
    text = run("rubric", "explain", "C06", "--lang", language).stdout
    assert "C4" in text
    assert ("调节时间" in text) == (language == "zh")


def test_a_new_rubric_passes_its_check(tmp_path):
    run("rubric", "new", tmp_path / "T01", "--rig", "adas_bench")
    assert "competent" in run("rubric", "check", tmp_path / "T01").stdout
    assert Path(tmp_path / "T01" / "sheet.zh.md").exists()
