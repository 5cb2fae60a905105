"""The server of the station's own screen, in a thread beside the agent."""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

import uvicorn

from examrunner.agent.console.app import build_app
from examrunner.agent.console.sitting import Sitting
from examrunner.model.errors import RigError

LOOPBACK: Final = "127.0.0.1"
STOP_S: Final = 5.0


class Console:
    """Serves sheet, form and bench tool while an attempt runs.

    Args:
        port: On 127.0.0.1; 0 for any that is free.

    Raises:
        RigError: If the port is taken.

    Attributes:
        address: What a browser on this PC opens; its code is good for this run.
    """

    def __init__(self, port: int) -> None:
        code = secrets.token_urlsafe(16)
        self._sitting: Sitting | None = None
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((LOOPBACK, port))
        except OSError:
            self._socket.close()
            raise RigError(
                f"port {port} is taken.",
                where=f"{LOOPBACK}:{port}",
                remedy="Choose another with --console, or end the other program.",
            ) from None
        self.address = f"http://{LOOPBACK}:{self._socket.getsockname()[1]}/?code={code}"
        config = uvicorn.Config(
            build_app(lambda: self._sitting, code=code),
            log_level="warning",
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="console", daemon=True
        )

    @contextmanager
    def seating(self, sitting: Sitting) -> Iterator[None]:
        """Shows an attempt while it lasts."""
        self._sitting = sitting
        try:
            yield
        finally:
            sitting.desk.close()
            self._sitting = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_S)
        self._socket.close()
