import pytest
from played_task import Played, play

VARIANT = {"competent": "sas_data_id", "sloppy": "esc_skip", "cheating": "sas_frozen"}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    folder = tmp_path_factory.mktemp("f15")
    return {
        profile: play("F15", "body_net", profile, variant, folder / profile)
        for profile, variant in VARIANT.items()
    }


def test_the_competent_candidate_earns_everything(played):
    assert played["competent"].verdict == "pass"
    assert played["competent"].points == (100.0, 100.0)


def test_the_sloppy_candidate_passes_without_checksum_and_with_a_second_try(played):
    sloppy = played["sloppy"]
    assert sloppy.verdict == "pass"
    assert 69.0 <= sloppy.points[0] == sloppy.points[1] <= 72.0
    assert sloppy.fractions["B1"] == 1.0
    assert sloppy.fractions["B2"] == 0.0
    assert sloppy.fractions["B3c"] == pytest.approx(0.5, abs=0.2)
    assert sloppy.fractions["C2"] == 0.6


def test_the_cheating_candidate_fails_for_want_of_a_real_frame(played):
    cheating = played["cheating"]
    assert cheating.verdict == "fail"
    assert 29.7 <= cheating.points[0] == cheating.points[1] <= 56.2
    assert cheating.fractions["B1"] == cheating.fractions["B2"] == 0.0
    assert cheating.fractions["C1"] == 1.0
