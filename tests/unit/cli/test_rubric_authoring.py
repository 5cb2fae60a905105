"""Commands for those who write rubrics, on recorded attempts."""

import json
import shutil
import subprocess
import sys

import pytest

from examrunner.content.search import SearchPath

F13 = SearchPath.of().find("rubric", "F13").parent


def run(*arguments, status=0):
    done = subprocess.run(
        [sys.executable, "-m", "examrunner", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stderr if status == 2 else done.stdout


@pytest.fixture(scope="module")
def attempts(tmp_path_factory):
    """One attempt with its files in its folder, one with its files by their name."""
    folder = tmp_path_factory.mktemp("attempts")
    for profile in ("sloppy", "cheating"):
        run(
            "rig", "simulate", "body_net", "--task", "F13", "--candidate", profile,
            "--seed", 3, "--out", folder / profile / "a17",
            "--case-out", folder / profile,
        )  # fmt: skip
    named = folder / "named"
    named.mkdir()
    shutil.move(folder / "sloppy" / "a17", named / "sloppy")
    for name in ("case.json", "decisions.json"):
        shutil.move(folder / "sloppy" / name, named / f"sloppy.{name}")
    return folder


def edited(tmp_path, *changes):
    folder = tmp_path / "F13"
    shutil.copytree(F13, folder)
    text = (folder / "rubric.yaml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "rubric.yaml").write_text(text)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rig", "task"),
    [
        ("adas_bench", "C04"),
        ("adas_bench", "C07"),
        ("adas_bench", "C09"),
        ("body_net", "F15"),
    ],
)
def test_noisy_signals_and_quoted_frames_find_their_way_into_an_example(
    tmp_path, rig, task
):
    run(
        "rig", "simulate", rig, "--task", task, "--candidate", "sloppy",
        "--seed", 2, "--out", tmp_path / "a17", "--case-out", tmp_path,
    )  # fmt: skip
    text = "The recording comes out so."
    target = tmp_path / "example.yaml"
    run(
        "rubric", "example", tmp_path / "a17", "--case", tmp_path / "case.json",
        "--decisions", tmp_path / "decisions.json", "--out", target, "--because", text,
    )  # fmt: skip
    assert text in target.read_text()


def test_an_unchanged_rubric_changes_nothing(attempts):
    found = json.loads(run("rubric", "check", "F13", "--against", attempts, "--json"))
    against = found["against"]
    assert [one["case"] for one in against["recordings"]] == [True, True]
    assert against["changed"] == 0
    assert found["problems"] == []


def test_an_edit_shows_who_would_fail_that_passed(attempts, tmp_path):
    folder = edited(
        tmp_path,
        ("pass: 60, good: 75", "pass: 74, good: 75"),
        ("revision: 1", "revision: 2"),
    )
    out = run(
        "rubric", "check", folder, "--against",
        attempts / "named" / "sloppy", attempts / "cheating" / "a17", status=1,
    )  # fmt: skip
    assert "sloppy: 73.5 pass -> 73.5 fail" in out
    assert "F13 revision 2: 2 recordings, 1 change, 0 would pass" in out
    assert "1 would not pass that did." in out


def test_an_edited_key_is_judged_as_edited(attempts, tmp_path):
    """The variant's answer is part of the edit, whatever the case file says."""
    case = json.loads((attempts / "named" / "sloppy.case.json").read_text())
    node = case["truth"]["node"]
    other = "GW" if node != "GW" else "ESC"
    old = f"{case['variant']}:\n"
    text = (F13 / "rubric.yaml").read_text()
    at = text.index(f"node: {node}, messages", text.index(f"  {old}"))
    folder = tmp_path / "F13"
    shutil.copytree(F13, folder)
    changed = text[:at] + text[at:].replace(f"node: {node},", f"node: {other},", 1)
    (folder / "rubric.yaml").write_text(changed)
    recording = attempts / "named" / "sloppy"
    done = run("rubric", "check", folder, "--against", recording, "--json", status=1)
    (one,) = json.loads(done)["against"]["recordings"]
    changes = {change["id"]: change for change in one["changes"]}
    assert changes["C1"]["before"]["outcome"] == "met"
    assert changes["C1"]["after"]["outcome"] == "not_met"
    assert one["verdict"] == {"before": "pass", "after": "fail"}


def test_a_folder_without_recordings_is_refused(tmp_path):
    said = run("rubric", "check", "F13", "--against", tmp_path, status=2)
    assert "there is no recording here" in said


def test_an_example_made_from_a_recording_is_one_of_the_task(attempts, tmp_path):
    folder = edited(tmp_path)
    run(
        "rubric", "example", attempts / "cheating" / "a17", "--rubric", folder,
        "--because", "It came out so at the rig.", "--profile", "further",
        "--out", folder / "examples" / "from-the-rig.yaml",
    )  # fmt: skip
    assert "ok    from-the-rig" in run("rubric", "check", folder)


def test_an_example_that_differs_is_not_written(attempts, tmp_path):
    recording = tmp_path / "a17"
    shutil.copytree(attempts / "cheating" / "a17", recording)
    out = tmp_path / "example.yaml"
    said = run(
        "rubric", "example", recording, "--because", "No case beside it.",
        "--out", out, status=2,
    )  # fmt: skip
    assert "has no variant ''" in said
    assert not out.exists()
