"""A serial-line CAN adapter on a pseudo terminal, with the bus behind it."""

import os
import select
import threading
import tty
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from examrunner.model.frames import EXTENDED

PATIENCE_S: Final = 5.0
SENDS: Final = b"tTrRdDbB"
"""First letters of the commands that put something on a bus."""

Row = tuple[int, int, bytes]
"""Identifier, flags and payload of one frame."""


class SlcanPeer:
    """Speaks the adapter's side of the LAWICEL protocol.

    Args:
        port: Where the adapter appears: a link that always has this name.
        serial: What it answers when it is asked who it is.

    Attributes:
        modes: How it was opened so far: ``O`` to send as well, ``L`` to listen.
        spoken: Every frame that the station has put on the bus.
    """

    def __init__(self, port: Path, serial: str = "A001") -> None:
        self.modes: list[str] = []
        self.spoken: list[Row] = []
        self._port = port
        self._serial = serial
        self._heard: SimpleQueue[Row] = SimpleQueue()
        self._is_open = threading.Event()
        self._master = -1
        self._slave = -1
        self._thread: threading.Thread | None = None
        self.plug()

    def plug(self) -> None:
        """The adapter appears."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._port.symlink_to(os.ttyname(self._slave))
        self._thread = threading.Thread(target=self._run, args=(self._master,))
        self._thread.start()

    def unplug(self) -> None:
        """The adapter disappears."""
        master, self._master = self._master, -1
        if self._thread is None:
            return
        self._thread.join()
        self._thread = None
        self._is_open.clear()
        self._port.unlink()
        os.close(master)
        os.close(self._slave)

    def send(self, rows: Sequence[Row]) -> None:
        """Puts frames on the bus; an adapter that is not open passes none on."""
        self._is_open.wait(PATIENCE_S)
        for row in rows:
            os.write(self._master, _line(*row))

    def received(self) -> Row:
        """The next frame that the station sends.

        Raises:
            TimeoutError: If it sends none.
        """
        try:
            return self._heard.get(timeout=PATIENCE_S)
        except Empty:
            raise TimeoutError("the station sends nothing") from None

    def _run(self, master: int) -> None:
        kept = b""
        while self._master == master:
            if not select.select([master], [], [], 0.02)[0]:
                continue
            with suppress(OSError):
                kept += os.read(master, 4096)
            *lines, kept = kept.split(b"\r")
            for line in lines:
                self._obey(master, line)

    def _obey(self, master: int, line: bytes) -> None:
        letter = line[:1]
        if letter in {b"O", b"L"}:
            self.modes.append(letter.decode())
            self._is_open.set()
        elif letter == b"C":
            self._is_open.clear()
        elif letter == b"N":
            os.write(master, b"N" + self._serial.encode() + b"\r")
        elif letter and letter in SENDS:
            self.spoken.append(_row(line))
            self._heard.put(self.spoken[-1])


def _line(can_id: int, flags: int, data: bytes) -> bytes:
    head = f"T{can_id:08X}" if flags & EXTENDED else f"t{can_id:03X}"
    return f"{head}{len(data)}{data.hex().upper()}\r".encode()


def _row(line: bytes) -> Row:
    is_extended = line[:1].isupper()
    at = 9 if is_extended else 4
    can_id = int(line[1:at], 16)
    data = bytes.fromhex(line[at + 1 :].decode())
    return can_id, EXTENDED if is_extended else 0, data
