"""SocketCAN's frame as packet captures carry it (linux/can.h, LINKTYPE 227)."""

import struct
from typing import Final

from examrunner.archive.log_file import Row
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, OWN, REMOTE

CAN_SOCKETCAN: Final = 227
LINUX_SLL: Final = 113
LINUX_SLL2: Final = 276
LINK_TYPES: Final = frozenset({CAN_SOCKETCAN, LINUX_SLL, LINUX_SLL2})

ETHERTYPE_CAN, ETHERTYPE_CANFD = 0x000C, 0x000D
SENT_BY_US: Final = 4
"""Packet type of Linux cooked captures: outgoing."""
EXTENDED_BIT, REMOTE_BIT, ERROR_BIT = 0x80000000, 0x40000000, 0x20000000
IDENTIFIER: Final = 0x1FFFFFFF
FD_BRS, FD_ESI, FD_FDF = 1, 2, 4
CLASSIC_FRAME_BYTES: Final = 16
HEADER_BYTES: Final = 8
LARGEST_STANDARD_ID: Final = 0x7FF
LARGEST_ERROR_CLASS: Final = 0x3FF

COOKED: Final = {LINUX_SLL: (16, 14, 1), LINUX_SLL2: (20, 0, 10)}
"""Where frame, protocol and packet type of a Linux cooked packet lie."""


def row_of(packet: bytes, link_type: int, t_ns: int, channel: int) -> Row | None:
    """The frame in a captured packet; None if it holds no CAN frame."""
    own, fd_protocol, usual, other = False, False, ">L", "<L"
    if link_type != CAN_SOCKETCAN:
        frame_at, protocol_at, kind_at = COOKED[link_type]
        if len(packet) < frame_at:
            return None
        (protocol,) = struct.unpack_from(">H", packet, protocol_at)
        if protocol not in {ETHERTYPE_CAN, ETHERTYPE_CANFD}:
            return None
        own = packet[kind_at] == SENT_BY_US
        fd_protocol = protocol == ETHERTYPE_CANFD
        packet = packet[frame_at:]
        usual, other = other, usual
    if len(packet) < HEADER_BYTES:
        return None
    word = _identifier(packet, usual, other)
    length, fd_flags = packet[4], packet[5]
    is_fd = fd_protocol or bool(fd_flags & FD_FDF) or len(packet) > CLASSIC_FRAME_BYTES
    return Row(
        t_ns=t_ns,
        channel=channel,
        can_id=word & IDENTIFIER,
        flags=_flags(word, fd_flags if is_fd else None) | (OWN if own else 0),
        data=packet[HEADER_BYTES : HEADER_BYTES + length].ljust(length, b"\0")[:64],
    )


def _identifier(packet: bytes, usual: str, other: str) -> int:
    """The identifier with its flag bits; captures in the wrong byte order exist."""
    (word,) = struct.unpack_from(usual, packet)
    (swapped,) = struct.unpack_from(other, packet)
    return int(swapped if _is_possible(swapped) and not _is_possible(word) else word)


def _is_possible(word: int) -> bool:
    if word & ERROR_BIT:
        return word & IDENTIFIER <= LARGEST_ERROR_CLASS
    return bool(word & EXTENDED_BIT) or word & IDENTIFIER <= LARGEST_STANDARD_ID


def _flags(word: int, fd_flags: int | None) -> int:
    if word & ERROR_BIT:
        return ERROR
    flags = EXTENDED if word & EXTENDED_BIT else 0
    if fd_flags is not None:
        flags |= (
            FD | (BRS if fd_flags & FD_BRS else 0) | (ESI if fd_flags & FD_ESI else 0)
        )
        return flags
    return flags | (REMOTE if word & REMOTE_BIT else 0)
