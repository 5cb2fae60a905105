from pathlib import Path

import pytest
from played_attempts import fractions, judged


def test_who_spins_every_wheel_and_proves_the_repair_earns_everything(
    tmp_path: Path,
) -> None:
    score = judged("C10", "chassis_bywire", "competent", tmp_path, "exam_c")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


def test_who_spins_only_the_suspects_passes_with_less(tmp_path: Path) -> None:
    score = judged("C10", "chassis_bywire", "sloppy", tmp_path, "exam_b")
    assert score["verdict"] == "pass"
    assert 77.6 <= float(score["points"]["low"]) <= 78.3
    earned = fractions(score)
    assert (earned["B2"], earned["C2"], earned["D2"]) == (0.5, 0.5, 0.5)
    assert earned["C3"] == pytest.approx(0.53, abs=0.04)


def test_a_right_guess_without_a_spin_is_worth_half(tmp_path: Path) -> None:
    score = judged("C10", "chassis_bywire", "cheating", tmp_path, "exam_a")
    assert score["verdict"] == "fail"
    assert float(score["points"]["high"]) == pytest.approx(55.0, abs=0.1)
    earned = fractions(score)
    assert (earned["A2"], earned["B2"], earned["C1"]) == (0.0, 0.0, 0.5)
    assert (earned["C2"], earned["C4"], earned["D1"]) == (0.0, 1.0, 0.5)


def test_a_wrong_guess_fails_and_its_codes_come_back(tmp_path: Path) -> None:
    score = judged("C10", "chassis_bywire", "cheating", tmp_path, "exam_c")
    assert score["verdict"] == "fail"
    assert 41.0 <= float(score["points"]["high"]) <= 55.0
    assert fractions(score)["C1"] == 0.0
    assert fractions(score)["C4"] == pytest.approx(0.4)
