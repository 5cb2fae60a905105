"""The gateway's routing table, as its data identifier 0x0A01 holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ENTRY_BYTES: Final = 7
CHANNELS: Final = ("", "HS1", "MS1")
"""Channel by its number in the table."""
TICK_MS: Final = 10
NEVER_UPDATED: Final = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of the table.

    Attributes:
        source: Channel on which the source is heard.
        source_id: Its identifier.
        target: Channel on which the target is sent.
        target_id: Its identifier.
        delay: Delay in steps of 10 ms; 0xFF: the value is never updated.
    """

    source: str
    source_id: int
    target: str
    target_id: int
    delay: int = 0

    @property
    def name(self) -> str:
        """As databases name it: ``HS1:0x0D0>MS1:0x2A0``."""
        ends = (
            f"{self.source}:0x{self.source_id:03X}",
            f"{self.target}:0x{self.target_id:03X}",
        )
        return ">".join(ends)

    def encoded(self) -> bytes:
        """The seven bytes of the line."""
        return b"".join(
            (
                bytes([CHANNELS.index(self.source)]),
                self.source_id.to_bytes(2, "big"),
                bytes([CHANNELS.index(self.target)]),
                self.target_id.to_bytes(2, "big"),
                bytes([self.delay]),
            )
        )


HEALTHY: Final = (
    Route(source="HS1", source_id=0x0C0, target="MS1", target_id=0x2A0),
    Route(source="HS1", source_id=0x0D0, target="MS1", target_id=0x2A0),
    Route(source="MS1", source_id=0x2B0, target="HS1", target_id=0x3C0),
    Route(source="MS1", source_id=0x2B1, target="HS1", target_id=0x3C0),
)


def encoded(routes: Iterable[Route]) -> bytes:
    """A whole table.

    >>> encoded(HEALTHY[1:2]).hex(" ")
    '01 00 d0 02 02 a0 00'
    """
    return b"".join(route.encoded() for route in routes)


def decoded(content: bytes) -> tuple[Route, ...] | None:
    """The routes of a table; None if it is none.

    >>> decoded(encoded(HEALTHY)) == HEALTHY, decoded(bytes(2))
    (True, None)
    """
    if len(content) % ENTRY_BYTES:
        return None
    found = []
    for at in range(0, len(content), ENTRY_BYTES):
        line = content[at : at + ENTRY_BYTES]
        if not (0 < line[0] < len(CHANNELS) and 0 < line[3] < len(CHANNELS)):
            return None
        found.append(
            Route(
                source=CHANNELS[line[0]],
                source_id=int.from_bytes(line[1:3], "big"),
                target=CHANNELS[line[3]],
                target_id=int.from_bytes(line[4:6], "big"),
                delay=line[6],
            )
        )
    return tuple(found)
