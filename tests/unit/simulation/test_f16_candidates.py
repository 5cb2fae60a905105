from pathlib import Path

import pytest
from played_attempts import fractions, judged


@pytest.mark.parametrize("variant", ["speed_wrong_id", "speed_late"])
def test_who_compares_both_buses_and_reads_first_earns_everything(
    variant, tmp_path: Path
):
    score = judged("F16", "body_net", "competent", tmp_path, variant)
    assert score["verdict"] == "pass"
    assert score["points"]["low"] == score["points"]["high"] == "100"
    assert not score["flags"]


@pytest.mark.parametrize("variant", ["speed_missing", "speed_late"])
def test_who_writes_unread_and_measures_half_still_passes(variant, tmp_path: Path):
    score = judged("F16", "body_net", "sloppy", tmp_path, variant)
    assert score["verdict"] == "pass"
    assert score["points"]["low"] == score["points"]["high"] == "76.2"
    earned = fractions(score)
    assert earned["B1"] == 0.0
    assert earned["B2" if variant == "speed_missing" else "B2d"] == 0.5


def test_who_tries_every_answer_fails(tmp_path: Path):
    score = judged("F16", "body_net", "cheating", tmp_path, "speed_stale")
    assert score["verdict"] == "fail"
    assert 33.0 <= float(score["points"]["high"]) <= 56.6
    earned = fractions(score)
    assert (earned["B1"], earned["B2"], earned["B3"]) == (0.0, 0.0, 1.0)
    assert earned["C2"] == 0.3
