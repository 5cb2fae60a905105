"""A simulated rig in a process of its own, as a station meets it."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from examrunner.archive.lean_can import import_can


class Wire:
    """JSON lines to one port."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), timeout=60)
        self._file = self._socket.makefile("rwb")

    def tell(self, **message: object) -> None:
        self._file.write(json.dumps(message).encode() + b"\n")
        self._file.flush()

    def hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self._file.readline())
        return heard

    def take(self, count: int) -> bytes:
        return self._file.read(count)

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class Ear:
    """Everything that one channel carries, received in a thread."""

    def __init__(self, address: str) -> None:
        can = import_can()
        self.bus = can.Bus(interface="remote", channel=address)
        self.messages: list[Any] = []
        self._enough = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def wait_for(self, count: int) -> None:
        with self._enough:
            assert self._enough.wait_for(lambda: len(self.messages) >= count, 30)

    def close(self) -> None:
        self._open = False
        self._thread.join(10)
        self.bus.shutdown()

    def _listen(self) -> None:
        while self._open:
            message = self.bus.recv(0.05)
            if message is not None:
                with self._enough:
                    self.messages.append(message)
                    self._enough.notify_all()


@contextmanager
def live_rig(*arguments: str) -> Iterator[dict[str, Any]]:
    """Starts `rig simulate`; gives the addresses that it prints."""
    command = [sys.executable, "-m", "examrunner", "rig", "simulate", *arguments]
    with subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(20)
