"""The smallest rig that a station can be pointed at: real sockets, own time."""

import json
import socketserver
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import can
import can_remote.server

from examrunner.model.station import Link

CYCLE_NS: Final = 10_000_000
TICK_NS: Final = 100_000_000
CYCLIC_ID: Final = 0x100
NODE_ID: Final = 0x200
"""Comes every cycle as well, unless the fault box has switched its node off."""
REQUEST_ID: Final = 0x7E0
RESPONSE_ID: Final = 0x7E8
LONG_ANSWER: Final = bytes([0x59, 0x02, 0xFF]) + bytes(range(12))
PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""One pixel."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@dataclass(slots=True)
class RigPeer:
    """One CAN channel, a camera, a fault box and a clock on 127.0.0.1.

    Attributes:
        script: Recording time after the start in ns, and what the candidate does.
        channel: Name of the virtual bus behind the CAN port.
        lose: Of the cyclic frames, those with these numbers are never sent.
        is_deaf: Faults are read back as set but do nothing.
        keeps_faults: Faults are read back as cleared but stay.
        now_ns: The rig's time.
        sent: Frames that the rig says it has sent.
        faults: Faults that are set.
        acted: Actions that the station has recorded. Whoever connects again is shown
            the next one, as a person would go on where nothing was saved.
    """

    script: Sequence[tuple[int, Mapping[str, Any]]]
    channel: str
    lose: frozenset[int] = frozenset()
    is_deaf: bool = False
    keeps_faults: bool = False
    now_ns: int = 0
    sent: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)
    acted: int = 0
    _began_ns: int = -1
    _servers: list[Any] = field(default_factory=list)
    _connections: list[Any] = field(default_factory=list)
    _bus: Any = None
    _consecutive: list[bytes] = field(default_factory=list)
    _passing: threading.Lock = field(default_factory=threading.Lock)
    _followed: Any = None
    """Whoever follows the clock; a later one takes it from an earlier."""

    def __enter__(self) -> "RigPeer":
        self._bus = can.Bus(
            interface="virtual", channel=self.channel, preserve_timestamps=True
        )
        remote = can_remote.server.RemoteServer(
            host="127.0.0.1", port=0, interface="virtual", channel=self.channel
        )
        self._serve(remote)
        for handle in (self._clock, self._camera, self._fault_box):
            self._serve(_Server(("127.0.0.1", 0), _handler(handle, self._connections)))
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._bus.shutdown()

    @property
    def can(self) -> Link:
        """Link of channel ``CH1``."""
        address = f"ws://{self._address(0)}"
        options = {"interface": "remote", "channel": address}
        return Link(driver="can_bus", options=options)

    @property
    def clock(self) -> Link:
        """Link of the clock."""
        return Link(driver="rig_clock", options={"address": self._address(1)})

    @property
    def camera(self) -> Link:
        """Link of the camera."""
        return Link(driver="picture_stream", options={"address": self._address(2)})

    @property
    def fault_box(self) -> Link:
        """Link of the fault box."""
        return Link(driver="fault_box", options={"address": self._address(3)})

    def switch_off(self) -> None:
        """Everything is gone at once, as after a power cut."""
        self.unplug_can()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()
        for connection in self._connections:
            with suppress(OSError):  # the station may have left it already
                connection.shutdown(2)

    def unplug_can(self) -> None:
        """Breaks the CAN connection; a new one is taken at once."""
        for client in list(self._servers[0].clients):
            client._ws.socket.shutdown(2)  # noqa: SLF001  # it offers no other way

    def _serve(self, server: Any) -> None:
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def _address(self, index: int) -> str:
        return f"127.0.0.1:{self._servers[index].server_address[1]}"

    def _clock(self, lines: Any, say: Any) -> None:
        with self._passing:
            self._followed = say
            hello = {**self._tick(), "kind": "hello", "virtual": True, "speed": 0}
        say(hello)
        for line in lines:
            said = json.loads(line)
            if said["kind"] == "advance":
                self._run(self.now_ns + said["by_ns"], say)
                say({**self._tick(), "advanced": True})
            elif said["kind"] == "start":
                self._play(lines, say)

    def _play(self, lines: Any, say: Any) -> None:
        if self._began_ns < 0:
            self._began_ns = self.now_ns
        for after_ns, action in self.script[self.acted :]:
            self._run(max(self._began_ns + after_ns, self.now_ns), say)
            say({**self._tick(), "kind": "act", "action": dict(action)})
            if json.loads(lines.readline() or "{}").get("kind") != "done":
                return
            self.acted += 1

    def _tick(self) -> dict[str, Any]:
        return {"kind": "tick", "t_ns": self.now_ns, "frames": {"CH1": self.sent}}

    def _run(self, until_ns: int, say: Any) -> None:
        while self.now_ns + CYCLE_NS <= until_ns:
            with self._passing:
                if self._followed is not say:
                    raise ConnectionAbortedError
                self._cycle()
            if self.now_ns % TICK_NS == 0:
                say(self._tick())
        self.now_ns = until_ns

    def _cycle(self) -> None:
        self.now_ns += CYCLE_NS
        self._answer()
        self._send(CYCLIC_ID, (self.now_ns // CYCLE_NS).to_bytes(8, "big"))
        if self.is_deaf or not self.faults:
            self._send(NODE_ID, b"\x01")

    def _send(self, can_id: int, data: bytes) -> None:
        self.sent += 1
        if self.sent in self.lose:
            return
        message = can.Message(
            timestamp=self.now_ns / 1e9,
            arbitration_id=can_id,
            is_extended_id=False,
            data=data,
        )
        self._bus.send(message)

    def _answer(self) -> None:
        """A diagnostic server with one long answer."""
        while (message := self._bus.recv(0)) is not None:
            if message.arbitration_id != REQUEST_ID:
                continue
            if message.data[0] >> 4 == 0:
                self._send(RESPONSE_ID, bytes([0x10, 15]) + LONG_ANSWER[:6])
                rest = LONG_ANSWER[6:]
                self._consecutive = [b"\x21" + rest[:7], b"\x22" + rest[7:]]
            elif message.data[0] >> 4 == 3:
                for data in self._consecutive:
                    self._send(RESPONSE_ID, data)

    def _camera(self, lines: Any, say: Any) -> None:
        for _ in lines:
            head = {"t_ns": self.now_ns, "media_type": "image/png", "bytes": len(PNG)}
            say(head, PNG)

    def _fault_box(self, lines: Any, say: Any) -> None:
        for line in lines:
            said = json.loads(line)
            state: dict[str, Any] = {}
            if said["op"] == "clear_all":
                if not self.keeps_faults:
                    self.faults.clear()
            elif said["op"] == "measure":
                state = {"measured": {"ESC.supply_v": 0.0 if self.faults else 13.8}}
            elif said["op"] not in {"arm", "disarm", "selftest", "state"}:
                self.faults.append(said["args"])
            say({"seq": said["seq"], "result": "ok", "state": state})


def _handler(
    handle: Any, connections: list[Any]
) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            connections.append(self.request)

            def say(message: Mapping[str, Any], after: bytes = b"") -> None:
                self.wfile.write(json.dumps(message).encode() + b"\n" + after)

            try:
                handle(self.rfile, say)
            except OSError:
                return  # the station has gone

    return Handler
