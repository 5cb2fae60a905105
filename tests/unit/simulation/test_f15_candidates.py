from pathlib import Path

import pytest
from played_attempts import fractions, judged

VARIANTS = {"competent": "sas_data_id", "sloppy": "esc_skip", "cheating": "sas_frozen"}


def played(profile: str, folder: Path) -> tuple[float, dict[str, float | None]]:
    score = judged("F15", "body_net", profile, folder, VARIANTS[profile])
    assert score["verdict"] == ("fail" if profile == "cheating" else "pass")
    assert score["points"]["low"] == score["points"]["high"]
    return float(score["points"]["low"]), fractions(score)


def test_who_quotes_a_bad_frame_and_codes_its_sender_earns_everything(tmp_path):
    points, _ = played("competent", tmp_path)
    assert points == 100.0


def test_who_works_the_checksum_out_wrongly_and_tries_twice_still_passes(tmp_path):
    points, earned = played("sloppy", tmp_path)
    assert 69.4 <= points <= 71.8
    assert (earned["B1"], earned["B2"], earned["C2"]) == (1.0, 0.0, 0.6)
    assert earned["B3c"] == pytest.approx(0.5, abs=0.2)


def test_who_quotes_a_frame_that_was_never_sent_fails(tmp_path):
    points, earned = played("cheating", tmp_path)
    assert 29.7 <= points <= 56.2
    assert (earned["B1"], earned["B2"], earned["B3c"]) == (0.0, 0.0, 0.0)
    assert earned["C1"] == 1.0
