"""The kernel's ``struct can_frame`` and ``struct canfd_frame`` as columns."""

import socket
import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.drivers.datagram_batch import Datagrams
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

CLASSIC_BYTES: Final = 16
FD_BYTES: Final = 72
EXTENDED_BIT: Final = 0x80000000
REMOTE_BIT: Final = 0x40000000
ERROR_BIT: Final = 0x20000000
IDENTIFIER: Final = 0x1FFFFFFF
BRS_BIT: Final = 0x01
ESI_BIT: Final = 0x02
DATA_AT: Final = 8


def frames_of(datagrams: Datagrams, t_ns: NDArray[np.int64]) -> Frames:
    """The frames in ``datagrams`` at the times ``t_ns``.

    What this PC itself has sent comes with ``MSG_DONTROUTE``.

    Raises:
        ValueError: If a datagram is no CAN frame.
    """
    is_fd = datagrams.size == FD_BYTES
    if not np.all(is_fd | (datagrams.size == CLASSIC_BYTES)):
        raise ValueError("a datagram that is no CAN frame")
    words = np.ascontiguousarray(datagrams.data[:, :4]).view(np.uint32)[:, 0]
    is_remote = (words & REMOTE_BIT) > 0
    limit = np.where(is_remote, 0, np.where(is_fd, 64, 8))
    length = np.minimum(datagrams.data[:, 4], limit).astype(np.uint8)
    width = width_for(int(length.max(initial=0)))
    data = datagrams.data[:, DATA_AT : DATA_AT + width].copy()
    data[np.arange(width) >= length[:, None]] = 0
    return Frames(
        t_ns=t_ns,
        ids=words & np.uint32(IDENTIFIER),
        flags=_flags(words, datagrams, is_fd),
        length=length,
        data=data,
    )


def datagram_of(can_id: int, data: bytes, *, extended: bool) -> bytes:
    """One classic frame as the kernel takes it."""
    word = can_id | (EXTENDED_BIT if extended else 0)
    return struct.pack("=IB3x8s", word, len(data), data)


def _flags(
    words: NDArray[np.uint32], datagrams: Datagrams, is_fd: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    fd_bits = np.where(is_fd, datagrams.data[:, 5], 0)
    is_own = (datagrams.flags & socket.MSG_DONTROUTE) > 0
    found = (
        np.where(words & EXTENDED_BIT, EXTENDED, 0)
        | np.where(words & REMOTE_BIT, REMOTE, 0)
        | np.where(words & ERROR_BIT, ERROR, 0)
        | np.where(is_fd, FD, 0)
        | np.where(fd_bits & BRS_BIT, BRS, 0)
        | np.where(fd_bits & ESI_BIT, ESI, 0)
        | np.where(is_own, OWN, 0)
    )
    flags: NDArray[np.uint8] = found.astype(np.uint8)
    return flags
