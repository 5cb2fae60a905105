from pathlib import Path

import pytest
from played_attempts import fractions, judged

VARIANT = "sas_l_open"


def test_the_competent_one_measures_with_the_power_off_and_proves_it(
    tmp_path: Path,
) -> None:
    score = judged("F11", "body_net", "competent", tmp_path, VARIANT)
    assert score["points"] == {"low": "100", "high": "100", "max": "100"}
    assert score["verdict"] == "pass"


def test_the_sloppy_one_leaves_the_key_on_and_needs_two_tries_for_the_place(
    tmp_path: Path,
) -> None:
    score = judged("F11", "body_net", "sloppy", tmp_path, VARIANT)
    assert score["points"]["low"] == score["points"]["high"] == "73.9"
    assert score["verdict"] == "pass"
    share = fractions(score)
    assert (share["A1"], share["B2"], share["C2"]) == (0.0, 0.75, 0.6)


def test_the_cheat_invents_a_table_and_fails(tmp_path: Path) -> None:
    score = judged("F11", "body_net", "cheating", tmp_path, VARIANT)
    assert score["points"]["low"] == score["points"]["high"]
    assert 7.0 <= float(score["points"]["low"]) <= 28.6
    assert score["verdict"] == "fail"
    share = fractions(score)
    assert share["B0"] == 0.0
    assert share["B3"] is not None
    assert share["B3"] <= 0.34


@pytest.mark.slow
@pytest.mark.parametrize(
    "variant",
    [
        "esc_h_open", "backbone_h_open", "h_gnd", "l_gnd", "l_vbat", "no_terminator",
        "vcu_swapped", "h_l_short", "h_vbat", "esc_l_open",
    ],
)  # fmt: skip
def test_every_variant_can_be_solved_completely(variant: str, tmp_path: Path) -> None:
    score = judged("F11", "body_net", "competent", tmp_path, variant)
    assert score["points"]["low"] == "100"
