"""How the bytes behind a data identifier are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.model.did_format import CODES, DidFormat, parse_did_format


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("u8", DidFormat(type="u8", count=1)),
        ("u16 mV", DidFormat(type="u16", count=1, unit="mV")),
        ("s16 0.1 deg", DidFormat(type="s16", count=1, step=0.1, unit="deg")),
        ("u16 0.01", DidFormat(type="u16", count=1, step=0.01)),
        ("17 ascii", DidFormat(type="ascii", count=17)),
        ("bytes", DidFormat(type="bytes", count=0)),
        (
            "3 x s16 mm: x y z",
            DidFormat(type="s16", count=3, unit="mm", names=("x", "y", "z")),
        ),
        (
            "u8: 0=ok 1=wrong DataID",
            DidFormat(type="u8", count=1, choices={0: "ok", 1: "wrong DataID"}),
        ),
    ],
)
def test_a_line_says_type_count_step_unit_and_names(line, expected):
    assert parse_did_format(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "u17",
        "u16  mV",
        "2 x ascii",
        "0 x u8",
        "u16 0 mV",
        "2 x u8: a",
        "x u8",
        "u8:",
    ],
)
def test_a_line_that_says_nothing_clear_is_refused(line):
    with pytest.raises(ValueError, match=r"format|names"):
        parse_did_format(line)


def test_numbers_are_big_endian_and_scaled():
    layout = parse_did_format("2 x s16 0.5 deg: az el")
    assert layout.numbers(bytes.fromhex("0002fffe")) == (1.0, -1.0)
    assert layout.encode([1.0, -1.0]) == bytes.fromhex("0002fffe")


@pytest.mark.parametrize(
    ("line", "numbers"), [("u8", [256]), ("u8", [-1]), ("u8", [1, 2]), ("3 ascii", [1])]
)
def test_what_does_not_fit_is_refused(line, numbers):
    with pytest.raises(ValueError, match=r"fit|numbers for"):
        parse_did_format(line).encode(numbers)


def test_a_block_of_another_size_is_no_number():
    with pytest.raises(ValueError, match="3 bytes are not"):
        parse_did_format("2 x u16").numbers(b"abc")
    with pytest.raises(ValueError, match="are not"):
        parse_did_format("bytes").numbers(b"")


@given(
    kind=st.sampled_from(sorted(CODES)),
    data=st.binary(min_size=4, max_size=4),
    step=st.sampled_from([1.0, 0.5, 0.1, 0.01, 0.001]),
)
def test_encoding_what_was_read_gives_the_same_bytes(kind, data, step):
    layout = DidFormat(type=kind, count=1, step=1.0 if kind == "float32" else step)
    content = data[: layout.size]
    (number,) = layout.numbers(content)
    if number == number:  # a NaN has many encodings
        assert layout.encode([number]) == content
