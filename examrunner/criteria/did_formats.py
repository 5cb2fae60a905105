"""Formats of data identifiers, as the ECU files write them."""

import re
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

FORMAT: Final = re.compile(
    r"^(?:(?P<count>\d+) x )?(?P<type>[us](?:8|16|32)|float32)(?: BE)?"
    r"(?: (?:x ?)?(?P<unit1>[^\d\s:]\S*))?(?: ?x?(?P<factor>\d+(?:\.\d+)?))?"
    r"(?: (?P<unit2>[^\d\s:]\S*))?(?::(?P<rest>.*))?$"
)
CODES: Final = {
    "u8": "B", "s8": "b", "u16": "H", "s16": "h", "u32": "I", "s32": "i",
    "float32": "f",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DidFormat:
    """Numbers of one data identifier, big endian.

    Attributes:
        code: ``struct`` code of one number.
        count: How many numbers.
        factor: Engineering value of one raw step; 0 for floating point.
    """

    code: str
    count: int
    factor: float

    @property
    def size(self) -> int:
        """Bytes of the whole record."""
        return struct.calcsize(f">{self.count}{self.code}")

    def values(self, content: bytes) -> tuple[float, ...] | None:
        """Engineering values; None if there are too few bytes."""
        if len(content) < self.size:
            return None
        raw = struct.unpack(f">{self.count}{self.code}", content[: self.size])
        return tuple(float(value) * (self.factor or 1.0) for value in raw)

    def step_at(self, value: float) -> float:
        """One least significant bit at this value."""
        if self.factor:
            return self.factor
        return float(np.spacing(np.float32(abs(value))))


def parse_format(text: str) -> DidFormat:
    """Read a format such as ``u16 0.01``, ``s16 0.1 deg`` or ``9 x float32 BE``.

    Raises:
        ValueError: If the format is not understood.

    >>> parse_format("u16 0.01").values(bytes.fromhex("0190"))
    (4.0,)
    >>> parse_format("3 x s16 0.01 deg").size
    6
    """
    match = FORMAT.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no format of numbers")
    code = CODES[match["type"]]
    factor = 0.0 if code == "f" else float(match["factor"] or 1)
    return DidFormat(code=code, count=int(match["count"] or 1), factor=factor)
