"""Stands in for the kernel's CAN where there is none: the same frames, UNIX sockets.

The station's end is the ordinary ``SocketCan`` driver, opened by ``stand_in``; a
station profile names it ``examrunner.testing.socketcan_stand_in:stand_in``.
"""

import fcntl
import socket
import struct
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from examrunner.drivers.controller import Controller
from examrunner.drivers.socketcan import SocketCan, prepare
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, REMOTE

ROOM_BYTES: Final = 8 << 20
PATIENCE_S: Final = 5.0
SO_SNDBUFFORCE: Final = 32
WORD_BITS: Final = {EXTENDED: 0x80000000, REMOTE: 0x40000000, ERROR: 0x20000000}

Row = tuple[int, int, bytes]
"""Identifier, flags and payload of one frame."""


def stand_in(*, path: str, bitrate_bps: int | None = None) -> SocketCan:
    """Opens the station's end of the bus at ``path``.

    With a bit rate it is a controller that may speak, and says that rate of itself.
    """
    controller = Controller(is_virtual=bitrate_bps is None, bitrate_bps=bitrate_bps)
    return SocketCan(channel=path, opening=_opened, controller=lambda _: controller)


def _opened(path: str) -> socket.socket:
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        prepare(opened)
        opened.connect(path)
    except OSError:
        opened.close()
        raise
    return opened


class StandInBus:
    """The rig's end: sends what the bus carries, hears what the station says.

    Args:
        path: Where the bus is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._port: socket.socket | None = None
        self._station: socket.socket | None = None
        self.plug()

    def plug(self) -> None:
        """Makes the bus appear."""
        self._port = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._port.bind(str(self._path))
        self._port.listen(1)
        self._port.settimeout(PATIENCE_S)

    def unplug(self) -> None:
        """Takes the bus away."""
        for opened in (self._port, self._station):
            if opened is not None:
                opened.close()
        self._port = self._station = None
        self._path.unlink(missing_ok=True)

    def meet(self) -> None:
        """Waits for the station.

        Raises:
            TimeoutError: If none comes.
        """
        if self._station is not None:
            return
        if self._port is None:
            raise RuntimeError("the bus is unplugged")
        self._station, _ = self._port.accept()
        self._station.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, ROOM_BYTES)

    def send(self, rows: Sequence[Row]) -> None:
        """Puts frames on the bus."""
        for row in rows:
            self._bus.send(datagram(*row))

    def offer(self, datagrams: Sequence[bytes]) -> int:
        """Puts encoded frames on the bus, as a bus does: whether there is room or not.

        Returns:
            How many found none.
        """
        refused = 0
        for encoded in datagrams:
            try:
                self._bus.send(encoded, socket.MSG_DONTWAIT)
            except BlockingIOError:
                refused += 1
        return refused

    def unread(self) -> int:
        """Bytes that the station has yet to read."""
        (left,) = struct.unpack(
            "=i", fcntl.ioctl(self._bus, termios.TIOCOUTQ, bytes(4))
        )
        return int(left)

    def received(self, timeout_s: float = PATIENCE_S) -> Row:
        """The next frame that the station sends.

        Raises:
            TimeoutError: If it sends none.
        """
        self._bus.settimeout(timeout_s)
        heard = self._bus.recv(72)
        self._bus.settimeout(None)
        (word,) = struct.unpack_from("=I", heard)
        flags = sum(flag for flag, bit in WORD_BITS.items() if word & bit)
        return word & 0x1FFFFFFF, flags, heard[8 : 8 + heard[4]]

    @property
    def _bus(self) -> socket.socket:
        self.meet()
        if self._station is None:
            raise RuntimeError("no station is there")
        return self._station


def datagram(can_id: int, flags: int, data: bytes) -> bytes:
    """One frame as the kernel lays it out."""
    word = can_id | sum(bit for flag, bit in WORD_BITS.items() if flags & flag)
    if flags & FD:
        fd_bits = (1 if flags & BRS else 0) | (2 if flags & ESI else 0)
        return struct.pack("=IBB2x64s", word, len(data), fd_bits, data)
    return struct.pack("=IB3x8s", word, len(data), data)
