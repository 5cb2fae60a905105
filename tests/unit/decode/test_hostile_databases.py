"""Whatever somebody calls a database: plain words, in time, and never a stack trace."""

import os
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.decode.database_files import checked_content
from examrunner.decode.databases import load_database
from examrunner.model.errors import ContentError, ExamRunnerError

SOUND = """VERSION ""
BU_: EPS SAS
BO_ 256 Steer: 8 EPS
 SG_ Angle : 0|16@1- (0.1,0) [-780|780] "deg" SAS
 SG_ Page M : 16|4@1+ (1,0) [0|3] "" SAS
 SG_ Inner m1M : 20|4@1+ (1,0) [0|3] "" SAS
 SG_ Deep m2 : 32|32@1+ (1,0) [0|0] "" SAS
BO_ 2147483905 Brake: 8 EPS
 SG_ Pressure : 7|16@0+ (0.01,0) [0|100] "MPa" SAS
CM_ SG_ 256 Angle "left is positive";
BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
BA_DEF_ BO_ "GenMsgSendType" ENUM "Cyclic","Event";
BA_DEF_DEF_ "GenMsgCycleTime" 20;
BA_DEF_DEF_ "GenMsgSendType" "Cyclic";
BA_ "GenMsgSendType" BO_ 256 1;
VAL_ 256 Page 0 "OFF" 1 "ON" ;
SIG_VALTYPE_ 256 Deep : 1;
SG_MUL_VAL_ 256 Inner Page 1-1, 3-5;
SG_MUL_VAL_ 256 Deep Inner 2-2;
"""
TOKENS = SOUND.split(" ")


def used_s() -> float:
    """Processor time of this process and its children: a busy machine adds none."""
    return sum(os.times()[:4])


def loads_or_says_why(content):
    for strict in (True, False):
        with suppress(ContentError):
            load_database(content, "net.dbc", strict=strict)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(TOKENS) - 1), st.integers(0, len(TOKENS) - 1)),
        min_size=1,
        max_size=4,
    )
)
def test_words_in_the_wrong_place_are_loaded_or_refused(swaps):
    words = list(TOKENS)
    for one, other in swaps:
        words[one] = TOKENS[other]
    loads_or_says_why(" ".join(words).encode())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, len(SOUND)),
)
def test_flipped_and_missing_bytes_are_loaded_or_refused(flips, length):
    content = bytearray(SOUND.encode())
    for place, value in flips:
        content[place] = value
    loads_or_says_why(bytes(content[:length]))


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["dbc", "kcd", "arxml", "sym"]))
def test_noise_is_refused(noise, ending):
    with suppress(ContentError):
        load_database(noise, f"noise.{ending}", strict=False)


def laughing_xml():
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>'
        '<NetworkDefinition xmlns="http://kayak.2codeornot2code.org/1.0">'
        "<Document>&a11;</Document></NetworkDefinition>"
    )


HOSTILE = {
    "laughs.kcd": laughing_xml(),
    "open.dbc": "VAL_ 1 x 1\n" * 50_000,
    "quotes.dbc": '"' * 20_000_001,
    "range.dbc": SOUND + "SG_MUL_VAL_ 256 Deep Page 0-4294967295;\n",
    "ranges.dbc": SOUND + "SG_MUL_VAL_ 256 Deep Page " + "0-65535," * 5000 + "0-1;\n",
    "huge.dbc": SOUND.replace("Brake: 8", "Brake: 4000000000"),
    "deep.arxml": "<a>" * 500_000,
    "long.dbc": SOUND.replace("BO_ 256", f"BO_ {'9' * 5000}"),
    "longer.dbc": SOUND + f"SG_MUL_VAL_ 256 Deep Page 0-{'9' * 5000};\n",
    "digits.dbc": SOUND.replace("(0.1,0)", f"({'9' * 500_000},0)"),
}
SLOW = {"quotes.dbc"}
"""Only the child's limits end these."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name in HOSTILE
    ],
)
def test_a_file_made_to_exhaust_us_is_stopped_in_time(tmp_path, name):
    path = tmp_path / name
    path.write_text(HOSTILE[name])
    start_s = used_s()

    with pytest.raises(ExamRunnerError):
        checked_content(path)

    assert used_s() - start_s < 12
    assert path.read_text() == HOSTILE[name]


def test_a_sound_file_passes_the_child(tmp_path):
    path = tmp_path / "net.dbc"
    path.write_text(SOUND)

    assert load_database(checked_content(path), "net.dbc").messages
