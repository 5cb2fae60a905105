"""examrunner content, as people type it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from examrunner.content.search import built_in

TWO_ON_ONE_BIT = """VERSION ""
BU_: B
BO_ 1 A: 8 B
 SG_ X : 0|8@1+ (1,0) [0|255] "" B
 SG_ Y : 4|8@1+ (1,0) [0|255] "" B
"""


@pytest.fixture
def run():
    def call(*words, roots=""):
        environment = {**os.environ, "EXAMRUNNER_CONTENT": str(roots)}
        return subprocess.run(
            [Path(sys.executable).with_name("examrunner"), "content", *words],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )

    return call


@pytest.fixture
def college(tmp_path):
    folder = tmp_path / "college" / "stations" / "body_net" / "profiles"
    folder.mkdir(parents=True)
    shipped = built_in() / "stations/body_net/profiles/hall-c-01.yaml"
    (folder / "hall-c-01.yaml").write_bytes(shipped.read_bytes())
    return tmp_path / "college"


def test_list_prints_one_document(run):
    done = run("list", "rig", "--json")
    names = [entry["name"] for entry in json.loads(done.stdout)]

    assert done.returncode == 0
    assert {"adas_bench", "body_net", "chassis_bywire"} <= set(names)


@pytest.mark.parametrize("by", ["option", "environment"])
def test_where_says_which_file_wins_and_what_it_hides(run, college, by):
    words = ("--content", str(college)) if by == "option" else ()
    roots = college if by == "environment" else ""
    (found,) = json.loads(
        run("where", "hall-c-01", "--json", *words, roots=roots).stdout
    )

    assert found["path"].startswith(str(college))
    assert [Path(hidden).parents[3] for hidden in found["hides"]] == [built_in()]


def test_the_option_goes_before_the_environment(run, college, tmp_path):
    other = tmp_path / "other" / "stations" / "body_net" / "profiles"
    other.mkdir(parents=True)
    (other / "hall-c-01.yaml").write_text("rig: body_net\n")
    done = run(
        "where", "hall-c-01", "--json", "--content", tmp_path / "other", roots=college
    )
    (found,) = json.loads(done.stdout)

    assert found["path"].startswith(str(other))
    assert len(found["hides"]) == 2


def test_a_name_that_nothing_has_is_status_two_and_names_the_nearest(run):
    done = run("where", "bodynet")

    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'body_net'?" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 3


def test_check_of_right_content_is_status_zero(run):
    done = run("check", "station", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["problems"] == []


def test_check_of_wrong_content_is_status_one_with_file_and_line(run, college):
    profile = college / "stations/body_net/profiles/hall-c-01.yaml"
    profile.write_text(profile.read_text().replace("fault_box:", "faultbox:"))
    line = profile.read_text()[: profile.read_text().index("faultbox:")].count("\n") + 1
    done = run("check", "hall-c-01", "--json", "--content", str(college))
    (problem,) = json.loads(done.stdout)["problems"]

    assert done.returncode == 1
    assert problem["where"] == f"{profile}:{line}"
    assert "Did you mean 'fault_box'?" in problem["remedy"]
    assert "faultbox" in run("check", "hall-c-01", "--content", str(college)).stdout


def test_check_finds_a_database_that_a_rig_names_and_nobody_has(run, tmp_path):
    folder = tmp_path / "stations" / "body_net"
    folder.mkdir(parents=True)
    text = (built_in() / "stations/body_net/rig.yaml").read_text()
    (folder / "rig.yaml").write_text(text.replace("body_ms1.dbc", "body_ms2.dbc"))
    done = run("check", "rig", "--json", "--content", str(tmp_path))
    (problem,) = json.loads(done.stdout)["problems"]

    assert "Did you mean 'body_ms1.dbc'?" in problem["remedy"]
    assert problem["where"] == f"{folder / 'rig.yaml'}:7"


@pytest.mark.parametrize("kind", ["answers", "rig", "scheme", "station"])
def test_schema_prints_a_schema(run, kind):
    document = json.loads(run("schema", kind).stdout)
    assert document["$schema"].startswith("https://json-schema.org/")


def test_every_verb_has_an_example(run):
    for verb in ("check", "list", "schema", "where"):
        assert f"Example: examrunner content {verb}" in run(verb, "--help").stdout


def test_check_finds_a_database_that_does_not_load_and_a_signal_that_it_lacks(
    run, tmp_path
):
    (tmp_path / "dbc").mkdir()
    text = (built_in() / "dbc" / "body_ms1.dbc").read_text()
    (tmp_path / "dbc" / "body_ms1.dbc").write_text(
        text.replace("GW_VehSpd", "GW_Speed")
    )
    (tmp_path / "dbc" / "broken.dbc").write_text(TWO_ON_ONE_BIT)
    done = run("check", "--json", "--content", str(tmp_path))
    problems = {p["name"]: p for p in json.loads(done.stdout)["problems"]}

    assert "broken.dbc" in problems["broken.dbc"]["where"]
    assert "'GW_PwtToBody.GW_VehSpd'" in problems["body_net"]["problem"]
    assert "GW_PwtToBody.GW_Speed" in problems["body_net"]["remedy"]
