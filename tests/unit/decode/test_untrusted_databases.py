"""Databases that somebody hands in may be made to exhaust or crash their parser."""

import time
from pathlib import Path

import pytest

from examrunner.decode import untrusted
from examrunner.decode.untrusted import load_untrusted
from examrunner.model.errors import ContentError

HEAD = 'VERSION ""\n\nNS_ :\n\nBS_:\n\nBU_: ECU\n\n'
GOOD = HEAD + (
    'BO_ 291 Speed: 8 ECU\n SG_ Wheel : 0|16@1+ (0.01,0) [0|655.35] "km/h" ECU\n'
)


def test_a_sound_database_is_loaded(tmp_path: Path):
    path = tmp_path / "rig.dbc"
    path.write_text(GOOD)

    assert [message.name for message in load_untrusted(path).messages] == ["Speed"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a database at all",
        bytes(range(256)) * 40,
        GOOD.replace("0|16@1+", "0|999999999@1+").encode(),
        GOOD.replace("0|16@1+", "0|99999999999999999999999@1+").encode(),
        (HEAD + "(" * 200_000).encode(),
        (HEAD + 'CM_ "' + "x" * 400_000).encode(),
    ],
)
def test_a_bad_one_is_refused_in_time_with_place_and_remedy(
    content: bytes, tmp_path: Path
):
    path = tmp_path / "rig.dbc"
    path.write_bytes(content)
    begun_s = time.monotonic()

    with pytest.raises(ContentError) as caught:
        load_untrusted(path)

    assert time.monotonic() - begun_s < 15
    assert "rig.dbc" in caught.value.where
    assert caught.value.remedy
    assert path.read_bytes() == content


def test_a_huge_one_is_refused_unparsed(tmp_path: Path):
    path = tmp_path / "rig.dbc"
    path.write_bytes(bytes(untrusted.LARGEST_BYTES + 1))

    with pytest.raises(ContentError, match="more than"):
        load_untrusted(path)
    with pytest.raises(ContentError, match="cannot be read"):
        load_untrusted(tmp_path / "nothing.dbc")


def test_every_database_that_cantools_refuses_gets_a_clear_error(
    shared_data: Path, tmp_path: Path
):
    """Those of the corpus: each is loaded, or refused by file and line."""
    for path in sorted((shared_data / "can/dbc-corpus-opendbc").glob("*.dbc")):
        try:
            database = load_untrusted(path)
        except ContentError as error:
            refused = error
        else:
            assert database.messages
            continue
        assert path.name in refused.where
        assert "Traceback" not in str(refused)
