"""A fault-injection box that takes JSON lines, over TCP or a serial line."""

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from typing import Final

from examrunner.drivers.json_lines import JsonLines
from examrunner.drivers.links import Answer
from examrunner.model.errors import RigError

ANSWER_S: Final = 5.0
TTL_S: Final = 3.0
"""The box clears every fault when it hears nothing for this long."""


class FaultBox:
    """Commands with a number, a nonce and a code, each answered and read back.

    Args:
        address: ``host:port``, or ``serial:/dev/serial/by-id/...`` (``serial:COM4``).
        key: Shared with the box; keys the code that it checks.
    """

    def __init__(self, *, address: str, key: str = "") -> None:
        self._where = f"fault box at {address}"
        self._key = key.encode()
        self._number = 0
        self._lock = threading.Lock()
        self._lines = JsonLines(address, peer="fault box")

    def command(self, op: str, args: Mapping[str, object]) -> Answer:
        with self._lock:
            self._number += 1
            self._lines.write(self._signed(op, args))
            return self._answer(self._number)

    def close(self) -> None:
        self._lines.close()

    def _signed(self, op: str, args: Mapping[str, object]) -> dict[str, object]:
        said: dict[str, object] = {
            "seq": self._number,
            "op": op,
            "args": dict(args),
            "ttl_s": TTL_S,
            "nonce": secrets.token_hex(8),
        }
        text = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        said["mac"] = hmac.new(self._key, text, hashlib.sha256).hexdigest()
        return said

    def _answer(self, number: int) -> Answer:
        while (answer := self._lines.read(timeout_s=ANSWER_S)) is not None:
            if answer.get("seq") == number:
                state = answer.get("state")
                return Answer(
                    result=str(answer.get("result", "")),
                    state=state if isinstance(state, dict) else {},
                )
        raise RigError(
            f"command {number} was not answered within {ANSWER_S:g} s.",
            where=self._where,
            remedy="Check its supply and its cable; then run the self-test.",
        )
