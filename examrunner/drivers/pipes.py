"""Ways to a peer that talks in lines: a TCP connection or a serial line."""

import select
import socket
from typing import Any, Final, Protocol

CONNECT_S: Final = 5.0
SERIAL: Final = "serial:"
BAUD: Final = 115_200


class Pipe(Protocol):
    """Bytes to a peer and from it."""

    def send(self, data: bytes) -> None:
        """Sends everything.

        Raises:
            OSError: If the peer is gone.
        """

    def receive(self, timeout_s: float) -> bytes | None:
        """What has arrived; None if nothing came in time, empty at the end.

        Raises:
            OSError: If the peer is gone.
        """

    def close(self) -> None:
        """Ends the connection."""


def opened_pipe(address: str) -> Pipe:
    """Connects.

    Args:
        address: ``host:port``, or ``serial:PORT`` with ``@baud`` behind it if that is
            not 115,200.

    Raises:
        OSError: If nothing is there.
        ValueError: If the address is none.
    """
    if address.startswith(SERIAL):
        port, _, baud = address.removeprefix(SERIAL).partition("@")
        return SerialPipe(port, int(baud or BAUD))
    host, _, number = address.rpartition(":")
    return TcpPipe(host, int(number))


class TcpPipe:
    """A TCP connection.

    Args:
        host: Name or address.
        port: Port number.
    """

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), CONNECT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self, timeout_s: float) -> bytes | None:
        if not select.select([self._socket], [], [], timeout_s)[0]:
            return None
        return self._socket.recv(1 << 16)

    def close(self) -> None:
        self._socket.close()


class SerialPipe:
    """A serial line; pyserial's errors are ``OSError`` already.

    Args:
        port: ``/dev/serial/by-id/...`` or ``COM4``.
        baud: Bit rate of the line.
    """

    def __init__(self, port: str, baud: int) -> None:
        import serial  # only where a rig has one

        self._line: Any = serial.Serial(port, baud, write_timeout=CONNECT_S)

    def send(self, data: bytes) -> None:
        self._line.write(data)

    def receive(self, timeout_s: float) -> bytes | None:
        self._line.timeout = timeout_s
        first: bytes = self._line.read(1)
        if not first:
            return None
        self._line.timeout = 0
        rest: bytes = self._line.read(1 << 16)
        return first + rest

    def close(self) -> None:
        self._line.close()
