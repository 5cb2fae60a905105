from pathlib import Path

import pytest
from played_attempts import fractions, judged


def test_who_calibrates_at_three_distances_and_the_right_temperature_earns_everything(
    tmp_path: Path,
) -> None:
    score = judged("C07", "adas_bench", "competent", tmp_path, "s2_warm")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


def test_who_hurries_at_one_distance_passes_with_far_readings_wrong(
    tmp_path: Path,
) -> None:
    score = judged("C07", "adas_bench", "sloppy", tmp_path, "s3_cold")
    assert score["verdict"] == "pass"
    assert 77.8 <= float(score["points"]["low"]) <= 82.6
    earned = fractions(score)
    assert (earned["A2"], earned["B1"], earned["B2"]) == (0.0, 1.0, 0.0)
    assert earned["C1"] == pytest.approx(0.625, abs=0.075)
    assert earned["D1"] == pytest.approx(0.85, abs=0.05)


def test_who_measures_one_distance_and_invents_the_others_fails(
    tmp_path: Path,
) -> None:
    score = judged("C07", "adas_bench", "cheating", tmp_path, "s1_cold")
    assert score["verdict"] == "fail"
    assert float(score["points"]["high"]) == pytest.approx(54.0, abs=0.5)
    earned = fractions(score)
    third = pytest.approx(1 / 3, abs=0.01)
    assert [earned[each] for each in ("B1", "B2", "C1", "C2", "D1")] == [third] * 5
    assert (earned["B4"], earned["C3"], earned["D2"]) == (0.0, 1.0, 1.0)
