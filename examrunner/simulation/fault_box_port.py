"""The fault box behind a socket: JSON lines with nonce and code."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

from examrunner.model.digests import canonical_json
from examrunner.simulation.fault_box import BAD_ARG, BAD_MAC, FaultBox
from examrunner.simulation.faults.fault import BadArgument, number_of
from examrunner.simulation.json_lines import line_of, read_line
from examrunner.simulation.truth_log import TruthLog

HEARTBEAT_S: Final = 3.0


class FaultBoxPort:
    """Answers commands of one supervisor after the other.

    Args:
        fault_box: The fault box.
        key: Shared with the supervisor; empty: codes are not checked.
        supervised: Whether silence counts as a lost supervisor: for ``ttl_s`` of the
            last command, or 3 s. It does not where rig time runs faster than a
            heartbeat can.
        log: What the box has measured so far.
    """

    def __init__(
        self, fault_box: FaultBox, key: bytes, *, supervised: bool, log: TruthLog
    ) -> None:
        self._fault_box = fault_box
        self._log = log
        self._key = key
        self._supervised = supervised
        self._ttl_s = HEARTBEAT_S
        self._nonces: set[str] = set()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Look after one connection; when it is lost, every fault is cleared."""
        try:
            while True:
                waits = self._supervised and self._fault_box.armed
                timeout_s = self._ttl_s if waits else None
                command = await asyncio.wait_for(read_line(reader), timeout_s)
                if command is None:
                    break
                writer.write(line_of(self.answer(command)))
                await writer.drain()
        except (TimeoutError, ConnectionError, TypeError, ValueError):
            pass
        finally:
            self._fault_box.clear_all()
            self._fault_box.armed = False
            writer.close()

    def answer(self, command: Mapping[str, Any]) -> Mapping[str, object]:
        """The answer to one command."""
        result = BAD_MAC
        if self._genuine(command):
            result = self._carry_out(command)
        state = dict(self._fault_box.state())
        if command.get("op") == "measure" and result not in {BAD_ARG, BAD_MAC}:
            nested = command.get("args")
            args = nested if isinstance(nested, dict) else command
            quantity = args.get("quantity")
            asked = None if quantity is None else str(quantity)
            state["measured"] = dict(self._fault_box.measure(asked))
            after_ns = args.get("after_ns")
            if isinstance(after_ns, int):
                state["samples"] = self._log.after(after_ns)
        return {"seq": command.get("seq"), "result": result, "state": state}

    def _carry_out(self, command: Mapping[str, Any]) -> str:
        """Let the box do it; how long a command lasts is counted here, in wall time."""
        try:
            self._ttl_s = number_of(command, "ttl_s", HEARTBEAT_S) or HEARTBEAT_S
        except BadArgument:
            return BAD_ARG
        timeless = {name: value for name, value in command.items() if name != "ttl_s"}
        return self._fault_box.carry_out(timeless)

    def _genuine(self, command: Mapping[str, Any]) -> bool:
        if not self._key:
            return True
        nonce = str(command.get("nonce", ""))
        if not nonce or nonce in self._nonces:
            return False
        expected = code_of(command, self._key)
        if not hmac.compare_digest(expected, str(command.get("mac", ""))):
            return False
        self._nonces.add(nonce)
        return True


def code_of(command: Mapping[str, Any], key: bytes) -> str:
    """HMAC-SHA256 of a command without its ``mac``, as canonical JSON."""
    signed = {name: value for name, value in command.items() if name != "mac"}
    return hmac.new(key, canonical_json(signed), hashlib.sha256).hexdigest()
