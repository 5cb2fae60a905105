"""Every criterion kind answers as its cases say, in words that somebody approved."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # its cases are read by case_files.py

from case_files import CASES, HERE, cases, content, explained, judged

from examrunner.criteria.registry import KINDS

OUTCOMES = ("met", "partly_met", "not_met", "not_measured")


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_case_comes_out_as_expected(case):
    found = judged(case)
    assert str(found.outcome) == case.keys["expect"], found.reason
    if "value" in case.keys:
        assert found.machine.measured is not None
        assert found.machine.measured.value == pytest.approx(
            case.keys["value"], rel=0.01, abs=0.01
        )
    if "fraction" in case.keys:
        assert found.fraction == pytest.approx(case.keys["fraction"], abs=0.005)
    if "critical" in case.keys:
        assert found.machine.critical == case.keys["critical"]
    for name, value in case.keys.get("details", {}).items():
        assert found.machine.details[name] == pytest.approx(value, abs=0.005)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_what_an_examiner_reads_is_approved(file):
    approved = HERE / "approved" / f"{file.stem}.txt"
    now = explained(file)
    if os.environ.get("EXAMRUNNER_APPROVE"):
        approved.write_text(now, "utf-8")
    assert approved.read_text("utf-8") == now


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_kind_has_a_case_for_every_outcome(file):
    assert content(file)["kind"] in KINDS
    never = content(file).get("never", {})
    shown = {case.keys["expect"] for case in cases() if case.file == file}
    assert set(OUTCOMES) - shown == set(never)
    assert all(never.values()), "say why no case can come out so"
