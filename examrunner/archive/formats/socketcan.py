"""SocketCAN's frame as packet captures carry it (linux/can.h, LINKTYPE 227)."""

from array import array
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import (
    BRS,
    ERROR,
    ESI,
    EXTENDED,
    FD,
    OWN,
    REMOTE,
    Frames,
    width_for,
)

Ints = NDArray[np.int64]

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
LARGEST_BYTES: Final = 64
LARGEST_STANDARD_ID: Final = 0x7FF
LARGEST_ERROR_CLASS: Final = 0x3FF

COOKED: Final = {LINUX_SLL: (16, 14, 1), LINUX_SLL2: (20, 0, 10)}
"""Where frame, protocol and packet type of a Linux cooked packet lie."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packets:
    """Captured packets of one interface.

    Attributes:
        at: int64 (n,), where each begins in the capture.
        size: int64 (n,), how many of its bytes were kept.
        t_ns: int64 (n,), Unix time.
    """

    at: Ints
    size: Ints
    t_ns: Ints

    @classmethod
    def of(cls, flat: "array[int]") -> "Packets":
        """Packets from at, size and t_ns of each, one after the other."""
        table = np.frombuffer(flat, np.int64).reshape(-1, 3)
        return cls(at=table[:, 0], size=table[:, 1], t_ns=table[:, 2])


def frames_in(content: bytes, packets: Packets, link_type: int) -> Frames:
    """The CAN frames among captured packets, in their order.

    Identifiers are big-endian on a CAN link and in the byte order of the machine in
    cooked captures. Captures in the wrong order exist: a whole capture is turned
    round when only that makes every identifier possible.

    Args:
        content: The capture.
        packets: Packets of one interface, all of them inside ``content``.
        link_type: One of ``LINK_TYPES``.
    """
    octets = np.frombuffer(content + bytes(HEADER_BYTES + LARGEST_BYTES), np.uint8)
    at, size = packets.at, packets.size
    is_fd = is_own = np.zeros(len(at), bool)
    is_can = size >= HEADER_BYTES
    if link_type in COOKED:
        skipped, protocol_at, kind_at = COOKED[link_type]
        is_can = size >= skipped + HEADER_BYTES
        low = np.where(is_can, at, 0)
        protocol = _numbers(octets, low + protocol_at, 2, ">")
        is_can &= np.isin(protocol, (ETHERTYPE_CAN, ETHERTYPE_CANFD))
        is_fd, is_own = protocol == ETHERTYPE_CANFD, octets[low + kind_at] == SENT_BY_US
        at, size = at + skipped, size - skipped
    rows = np.flatnonzero(is_can)
    at, size = at[rows], size[rows]
    usual, other = ("<", ">") if link_type in COOKED else (">", "<")
    words = _identifiers(octets, at, usual, other)
    fd_flags = octets[at + 5]
    is_fd = is_fd[rows] | (fd_flags & FD_FDF != 0) | (size > CLASSIC_FRAME_BYTES)
    flags = _flags(words, fd_flags, is_fd) | np.where(is_own[rows], OWN, 0)
    return _frames(octets, at, size, words, flags.astype(np.uint8), packets.t_ns[rows])


def _frames(
    octets: NDArray[np.uint8],
    at: Ints,
    size: Ints,
    words: Ints,
    flags: NDArray[np.uint8],
    t_ns: Ints,
) -> Frames:
    length = np.minimum(octets[at + 4].astype(np.int64), LARGEST_BYTES)
    is_remote = flags & REMOTE != 0
    length = np.where(is_remote, length, np.minimum(length, size - HEADER_BYTES))
    width = width_for(int(length.max(initial=0)))
    data = octets[(at + HEADER_BYTES)[:, None] + np.arange(width)]
    data[(np.arange(width) >= length[:, None]) | is_remote[:, None]] = 0
    return Frames(
        t_ns=t_ns,
        ids=(words & IDENTIFIER).astype(np.uint32),
        flags=flags,
        length=length.astype(np.uint8),
        data=data,
    )


def _numbers(octets: NDArray[np.uint8], at: Ints, size: int, order: str) -> Ints:
    shifts = range(0, 8 * size, 8)
    places = range(size) if order == "<" else range(size - 1, -1, -1)
    total = np.zeros(len(at), np.int64)
    for place, shift in zip(places, shifts, strict=True):
        total |= octets[at + place].astype(np.int64) << shift
    return total


def _identifiers(octets: NDArray[np.uint8], at: Ints, usual: str, other: str) -> Ints:
    """Identifiers with their flag bits."""
    words = _numbers(octets, at, 4, usual)
    if _are_possible(words).all():
        return words
    turned = _numbers(octets, at, 4, other)
    possible = _are_possible(turned)
    if possible.all():
        return turned
    return np.where(_are_possible(words) | ~possible, words, turned)


def _are_possible(words: Ints) -> NDArray[np.bool_]:
    identifiers = words & IDENTIFIER
    is_error = words & ERROR_BIT != 0
    is_extended = words & EXTENDED_BIT != 0
    largest = np.where(is_error, LARGEST_ERROR_CLASS, LARGEST_STANDARD_ID)
    possible: NDArray[np.bool_] = (identifiers <= largest) | (is_extended & ~is_error)
    return possible


def _flags(words: Ints, fd_flags: NDArray[np.uint8], is_fd: NDArray[np.bool_]) -> Ints:
    fd = np.where(fd_flags & FD_BRS, FD | BRS, FD)
    fd |= np.where(fd_flags & FD_ESI, ESI, 0)
    classic = np.where(words & REMOTE_BIT, REMOTE, 0)
    flags = np.where(is_fd, fd, classic) | np.where(words & EXTENDED_BIT, EXTENDED, 0)
    return np.where(words & ERROR_BIT, ERROR, flags)
