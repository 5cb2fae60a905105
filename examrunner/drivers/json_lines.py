"""JSON lines: how fault boxes, simulated cameras and rig clocks talk."""

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from examrunner.drivers.pipes import opened_pipe
from examrunner.model.errors import RigError

LONGEST_LINE_BYTES: Final = 1 << 20


class JsonLines:
    """One connection that carries a JSON object on each line.

    Args:
        address: See ``opened_pipe``.
        peer: What is there, for error messages: ``fault box``, ``camera front``.
    """

    def __init__(self, address: str, *, peer: str) -> None:
        self._where = f"{peer} at {address}"
        self._kept = bytearray()
        try:
            self._pipe = opened_pipe(address)
        except (OSError, ValueError) as error:
            self._lost(error)

    def write(self, message: Mapping[str, object]) -> None:
        """Sends one object.

        Raises:
            RigError: If the peer is gone.
        """
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        try:
            self._pipe.send(line)
        except OSError as error:
            self._lost(error)

    def read(self, *, timeout_s: float) -> dict[str, Any] | None:
        """The next object, or None if none came in time.

        Raises:
            RigError: If the peer is gone or sends something else.
        """
        while b"\n" not in self._kept:
            if not self._fill(timeout_s):
                return None
        line, _, rest = self._kept.partition(b"\n")
        self._kept = bytearray(rest)
        try:
            message = json.loads(line)
        except ValueError as error:
            self._lost(error)
        if not isinstance(message, dict):
            self._lost(TypeError("no JSON object"))
        return message

    def read_bytes(self, count: int, *, timeout_s: float) -> bytes:
        """Exactly ``count`` bytes that follow the last line.

        Raises:
            RigError: If the peer is gone or stops in the middle.
        """
        while len(self._kept) < count:
            if not self._fill(timeout_s):
                self._lost(TimeoutError())
        taken = bytes(self._kept[:count])
        del self._kept[:count]
        return taken

    def close(self) -> None:
        """Closes the connection; closing twice does nothing."""
        self._pipe.close()

    def _fill(self, timeout_s: float) -> bool:
        if len(self._kept) > LONGEST_LINE_BYTES and b"\n" not in self._kept:
            self._lost(ValueError("a line without end"))
        try:
            received = self._pipe.receive(timeout_s)
        except (OSError, ValueError) as error:
            self._lost(error)
        if received is None:
            return False
        if not received:
            self._lost(ConnectionError())
        self._kept += received
        return True

    def _lost(self, error: Exception) -> NoReturn:
        raise RigError(
            f"the connection does not work ({type(error).__name__}).",
            where=self._where,
            remedy="Check that it is switched on and that the address is right.",
        ) from error
