import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.typed_numbers import read_number


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("905.4", "px", 905.4),
        ("905,4", "px", 905.4),
        ("９０５．４", "px", 905.4),
        ("1.280,5", "", 1280.5),
        ("1,280.5", "", 1280.5),
        ("1 280,5", "", 1280.5),
        ("-12.5", "deg", -12.5),
        ("−12.5", "deg", -12.5),
        ("+3", "", 3),
        ("20 mV", "V", 0.02),
        ("0.05 V", "V", 0.05),
        ("560 ms", "s", 0.56),
        ("3 cm", "mm", 30),
        ("60 Ω", "ohm", 60),
        ("500k", "", 500_000),
        ("500 kbit/s", "bit/s", 500_000),
        ("86 °F", "degC", 30),
        ("1e-3", "", 0.001),
        (".5", "", 0.5),
        (4, "", 4),
    ],
)
def test_a_number_means_the_same_however_it_is_typed(typed, unit, value):
    assert read_number(typed, unit).values == (pytest.approx(value),)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("6O", "ohm"),
        ("", "V"),
        ("abc", "V"),
        ("3 A", "V"),
        (None, "V"),
        (True, "V"),
        ("1,2,3", ""),
        ("1.2.3", ""),
        ("12 V 3", "V"),
    ],
)
def test_what_is_no_number_of_that_dimension_is_not_guessed(typed, unit):
    assert read_number(typed, unit).values == ()


def test_a_comma_before_three_digits_may_be_either():
    typed = read_number("905,412", "")
    assert typed.nearest(905.4) == 905.412
    assert typed.nearest(905_000) == 905_412


@given(st.floats(-1e5, 1e5).map(lambda v: round(v, 3)))
def test_full_width_digits_read_like_plain_ones(value):
    plain = f"{value:.3f}"
    wide = plain.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"})
    assert read_number(wide, "").values == read_number(plain, "").values
