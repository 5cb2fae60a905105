"""Diagnostic trouble codes as candidates type them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from examrunner.criteria.dtc_codes import LETTERS

HEXADECIMAL: Final = re.compile(r"0X([0-9A-F]{4})([0-9A-F]{2})?")
CODE: Final = re.compile(rf"([{LETTERS}])([0-3])([0-9A-F]{{3}})([0-9A-F]{{2}})?")
SEPARATORS: Final = re.compile(r"[\s\-_.:/\u2010-\u2015\u2212]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedDtc:
    """What a typed trouble code means.

    Attributes:
        base: The two bytes that stand before the dash.
        failure_type: Failure type byte; None if it was left out.
    """

    base: int
    failure_type: int | None = None


def read_dtc(value: object) -> TypedDtc | None:
    """A typed trouble code, or None if the text is none.

    The letter O is read as the digit: no trouble code has one after its first letter.

    >>> read_dtc("C0460-54") == read_dtc("co46o 54") == read_dtc("0x446054")
    True
    >>> read_dtc("C0460")
    TypedDtc(base=17504, failure_type=None)
    """
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value).upper()
    compact = SEPARATORS.sub("", text)
    plain = compact[:1] + compact[1:].replace("O", "0")
    found = HEXADECIMAL.fullmatch(plain)
    if found is not None:
        return TypedDtc(base=int(found[1], 16), failure_type=_byte(found[2]))
    found = CODE.fullmatch(plain)
    if found is None:
        return None
    base = LETTERS.index(found[1]) << 14 | int(found[2]) << 12 | int(found[3], 16)
    return TypedDtc(base=base, failure_type=_byte(found[4]))


def _byte(digits: str | None) -> int | None:
    return None if digits is None else int(digits, 16)
