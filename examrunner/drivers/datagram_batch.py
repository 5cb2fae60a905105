"""Many datagrams from a socket in one system call, with what the kernel adds."""

import ctypes
import errno
import os
import select
import socket
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LARGEST_BYTES: Final = 72
"""``struct canfd_frame``."""
CONTROL_BYTES: Final = 64
"""Room for a stamp and a drop count."""
SO_RXQ_OVFL: Final = 40
SO_TIMESTAMPNS: Final = 35
STAMP_AT: Final = 16
"""Bytes of ``struct cmsghdr`` before its data."""
SECOND_AT: Final = 32
"""Where a control message begins that follows a stamp."""


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    _fields_ = (("header", _Header), ("size", ctypes.c_uint))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Datagrams:
    """What one system call brought.

    Attributes:
        data: uint8 (n, 72), each datagram from the left.
        size: (n,) bytes.
        flags: (n,) of ``recvmsg``.
        wall_ns: int64 (n,), the kernel's stamp of arrival; 0 without one.
        dropped: Datagrams that the socket had no room for since it was opened.
    """

    data: NDArray[np.uint8]
    size: NDArray[np.uint32]
    flags: NDArray[np.int32]
    wall_ns: NDArray[np.int64]
    dropped: int


class DatagramReader:
    """Reads a socket in batches.

    ``recvmmsg`` is called without giving up Python's lock: it does not wait, and to
    ask for the lock again beside a busy thread costs 5 ms each time.

    Args:
        source: Where the datagrams arrive.
        most: Largest batch.
    """

    def __init__(self, source: socket.socket, *, most: int = 1024) -> None:
        self._socket = source
        self._poll = select.poll()
        self._poll.register(source, select.POLLIN)
        self._receive: Any = ctypes.PyDLL(None, use_errno=True).recvmmsg
        self._data = np.zeros((most, LARGEST_BYTES), np.uint8)
        self._control = np.zeros((most, CONTROL_BYTES), np.uint8)
        self._vectors: Any = np.zeros(most, np.dtype(_Vector))
        self._table: Any = np.zeros(most, np.dtype(_Message))
        self._prepare(np.arange(most, dtype=np.uint64))
        self._dropped = 0

    def wait(self, timeout_s: float) -> bool:
        """Whether something has arrived, or is wrong, within the time."""
        return bool(self._poll.poll(max(0.0, timeout_s) * 1e3))

    def read(self, most: int) -> Datagrams:
        """What has arrived, without waiting.

        Raises:
            OSError: If the socket is broken.
        """
        room = min(most, len(self._data))
        header = self._table["header"]
        header["control_length"][:room] = CONTROL_BYTES
        count = self._receive(
            self._socket.fileno(),
            ctypes.c_void_p(self._table.ctypes.data),
            room,
            socket.MSG_DONTWAIT,
            None,
        )
        if count < 0:
            number = ctypes.get_errno()
            if number != errno.EAGAIN:
                raise OSError(number, os.strerror(number))
            count = 0
        elif not self._table["size"][:count].all():
            count = int(np.argmin(self._table["size"][:count] > 0))
            if count == 0:
                raise ConnectionResetError(errno.ECONNRESET, "the other end is gone")
        return Datagrams(
            data=self._data[:count].copy(),
            size=self._table["size"][:count].copy(),
            flags=header["flags"][:count].copy(),
            wall_ns=self._stamps(count),
            dropped=self._count_drops(count),
        )

    def _prepare(self, rows: NDArray[np.uint64]) -> None:
        header = self._table["header"]
        self._vectors["base"] = _addresses(self._data, rows)
        self._vectors["length"] = LARGEST_BYTES
        header["vectors"] = _addresses(self._vectors, rows)
        header["vector_count"] = 1
        header["control"] = _addresses(self._control, rows)

    def _stamps(self, count: int) -> NDArray[np.int64]:
        stamped = self._is(SO_TIMESTAMPNS, 0, count)
        seconds, rest = self._words(STAMP_AT, np.int64, count, 2).T
        return np.where(stamped, seconds * 1_000_000_000 + rest, 0)

    def _count_drops(self, count: int) -> int:
        for at in (0, SECOND_AT):
            told = np.flatnonzero(self._is(SO_RXQ_OVFL, at, count))
            if len(told):
                last = self._words(at + STAMP_AT, np.uint32, count, 1)[told[-1], 0]
                self._dropped = int(last)
        return self._dropped

    def _is(self, kind: int, at: int, count: int) -> NDArray[np.bool_]:
        """Where a control message of this kind begins at byte ``at``."""
        present = self._table["header"]["control_length"][:count] > at
        level, what = self._words(at + 8, np.int32, count, 2).T
        found: NDArray[np.bool_] = (
            present & (level == socket.SOL_SOCKET) & (what == kind)
        )
        return found

    def _words(
        self, at: int, kind: type[np.generic], count: int, words: int
    ) -> NDArray[Any]:
        end = at + words * np.dtype(kind).itemsize
        return np.ascontiguousarray(self._control[:count, at:end]).view(kind)


def _addresses(table: NDArray[Any], rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Where each row of a table lies in memory."""
    return np.uint64(table.ctypes.data) + rows * np.uint64(table.strides[0])
