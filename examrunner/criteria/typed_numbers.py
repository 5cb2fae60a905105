"""Numbers as candidates type them."""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from examrunner.criteria.quantities import converted

NUMBER: Final = re.compile(
    # The 1 of a unit such as 1/s is not a group of digits.
    r"^(?P<sign>[+-]?)\s*(?P<digits>[0-9](?:(?! 1/)[0-9 .,'_])*|[.,][0-9]+)"
    r"(?P<exponent>[eE][+-]?[0-9]+)?\s*(?P<unit>.*)$"
)
HEXADECIMAL: Final = re.compile(r"^(?:0[xX])?([0-9A-Fa-f]{1,8})\s*[hH]?$")
MINUS_SIGNS: Final = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a typed number can mean.

    Attributes:
        values: Readings in the wanted unit; two where ``1,234`` is ambiguous, none if
            the text is no number or has another dimension.
        has_unit: Whether a unit was typed.
    """

    values: tuple[float, ...]
    has_unit: bool = False

    def nearest(self, reference: float) -> float | None:
        """The reading closest to the reference."""
        return min(self.values, key=lambda v: abs(v - reference), default=None)


def read_number(value: object, unit: str) -> Typed:
    """A field's value as numbers in ``unit``.

    >>> read_number("１２，５ V", "V").values
    (12.5,)
    >>> read_number("1,234.5", "").values, read_number("1,280", "").values
    ((1234.5,), (1280.0, 1.28))
    >>> read_number("1 530 1/s", "1/s")
    Typed(values=(1530.0,), has_unit=True)
    >>> read_number("500k", "").values, read_number("6O", "ohm").values
    ((500000.0,), ())
    """
    if isinstance(value, bool):
        return Typed(values=())
    if isinstance(value, int | float):
        return Typed(values=(float(value),) if math.isfinite(value) else ())
    if not isinstance(value, str):
        return Typed(values=())
    text = unicodedata.normalize("NFKC", value).translate(MINUS_SIGNS).strip()
    match = NUMBER.match(text)
    if match is None:
        return Typed(values=())
    typed_unit = match["unit"].strip().replace("Ω", "ohm").replace("Ω", "ohm")
    sign = -1.0 if match["sign"] == "-" else 1.0
    exponent = match["exponent"] or ""
    readings = (
        converted(sign * float(plain + exponent), typed_unit, unit)
        for plain in _readings(match["digits"].strip())
    )
    return Typed(
        values=tuple(v for v in readings if v is not None and math.isfinite(v)),
        has_unit=bool(typed_unit),
    )


def read_hexadecimal(value: object) -> Typed:
    """A field's value as a whole number in hexadecimal.

    >>> read_hexadecimal("0x3E").values, read_hexadecimal("３ｅ h").values
    ((62.0,), (62.0,))
    >>> read_hexadecimal("3G").values, read_hexadecimal(62).values
    ((), (98.0,))
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return Typed(values=())
    text = unicodedata.normalize("NFKC", str(value)).strip()
    match = HEXADECIMAL.match(text)
    return Typed(values=(float(int(match[1], 16)),) if match else ())


def _readings(digits: str) -> tuple[str, ...]:
    """Digits with separators as plain decimals; more than one where it is ambiguous."""
    compact = re.sub(r"[ '_]", "", digits)
    marks = [c for c in compact if c in ".,"]
    if not marks:
        return (compact,)
    last = marks[-1]
    whole, _, decimals = compact.rpartition(last)
    grouped = re.fullmatch(r"[1-9][0-9]{0,2}([.,][0-9]{3})+", compact) is not None
    if len(set(marks)) == 2:
        if compact.count(last) > 1:
            return ()
        return (re.sub(r"[.,]", "", whole) + "." + decimals,)
    joined = re.sub(r"[.,]", "", compact)
    if len(marks) > 1:
        return (joined,) if grouped else ()
    decimal = f"{whole or '0'}.{decimals or '0'}"
    return (joined, decimal) if grouped and last == "," else (decimal,)
