"""Legislated diagnostics of one control unit (ISO 15031-5), as far as the rigs go."""

from collections.abc import Mapping
from typing import Final

from examrunner.simulation.control_unit import ControlUnit
from examrunner.simulation.trouble_codes import ALL, CONFIRMED, PENDING

RESTING: Final[Mapping[int, bytes]] = {
    0x05: b"\x41",
    0x0C: b"\x0c\x80",
    0x0D: b"\x00",
    0x11: b"\x26",
    0x49: b"\x26",
    0x4A: b"\x13",
    0x5A: b"\x00",
}
"""Parameters of a rig at rest: 25 degC, 800 rpm, stands still, pedal released."""
VIN_DID: Final = 0xF190


def legislated_answer(
    unit: ControlUnit, request: bytes, live: Mapping[int, bytes]
) -> bytes | None:
    """The positive answer to a request; None if the control unit has none.

    Args:
        unit: The control unit.
        request: Mode and parameters.
        live: Parameters that differ from a rig at rest.
    """
    mode = request[0]
    if mode == 0x01 and len(request) == 2:
        return _current(request[1], {**RESTING, **live})
    if mode in {0x03, 0x07, 0x0A}:
        return _codes(unit, mode)
    if mode == 0x04:
        unit.memory.clear(ALL)
        return b"\x44"
    if mode == 0x09 and request[1:2] == b"\x02":
        return b"\x49\x02\x01" + unit.value(VIN_DID)
    return None


def _current(parameter: int, known: Mapping[int, bytes]) -> bytes | None:
    head = bytes([0x41, parameter])
    if parameter % 0x20 == 0:
        return head + _supported(parameter, known)
    if parameter == 0x01:
        return head + bytes(4)
    return head + known[parameter] if parameter in known else None


def _supported(first: int, known: Mapping[int, bytes]) -> bytes:
    mask = 0
    for number in {*known, 0x01}:
        if first < number <= first + 0x20:
            mask |= 1 << (first + 0x20 - number)
    if any(number > first + 0x20 for number in known):
        mask |= 1
    return mask.to_bytes(4, "big")


def _codes(unit: ControlUnit, mode: int) -> bytes:
    bit = PENDING if mode == 0x07 else CONFIRMED
    listed = [number for number, _ in unit.memory.matching(bit)]
    found = b"".join((number >> 8).to_bytes(2, "big") for number in listed)
    return bytes([mode | 0x40, len(listed)]) + found
