"""Diagnostic trouble codes as people write them."""

import re
from typing import Final

LETTERS: Final = "PCBU"
FORMATS: Final = (0x00, 0x04)
"""Format identifiers of ISO 15031-6 and SAE J2012-DA; others are refused."""
READ_DTC: Final = 0x59
BY_STATUS: Final = (0x02, 0x0A)


def code_of(number: int) -> str:
    """A 24-bit trouble code as text.

    >>> code_of(0x403123), code_of(0xC07304), code_of(0x900016)
    ('C0031-23', 'U0073-04', 'B1000-16')
    """
    letter = LETTERS[number >> 22]
    return f"{letter}{number >> 20 & 3}{number >> 8 & 0xFFF:03X}-{number & 0xFF:02X}"


def dtcs_in(answer: bytes) -> tuple[tuple[int, int], ...]:
    """(number, status) pairs of a positive 19 02 or 19 0A answer.

    All-zero entries are padding.

    >>> dtcs_in(bytes.fromhex("5902ffc121872f00000000"))
    ((12657031, 47),)
    """
    if len(answer) < 3 or answer[0] != READ_DTC or answer[1] not in BY_STATUS:
        return ()
    rows = [answer[i : i + 4] for i in range(3, len(answer) - 3, 4)]
    return tuple((int.from_bytes(row[:3], "big"), row[3]) for row in rows if any(row))


def matches_dtc(number: int, pattern: str) -> bool:
    """Whether a code fits ``U01??-87``; ``|`` separates alternatives.

    >>> matches_dtc(0xC12187, "U01??-87"), matches_dtc(0xC12188, "U01??-87|P*")
    (True, False)
    """
    code = code_of(number)
    return any(
        re.fullmatch(
            "".join({"?": ".", "*": ".*"}.get(c, re.escape(c)) for c in part.strip()),
            code,
        )
        for part in pattern.upper().split("|")
    )
