from pathlib import Path

import pytest
from played_attempts import fractions, judged, raw_points


def test_who_measures_and_aims_earns_everything(tmp_path: Path) -> None:
    score = judged("C03", "adas_bench", "competent", tmp_path, "exam_c")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


def test_who_sets_up_carelessly_passes_with_marks_off(tmp_path: Path) -> None:
    score = judged("C03", "adas_bench", "sloppy", tmp_path, "exam_a")
    assert score["verdict"] == "pass"
    assert 79.0 <= float(score["points"]["low"]) <= 85.0
    earned = fractions(score)
    assert (earned["A1"], earned["A3"], earned["C1"]) == (0.0, 0.0, 1.0)
    assert earned["B1"] == pytest.approx(0.35, abs=0.12)
    assert earned["B4"] == pytest.approx(0.4, abs=0.15)
    assert earned["C3"] == pytest.approx(0.82, abs=0.08)
    assert earned["D1"] == pytest.approx(0.67, abs=0.1)


def test_who_shifts_the_stand_until_the_routine_accepts_it_fails(
    tmp_path: Path,
) -> None:
    score = judged("C03", "adas_bench", "cheating", tmp_path, "exam_a")
    assert score["verdict"] == "fail"
    assert score["points"]["high"] == "59"
    assert 77.0 <= raw_points(score) <= 79.0
    earned = fractions(score)
    assert (earned["B1"], earned["C1"], earned["C2"]) == (0.0, 1.0, 1.0)
    assert earned["C3"] == 0.5
    assert earned["D1"] == 0.25
