from pathlib import Path

import pytest
from played_attempts import fractions, judged, raw_points


def test_who_turns_the_screw_and_proves_it_earns_everything(tmp_path: Path) -> None:
    score = judged("C04", "adas_bench", "competent", tmp_path, "exam_c")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


def test_who_sights_along_the_housing_leaves_more_than_the_radar_shows(
    tmp_path: Path,
) -> None:
    score = judged("C04", "adas_bench", "sloppy", tmp_path, "exam_a")
    assert score["verdict"] == "pass"
    assert 74.0 <= float(score["points"]["low"]) <= 85.0
    earned = fractions(score)
    assert (earned["A1"], earned["A3"], earned["B3"]) == (0.0, 0.0, 1.0)
    assert earned["B1"] == pytest.approx(0.875, abs=0.05)
    assert earned["C2"] == pytest.approx(0.78, abs=0.2)
    assert earned["C3"] == pytest.approx(0.43, abs=0.25)


def test_who_slides_the_reflector_instead_fails(tmp_path: Path) -> None:
    score = judged("C04", "adas_bench", "cheating", tmp_path, "exam_b")
    assert score["verdict"] == "fail"
    assert score["points"]["high"] == "59"
    assert raw_points(score) == pytest.approx(73.0, abs=0.2)
    earned = fractions(score)
    assert (earned["B1"], earned["B3"], earned["C3"]) == (0.5, 0.0, 0.0)
    assert (earned["C1"], earned["C2"], earned["C4"]) == (1.0, 1.0, 1.0)
