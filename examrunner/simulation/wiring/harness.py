"""One bus as copper: a backbone with stubs, two terminators and what broke of it."""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

TERMINATOR_OHM: Final = 120.0
OVERLOAD_OHM: Final = 10_000_000.0
"""What a meter that shows OL is written down as."""
INPUT_OHM: Final = 20_000.0
"""From a bus wire to ground or battery through the inputs of all transceivers."""
DEAD_BELOW_OHM: Final = 20.0
"""A resistance between two wires below which no dominant level comes about."""
PORT: Final = ""
"""Where recorder, tester and bench controller are connected: at end A."""
NOBODY: Final = -1
"""Group of those that reach no other."""

DOMINANT_SHARE: Final = 0.10
HEALTHY_V: Final = (2.5 + DOMINANT_SHARE, 2.5 - DOMINANT_SHARE)


class Wire(StrEnum):
    """What a short circuit can connect."""

    H = "H"
    L = "L"
    GND = "GND"
    VBAT = "VBAT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Two wires that touch.

    Attributes:
        wires: Which.
        ohm: Through how much.
    """

    wires: frozenset[Wire]
    ohm: float


H_L: Final = frozenset({Wire.H, Wire.L})
H_GROUND: Final = frozenset({Wire.H, Wire.GND})
L_GROUND: Final = frozenset({Wire.L, Wire.GND})
H_BATTERY: Final = frozenset({Wire.H, Wire.VBAT})
L_BATTERY: Final = frozenset({Wire.L, Wire.VBAT})

SHORTED_V: Final = {
    H_L: (2.5, 2.5),
    H_GROUND: (0.0, 0.1),
    L_GROUND: (0.3, 0.0),
    L_BATTERY: (11.9, 12.0),
    H_BATTERY: (12.0, 11.2),
}
"""Mean voltages of H and L against ground while the bus is fed."""
DEADLY: Final = frozenset({H_L, H_GROUND, L_BATTERY})
"""Short circuits that leave no dominant level; the other two disturb it."""


@dataclass(slots=True)
class Harness:
    """The wires of one bus.

    Attributes:
        backbone: Nodes from end A to end B; a segment is named after the two nodes
            that it joins, ``ESC-SAS``.
        opened: Open wires, (place, H or L); a place is a node (its stub) or a segment.
        shorts: Wires that touch.
        lost_ends: Ends without terminator, of A and B.
        swapped: Nodes at which H and L are exchanged.
        extra_ohm: Further resistances between H and L.
    """

    backbone: tuple[str, ...]
    opened: set[tuple[str, Wire]] = field(default_factory=set)
    shorts: list[Short] = field(default_factory=list)
    lost_ends: set[str] = field(default_factory=set)
    swapped: set[str] = field(default_factory=set)
    extra_ohm: list[float] = field(default_factory=list)

    @property
    def segments(self) -> tuple[str, ...]:
        """Names of the pieces of the backbone, from end A to end B."""
        pairs = zip(self.backbone, self.backbone[1:], strict=False)
        return tuple(f"{first}-{second}" for first, second in pairs)

    @property
    def dead(self) -> bool:
        """Whether no node can make a dominant level."""
        shorted = any(short.wires in DEADLY for short in self._hard())
        return shorted or self.resistance_ohm() < DEAD_BELOW_OHM

    @property
    def disturbed(self) -> bool:
        """Whether a short circuit spoils some of the frames."""
        return bool(self._hard()) and not self.dead

    @property
    def parted(self) -> bool:
        """Whether the backbone is open somewhere."""
        return any(place in self.segments for place, _ in self.opened)

    def section(self, node: str) -> int:
        """Number of the piece of backbone that a node is on, 0 at end A."""
        place = 0 if node == PORT else self.backbone.index(node)
        open_places = {place for place, _ in self.opened}
        return sum(name in open_places for name in self.segments[:place])

    def cut_off(self, node: str) -> bool:
        """Whether a node does not reach the backbone with both wires right."""
        return node in self.swapped or self._stub_open(node)

    def group(self, node: str) -> int:
        """Those of equal number reach each other; ``NOBODY`` reaches none."""
        unterminated = self.resistance_ohm(node) >= OVERLOAD_OHM
        if self.dead or unterminated or self.cut_off(node):
            return NOBODY
        return self.section(node)

    def resistance_ohm(self, at: str = PORT) -> float:
        """Between H and L, seen from a plug, while nothing is fed."""
        if self._stub_open(at):
            return OVERLOAD_OHM
        section = self.section(at)
        last = self.section(self.backbone[-1])
        parts = [
            TERMINATOR_OHM
            for end, place in (("A", 0), ("B", last))
            if place == section and end not in self.lost_ends
        ]
        if section == 0:
            parts += self.extra_ohm
            parts += [short.ohm for short in self.shorts if short.wires == H_L]
        return _parallel(parts)

    def to_ohm(self, wire: Wire, rail: Wire) -> float:
        """Between a bus wire and ground or battery, while nothing is fed."""
        wires = frozenset({wire, rail})
        shorts = [short.ohm for short in self.shorts if short.wires == wires]
        return _parallel([INPUT_OHM, *shorts])

    def voltages_v(self) -> tuple[float, float]:
        """Mean voltages of H and L against ground while the bus is fed."""
        for short in self._hard():
            return SHORTED_V[short.wires]
        if self.resistance_ohm() < DEAD_BELOW_OHM:
            return SHORTED_V[H_L]
        return HEALTHY_V

    def _hard(self) -> list[Short]:
        return [short for short in self.shorts if short.ohm < DEAD_BELOW_OHM]

    def _stub_open(self, node: str) -> bool:
        return any(place == node for place, _ in self.opened)


def _parallel(ohms: list[float]) -> float:
    """Resistors side by side; none at all is an overload of the meter.

    >>> _parallel([120.0, 120.0]), _parallel([])
    (60.0, 10000000.0)
    """
    if any(ohm <= 0 for ohm in ohms):
        return 0.0
    conducting = math.fsum(1.0 / ohm for ohm in ohms)
    return round(1.0 / conducting, 2) if conducting else OVERLOAD_OHM
