from pathlib import Path

import pytest
from played_attempts import fractions, judged, raw_points


def test_who_zeroes_straight_wheels_and_proves_it_earns_everything(
    tmp_path: Path,
) -> None:
    score = judged("C05", "chassis_bywire", "competent", tmp_path, "exam_b")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


@pytest.mark.parametrize("variant", ["exam_a", "exam_c"])
def test_who_zeroes_wheels_that_are_off_fails(variant: str, tmp_path: Path) -> None:
    score = judged("C05", "chassis_bywire", "sloppy", tmp_path, variant)
    assert score["verdict"] == "fail"
    assert score["points"]["high"] == "59"
    assert 63.9 <= raw_points(score) <= 65.3
    earned = fractions(score)
    assert earned["B3"] == pytest.approx(0.45, abs=0.05)
    assert (earned["A3"], earned["B5"], earned["D2"]) == (0.0, 0.0, 0.0)
    assert (earned["C1"], earned["C4"], earned["D1"]) == (1.0, 0.7, 1.0)


def test_who_only_makes_the_display_show_zero_fails(tmp_path: Path) -> None:
    score = judged("C05", "chassis_bywire", "cheating", tmp_path, "exam_a")
    assert score["verdict"] == "fail"
    assert score["points"]["high"] == "59"
    assert raw_points(score) == pytest.approx(63.0, abs=0.5)
    earned = fractions(score)
    assert (earned["B3"], earned["C2"], earned["D2"]) == (0.0, 0.0, 0.0)
    assert (earned["A3"], earned["C1"], earned["C3"]) == (1.0, 1.0, 1.0)
