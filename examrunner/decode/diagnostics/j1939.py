"""SAE J1939-21 transport: messages longer than a frame, as a listener sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.diagnostics.payloads import Broken, Fault
from examrunner.decode.diagnostics.units import Columns
from examrunner.model.frames import Frames
from examrunner.model.timeline import NS_PER_S

CONNECTION_FORMAT: Final = 0xEC
"""PDU format of TP.CM, which announces a message."""
TRANSFER_FORMAT: Final = 0xEB
"""PDU format of TP.DT, which carries it, seven bytes a frame."""
REQUEST_TO_SEND, BROADCAST_ANNOUNCE = 16, 32
"""Control bytes of TP.CM that begin a message."""
BYTES_PER_PACKET: Final = 7
PATIENCE_NS: Final = 30 * NS_PER_S
LARGEST_MESSAGE_BYTES: Final = 1785
EVERYBODY: Final = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class LongMessage:
    """One reassembled message.

    Attributes:
        channel: CAN channel.
        from_ns: Its announcement.
        to_ns: Its last packet.
        pgn: Parameter group number.
        source: Address of the sender.
        destination: Address of the receiver, 0xFF for everybody.
        data: Payload.
    """

    channel: str
    from_ns: int
    to_ns: int
    pgn: int
    source: int
    destination: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Transported:
    """All long messages of a recording, and what could not be put together."""

    messages: tuple[LongMessage, ...]
    broken: tuple[Broken, ...]


def pgn_of(can_id: int) -> int:
    """Parameter group of a 29-bit identifier: destination-specific ones lose it.

    >>> hex(pgn_of(0x18FEE300)), hex(pgn_of(0x1CECFF00))
    ('0xfee3', '0xec00')
    """
    format_ = can_id >> 16 & 0xFF
    group = can_id >> 8 & 0x3FFFF
    return group if format_ >= 0xF0 else group & 0x3FF00


def long_messages(columns: Columns) -> Transported:
    """Reassemble broadcast and peer-to-peer messages of every channel."""
    announcements = _by_route(columns, CONNECTION_FORMAT)
    transfers = _by_route(columns, TRANSFER_FORMAT)
    messages: list[LongMessage] = []
    broken: list[Broken] = []
    for route, opened in announcements.items():
        packets = transfers.get(route, Frames.empty())
        for message in _route(route, opened, packets):
            if isinstance(message, Broken):
                broken.append(message)
            else:
                messages.append(message)
    return Transported(
        messages=tuple(sorted(messages, key=lambda m: (m.to_ns, m.channel, m.source))),
        broken=tuple(sorted(broken, key=lambda b: b.from_ns)),
    )


Route = tuple[str, int, int]


def _by_route(columns: Columns, format_: int) -> Mapping[Route, Frames]:
    """Frames of one PDU format by (channel, source, destination)."""
    found: dict[Route, Frames] = {}
    for (channel, can_id, extended), frames in columns.items():
        if extended and can_id >> 16 & 0xFF == format_:
            route = (channel, can_id & 0xFF, can_id >> 8 & 0xFF)
            known = found.get(route)
            found[route] = frames if known is None else _merged(known, frames)
    return found


def _merged(one: Frames, other: Frames) -> Frames:
    """Two priorities of the same route, in order of time."""
    both = Frames.concatenate([one, other])
    return both.take(np.argsort(both.t_ns, kind="stable"))


def _route(route: Route, opened: Frames, packets: Frames) -> list[LongMessage | Broken]:
    control = opened.data[:, 0]
    begins = np.isin(control, (REQUEST_TO_SEND, BROADCAST_ANNOUNCE))
    begins &= opened.length >= 8
    starts = opened.take(begins)
    owner = np.searchsorted(starts.t_ns, packets.t_ns, side="right") - 1
    found: list[LongMessage | Broken] = []
    for index in range(len(starts)):
        mine = packets.take(owner == index)
        is_last = index == len(starts) - 1
        found.append(_message(route, starts, index, mine, is_last=is_last))
    return found


def _message(
    route: Route, starts: Frames, index: int, packets: Frames, *, is_last: bool
) -> LongMessage | Broken:
    head = starts.data[index].astype(np.int64)
    size = int(head[1] | head[2] << 8)
    begun_ns = int(starts.t_ns[index])
    count = -(-size // BYTES_PER_PACKET)
    fault = _fault(packets, begun_ns, size, count, is_last=is_last)
    if fault is not None:
        ended_ns = int(packets.t_ns[-1]) if len(packets) else begun_ns
        return Broken(fault=fault, from_ns=begun_ns, to_ns=ended_ns)
    channel, source, destination = route
    content: NDArray[np.uint8] = packets.data[:count, 1:8].reshape(-1)[:size]
    return LongMessage(
        channel=channel,
        from_ns=begun_ns,
        to_ns=int(packets.t_ns[count - 1]),
        pgn=int(head[5] | head[6] << 8 | head[7] << 16),
        source=source,
        destination=destination,
        data=content.tobytes(),
    )


def _fault(
    packets: Frames, begun_ns: int, size: int, count: int, *, is_last: bool
) -> Fault | None:
    if not BYTES_PER_PACKET < size <= LARGEST_MESSAGE_BYTES:
        return Fault.MALFORMED
    used = packets.take(slice(0, count))
    waits = np.diff(used.t_ns, prepend=begun_ns)
    if np.any(waits > PATIENCE_NS):
        return Fault.TIMEOUT
    if np.any(used.data[:, 0] != np.arange(1, len(used) + 1)):
        return Fault.WRONG_SEQUENCE
    if len(used) < count:
        return Fault.UNFINISHED if is_last else Fault.CUT_OFF
    return None
