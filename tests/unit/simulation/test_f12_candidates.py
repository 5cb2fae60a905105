from pathlib import Path

import pytest
from played_attempts import fractions, judged

VARIANT = "esc_250k"


def test_the_competent_one_counts_isolates_mends_and_proves(tmp_path: Path) -> None:
    score = judged("F12", "body_net", "competent", tmp_path, VARIANT)
    assert score["points"] == {"low": "100", "high": "100", "max": "100"}
    assert score["verdict"] == "pass"


def test_the_sloppy_one_pulls_a_plug_under_power_and_counts_nothing(
    tmp_path: Path,
) -> None:
    score = judged("F12", "body_net", "sloppy", tmp_path, VARIANT)
    assert score["points"]["low"] == score["points"]["high"] == "72"
    assert score["verdict"] == "pass"
    share = fractions(score)
    assert (share["A1"], share["B1"], share["B2"], share["B3"]) == (0.0, 0.0, 1.0, 0.5)


def test_the_cheat_names_nodes_until_one_is_right_and_fails(tmp_path: Path) -> None:
    score = judged("F12", "body_net", "cheating", tmp_path, VARIANT)
    assert score["points"]["low"] == score["points"]["high"]
    assert 32.3 <= float(score["points"]["low"]) <= 47.3
    assert score["verdict"] == "fail"
    share = fractions(score)
    assert (share["A3"], share["B2"], share["C1"]) == (0.0, 0.0, 0.3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "variant", ["sas_250k", "ped_125k", "vcu_250k", "esc_125k", "sas_1000k"]
)
def test_every_wrong_rate_can_be_found_completely(variant: str, tmp_path: Path) -> None:
    score = judged("F12", "body_net", "competent", tmp_path, variant)
    assert score["points"]["low"] == "100"
