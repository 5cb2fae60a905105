from pathlib import Path

import pytest
from played_attempts import fractions, judged


def test_who_aligns_the_mat_and_measures_it_earns_everything(tmp_path: Path) -> None:
    score = judged("C02", "adas_bench", "competent", tmp_path, "exam_b")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


def test_who_lays_the_mat_askew_passes_with_a_poor_result(tmp_path: Path) -> None:
    score = judged("C02", "adas_bench", "sloppy", tmp_path, "exam_c")
    assert score["verdict"] == "pass"
    assert 64.8 <= float(score["points"]["low"]) <= 73.5
    earned = fractions(score)
    assert earned["B1"] == pytest.approx(0.34, abs=0.05)
    assert earned["C3"] == pytest.approx(0.575, abs=0.075)
    assert earned["C4"] == pytest.approx(0.55, abs=0.1)
    assert earned["D1"] == pytest.approx(0.5, abs=0.18)


def test_who_calibrates_one_side_and_copies_the_rest_fails(tmp_path: Path) -> None:
    score = judged("C02", "adas_bench", "cheating", tmp_path, "exam_a")
    assert score["verdict"] == "fail"
    assert 25.4 <= float(score["points"]["low"]) <= 27.4
    earned = fractions(score)
    assert [earned[each] for each in ("A3", "B1", "C2", "D1", "D2")] == [0.0] * 5
    assert (earned["B3"], earned["C1"]) == (0.25, 0.25)
