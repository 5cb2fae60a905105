"""Protocol data units of one ECU, in order: what was asked and what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from examrunner.decode.diagnostics.control import flow_controls
from examrunner.decode.diagnostics.payloads import Broken, Fault
from examrunner.decode.diagnostics.transport import reassemble
from examrunner.model.frames import Frames
from examrunner.model.station import Ecu

Columns = Mapping[tuple[str, int, bool], Frames]
"""Frames by (channel, identifier, whether it has 29 bits)."""

LARGEST_STANDARD_ID: Final = 0x7FF


class Direction(IntEnum):
    """Who sent it. A request sorts before the answer of the same moment."""

    REQUEST = 0
    FUNCTIONAL = 1
    RESPONSE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One complete payload."""

    direction: Direction
    from_ns: int
    to_ns: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything that was said between testers and one ECU.

    Attributes:
        units: Complete payloads by time.
        torn: Response messages that began and could not be completed.
    """

    units: tuple[Unit, ...]
    torn: tuple[Broken, ...]


def conversation(columns: Columns, ecu: Ecu, functional_id: int) -> Conversation:
    """Reassemble both directions of one ECU, and the functional requests."""
    requests = _frames(columns, ecu.channel, ecu.request_id)
    responses = _frames(columns, ecu.channel, ecu.response_id)
    asked = reassemble(requests, flow_ns=flow_controls(responses))
    told = reassemble(responses, flow_ns=flow_controls(requests))
    broadcast = reassemble(_frames(columns, ecu.channel, functional_id))
    units = [
        Unit(
            direction=direction,
            from_ns=int(payloads.from_ns[index]),
            to_ns=int(payloads.to_ns[index]),
            data=payloads.payload(index),
        )
        for direction, payloads in (
            (Direction.REQUEST, asked),
            (Direction.FUNCTIONAL, broadcast),
            (Direction.RESPONSE, told),
        )
        for index in range(len(payloads))
    ]
    torn = [broken for broken in told.broken if broken.fault is not Fault.STRAY]
    return Conversation(
        units=tuple(sorted(units, key=lambda unit: (unit.from_ns, unit.direction))),
        torn=tuple(torn),
    )


def _frames(columns: Columns, channel: str, can_id: int) -> Frames:
    extended = can_id > LARGEST_STANDARD_ID
    return columns.get((channel, can_id, extended), Frames.empty())


def pairs_of(columns: Columns, named: Sequence[tuple[int, int]]) -> tuple[Ecu, ...]:
    """Nameless ECUs for (request id, response id) pairs on every channel."""
    channels = sorted({channel for channel, _, _ in columns})
    return tuple(
        Ecu(
            name=f"0x{request:X}" if len(channels) == 1 else f"{channel}:0x{request:X}",
            channel=channel,
            request_id=request,
            response_id=response,
        )
        for channel in channels
        for request, response in named
    )
