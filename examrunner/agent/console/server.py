"""The server of the station's own screens, in a thread beside the agent."""

import socket
import threading
from typing import Final, Self

import uvicorn

from examrunner.agent.console.app import OWN, build_app
from examrunner.agent.console.hall import Hall
from examrunner.model.errors import RigError

LOOPBACK: Final = "127.0.0.1"
STOP_S: Final = 5.0


class Console:
    """Serves what candidates and examiners do at a station.

    Args:
        hall: What its screens share.
        port: 0 for any that is free.
        host: Address to listen on; another than 127.0.0.1 opens it to the hall's
            network.
        code: Known to its screens alone.

    Raises:
        RigError: If the port is taken.

    Attributes:
        address: What a browser opens; it carries the code.
    """

    def __init__(
        self, hall: Hall, *, port: int, code: str, host: str = LOOPBACK
    ) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise RigError(
                f"port {port} is taken.",
                where=f"{host}:{port}",
                remedy="Choose another with --console, or end the other program.",
            ) from None
        self.address = f"http://{host}:{self._socket.getsockname()[1]}/?code={code}"
        config = uvicorn.Config(
            build_app(hall, code=code, hosts={*OWN, host}),
            log_level="warning",
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="console", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_S)
        self._socket.close()
