"""How the bytes behind a diagnostic data identifier are read.

One line says it: ``[<count> x ]<type>[ <step>][ <unit>][: <names>]``, for example
``u16 mV``, ``s16 0.1 deg``, ``3 x s16 mm: x y z``, ``17 ascii``, ``u8: 0=ok 1=bad``.
Numbers are big endian, as ISO 14229 sends them.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

CODES: Final = {
    "u8": "B",
    "s8": "b",
    "u16": "H",
    "s16": "h",
    "u32": "I",
    "s32": "i",
    "float32": "f",
}
"""Number types, as ``struct`` letters."""

LINE: Final = re.compile(
    r"(?:(?P<length>\d+) ascii|(?P<raw>bytes)"
    r"|(?:(?P<count>\d+) x )?(?P<type>[us](?:8|16|32)|float32)"
    r"(?: (?P<step>\d+(?:\.\d+)?))?(?: (?P<unit>[^\s:]+))?"
    r"(?:: (?P<names>\S+(?: \S+)*))?)",
)
CHOICE: Final = re.compile(r"(?:^| )(\d+)=")


@dataclass(frozen=True, slots=True, kw_only=True)
class DidFormat:
    """The layout of one data identifier.

    Attributes:
        type: A key of ``CODES``, ``ascii``, or ``bytes`` for an opaque block.
        count: Numbers in it, or characters of a text; 0 for an opaque block.
        step: Physical value of one raw step.
        unit: Of the physical value; empty for none.
        names: One per number, or empty.
        choices: Meaning of raw values, if they stand for something.
    """

    type: str
    count: int
    step: float = 1.0
    unit: str = ""
    names: tuple[str, ...] = ()
    choices: Mapping[int, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that it takes; 0 for an opaque block of any size."""
        if self.type in CODES:
            return self.count * struct.calcsize(CODES[self.type])
        return self.count

    def numbers(self, data: bytes) -> tuple[float, ...]:
        """Physical values.

        Raises:
            ValueError: If it holds no numbers or ``data`` has another size.
        """
        if self.type not in CODES or len(data) != self.size:
            raise ValueError(f"{len(data)} bytes are not {self.count} x {self.type}")
        raw = struct.unpack(f">{self.count}{CODES[self.type]}", data)
        return tuple(value * self.step for value in raw)

    def encode(self, numbers: Sequence[float]) -> bytes:
        """The bytes for physical values, rounded to whole steps.

        Raises:
            ValueError: If there are too few or many, or one does not fit.
        """
        if self.type not in CODES or len(numbers) != self.count:
            raise ValueError(f"{len(numbers)} numbers for {self.count} x {self.type}")
        raw = [number / self.step for number in numbers]
        if self.type != "float32":
            raw = [round(value) for value in raw]
        try:
            return struct.pack(f">{self.count}{CODES[self.type]}", *raw)
        except (struct.error, OverflowError):
            raise ValueError(f"{list(numbers)} does not fit into {self.type}") from None


def parse_did_format(line: str) -> DidFormat:
    """Read one line of ``ecus.yaml``.

    Raises:
        ValueError: If it is none.

    >>> parse_did_format("s16 0.1 deg").numbers(bytes.fromhex("ff85"))
    (-12.3,)
    >>> parse_did_format("2 x u16 mV: ref1 ref2").names
    ('ref1', 'ref2')
    """
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"'{line}' is no format such as 's16 0.1 deg'")
    if found["raw"]:
        return DidFormat(type="bytes", count=0)
    if found["length"]:
        return DidFormat(type="ascii", count=int(found["length"]))
    return _numeric(line, found)


def _numeric(line: str, found: re.Match[str]) -> DidFormat:
    count = int(found["count"] or 1)
    choices = _choices(found["names"] or "")
    names = () if choices else tuple((found["names"] or "").split())
    step = float(found["step"] or 1)
    if count == 0 or step == 0 or (names and len(names) != count):
        raise ValueError(f"'{line}' names {len(names)} of {count} numbers")
    return DidFormat(
        type=found["type"],
        count=count,
        step=step,
        unit=found["unit"] or "",
        names=names,
        choices=choices,
    )


def _choices(text: str) -> dict[int, str]:
    parts = CHOICE.split(text)
    return {
        int(number): meaning
        for number, meaning in zip(parts[1::2], parts[2::2], strict=True)
    }
