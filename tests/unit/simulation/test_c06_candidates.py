from pathlib import Path

import pytest
from played_attempts import fractions, judged

BRAKE, DRIVE = "exam_brake", "exam_drive"


@pytest.mark.parametrize("variant", ["practice_brake", DRIVE])
def test_who_tunes_well_earns_everything(variant: str, tmp_path: Path) -> None:
    score = judged("C06", "chassis_bywire", "competent", tmp_path, variant)
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


@pytest.mark.parametrize(("variant", "suffix"), [(BRAKE, "b"), ("practice_drive", "d")])
def test_who_is_careless_passes_with_less(
    variant: str, suffix: str, tmp_path: Path
) -> None:
    score = judged("C06", "chassis_bywire", "sloppy", tmp_path, variant)
    assert score["verdict"] == "pass"
    assert 77.0 <= float(score["points"]["low"]) <= 83.1
    earned = fractions(score)
    assert (earned["A3"], earned[f"B6{suffix}"]) == (0.0, 0.0)
    assert 0.75 <= (earned["B2"] or 0.0) <= 0.9
    assert 0.2 <= (earned[f"C3{suffix}"] or 0.0) <= 0.8


@pytest.mark.parametrize("variant", [BRAKE, DRIVE])
def test_forged_reports_of_any_actuator_are_a_veto(
    variant: str, tmp_path: Path
) -> None:
    score = judged("C06", "chassis_bywire", "cheating", tmp_path, variant)
    assert score["verdict"] == "veto"
    assert score["points"]["high"] == "0"
