"""The golden table: how a row compares, what is refused, one whole run."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examrunner.bench.golden import Row, golden
from examrunner.bench.played import Cell
from examrunner.cli.bench import app
from examrunner.content.golden import Expectation, read_golden
from examrunner.content.search import SearchPath
from examrunner.model.errors import ContentError
from examrunner.model.judgement import Sentence
from examrunner.model.score import Digests, Flag, Points, Score, Verdict


def a_row(
    expected: Expectation | None, low: str, verdict: str, *kinds: str, high: str = ""
) -> Row:
    points = Points(low=Decimal(low), high=Decimal(high or low), max=Decimal(100))
    score = Score(
        points=points,
        verdict=Verdict(verdict),
        criteria=(),
        flags=tuple(Flag(kind=k, text=Sentence(key="flag.loss")) for k in kinds),
        digests=Digests(recording="", rubric="", case=""),
    )
    cell = Cell(task="C06", profile="sloppy", seed=1)
    return Row(cell=cell, variant="exam_a", score=score, expected=expected)


def band(low: str, high: str, **further: object) -> Expectation:
    ends = (Decimal(low), Decimal(high))
    return Expectation.model_validate({"points": ends, **further})


def test_both_ends_of_a_band_belong_to_it() -> None:
    expected = band("70", "80.1", verdict="pass")
    assert a_row(expected, "70", "pass").in_band
    assert a_row(expected, "80.1", "pass").in_band
    assert not a_row(expected, "69.9", "pass").in_band
    assert not a_row(expected, "80.2", "pass").in_band
    assert not a_row(expected, "75", "undecided", high="80.2").in_band


def test_without_a_verdict_everything_but_a_pass_will_do() -> None:
    expected = band("0", "100")
    assert a_row(expected, "70", "fail").in_band
    assert a_row(expected, "0", "undecided", high="90").in_band
    assert not a_row(expected, "70", "pass").in_band


def test_flags_are_wanted_unwanted_or_nobodys_business() -> None:
    ends = ("0", "100")
    wanted = band(*ends, verdict="fail", flagged=True)
    unwanted = band(*ends, verdict="fail", flagged=False)
    either = band(*ends, verdict="fail")
    assert [
        [a_row(each, "50", "fail", *kinds).in_band for kinds in ((), ("loss",))]
        for each in (wanted, unwanted, either)
    ] == [[False, True], [True, False], [True, True]]
    assert not a_row(wanted, "50", "fail", "unchecked").in_band


def test_a_profile_that_no_file_names_is_out() -> None:
    row = a_row(None, "50", "fail")
    assert not row.in_band
    assert row.as_json()["expected"] is None


def test_a_task_says_it_before_its_scheme(tmp_path: Path) -> None:
    task = tmp_path / "rubrics" / "s" / "T01"
    task.mkdir(parents=True)
    (task.parent / "golden.yaml").write_text(
        "idle: {points: [0, 8], verdict: fail}\nslow: {points: [0, 50]}\n"
    )
    (task / "golden.yaml").write_text("idle: {points: [0, 3], verdict: fail}\n")
    found = read_golden(task / "rubric.yaml")
    assert found["idle"].points == (0, 3)
    assert found["slow"].points == (0, 50)


def test_an_upside_down_band_is_found_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "T01").mkdir()
    (tmp_path / "T01" / "golden.yaml").write_text("idle:\n  points: [8, 0]\n")
    with pytest.raises(ContentError, match="points") as caught:
        read_golden(tmp_path / "T01" / "rubric.yaml")
    assert caught.value.where.endswith("golden.yaml:1")


def test_unknown_tasks_and_candidates_are_refused(tmp_path: Path) -> None:
    search = SearchPath.of()
    with pytest.raises(ContentError, match="'Z99'"):
        golden(seeds=1, tasks=("Z99",), search=search, cache=tmp_path)
    with pytest.raises(ContentError, match="'gifted'"):
        golden(seeds=1, profiles=("gifted",), search=search, cache=tmp_path)


def test_the_command_prints_rows_and_says_no_when_one_is_out(tmp_path: Path) -> None:
    arguments = ["golden", "--tasks", "C06", "--profiles", "sloppy", "--seeds", "1"]
    result = CliRunner().invoke(app, [*arguments, "--cache", str(tmp_path), "--json"])
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.stdout)["rows"]
    assert row["task"] == "C06"
    assert row["in_band"]
    assert row["verdict"] == "pass"
    assert row["expected"][0] <= row["low"] <= row["high"] <= row["expected"][1]
