from pathlib import Path

import pytest
from played_attempts import fractions, judged, raw_points


@pytest.mark.parametrize("variant", ["app1_stuck", "app2_offset"])
def test_who_sweeps_measures_and_repairs_earns_everything(variant, tmp_path: Path):
    score = judged("F14", "body_net", "competent", tmp_path, variant)
    assert score["verdict"] == "pass"
    assert score["points"]["low"] == score["points"]["high"] == "100"
    assert not score["flags"]


def test_who_names_the_wrong_kind_and_proves_nothing_fails(tmp_path: Path):
    score = judged("F14", "body_net", "sloppy", tmp_path, "vref1_short")
    assert score["verdict"] == "fail"
    assert score["points"]["high"] == "59"
    assert 59.2 <= raw_points(score) <= 63.2
    earned = fractions(score)
    assert (earned["B1"], earned["C3"], earned["C4"]) == (0.0, 0.0, 0.0)
    assert (earned["B2"], earned["C2"], earned["C5"]) == (1.0, 1.0, 0.7)


def test_who_clears_first_and_makes_voltages_up_fails(tmp_path: Path):
    score = judged("F14", "body_net", "cheating", tmp_path, "app1_stuck")
    assert score["verdict"] == "fail"
    assert 21.5 <= float(score["points"]["high"]) <= 37.9
    earned = fractions(score)
    assert (earned["A3"], earned["B2"], earned["C5"]) == (0.0, 0.0, 0.0)
    assert earned["C1"] == 1.0
