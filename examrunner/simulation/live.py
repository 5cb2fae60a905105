"""A simulated rig behind ports: its time, its buses, its cameras, its fault box."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from examrunner.simulation.actions import Action
from examrunner.simulation.bus import Frame
from examrunner.simulation.camera_port import CameraPort
from examrunner.simulation.can_port import CanPort
from examrunner.simulation.fault_box_port import FaultBoxPort
from examrunner.simulation.json_lines import line_of, read_line
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S
from examrunner.simulation.truth_log import TruthLog
from examrunner.simulation.workshop import Workshop

TICK_NS: Final = 100 * NS_PER_MS
CHUNK_S: Final = 0.02
"""Wall time after which frames are handed out, at any speed."""
LONGEST_CHUNK_NS: Final = NS_PER_S
FREE_CHUNK_NS: Final = 5 * NS_PER_MS
GONE: Final = "gone"
"""What the clock port hears when a station's connection ends."""
LAST_WORDS: Final = frozenset({"quit", GONE})

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a rig is offered.

    Attributes:
        host: Address to listen on.
        port: Of the clock; 0 for any, as for all other ports.
        speed: Rig time per wall time.
        fault_key: Shared with the supervisor; empty for none.
    """

    host: str = "127.0.0.1"
    port: int = 0
    speed: float = 1.0
    fault_key: bytes = b""


class LiveRig:
    """Serves one workshop until a station says quit.

    With a scripted candidate, rig time moves only when the station lets it; without
    one it runs free.

    Args:
        workshop: The rig.
        terms: How it is offered.
        announce: Called once with where everything is.
    """

    def __init__(
        self,
        workshop: Workshop,
        terms: Terms,
        announce: Callable[[dict[str, object]], None],
    ) -> None:
        self._session = workshop.session
        self._kernel = workshop.session.kernel
        self._base = workshop.session.rig.base
        self._terms = terms
        self._announce = announce
        self._virtual = workshop.session.part is not None
        self._station: asyncio.StreamWriter | None = None
        self._orders: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._ticked_ns = 0
        self._can = {
            name: CanPort(name, partial(self._received, name))
            for name in self._base.buses
        }
        self._cameras = {
            name: CameraPort(lens, lambda: self._kernel.now_ns)
            for name, lens in workshop.lenses.items()
        }
        self._fault_box = FaultBoxPort(
            workshop.fault_box,
            terms.fault_key,
            supervised=not self._virtual,
            log=TruthLog(self._kernel, self._base),
        )

    async def run(self) -> None:
        """Listen, announce, serve."""
        async with asyncio.TaskGroup() as tasks:
            servers = await self._listen()
            self._announce(_addresses(servers, self._terms.host))
            work = self._obey() if self._virtual else self._run_free()
            await tasks.create_task(work)
            for server in servers.values():
                server.close()

    async def _listen(self) -> dict[tuple[str, str], asyncio.Server]:
        handlers: dict[tuple[str, str], Handler] = {("clock", ""): self._serve_clock}
        handlers[("fault_box", "")] = self._fault_box.serve
        for name, port in self._can.items():
            handlers[("can", name)] = port.serve
        for name, camera in self._cameras.items():
            handlers[("cameras", name)] = camera.serve
        return {
            place: await asyncio.start_server(
                partial(_quietly, handler),
                self._terms.host,
                self._terms.port if place[0] == "clock" else 0,
            )
            for place, handler in handlers.items()
        }

    def _received(self, channel: str, frame: Frame) -> None:
        self._base.buses[channel].transmit(frame)

    async def _serve_clock(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._station = writer
        part = self._session.part
        writer.write(
            line_of(
                {
                    "kind": "hello",
                    "virtual": self._virtual,
                    "speed": self._terms.speed,
                    "t_ns": self._kernel.now_ns,
                    "frames": self._sent(),
                    "task": part.task if part else None,
                    "candidate": part.profile if part else None,
                }
            )
        )
        try:
            while (order := await read_line(reader)) is not None:
                await self._orders.put(order)
        except (ConnectionError, TypeError, ValueError):
            pass
        finally:
            self._station = None
            writer.close()
            await self._orders.put({"kind": GONE})

    async def _obey(self) -> None:
        """Move rig time as the station says."""
        while True:
            order = await self._orders.get()
            kind = order.get("kind")
            if kind in LAST_WORDS:
                return
            if kind == "advance":
                await self._advance(self._kernel.now_ns + int(order.get("by_ns", 0)))
                await self._tick(advanced=True)
            elif kind == "start" and not await self._exam():
                return

    async def _advance(self, until_ns: int) -> None:
        while self._kernel.now_ns < until_ns:
            self._kernel.run(min(until_ns, self._kernel.now_ns + LONGEST_CHUNK_NS))
            await self._hand_out()

    async def _exam(self) -> bool:
        """Play the script; False if the station quits."""
        await self._advance(self._session.whole_second_ns())
        self._session.start()
        await self._tick(started=True)
        pace = _Pace(self._kernel.now_ns, self._terms.speed)
        chunk_ns = round(CHUNK_S * self._terms.speed * NS_PER_S)
        chunk_ns = min(max(chunk_ns, 20 * NS_PER_MS), LONGEST_CHUNK_NS)
        while not self._session.stage.over:
            action = self._session.run(self._kernel.now_ns + chunk_ns)
            await self._hand_out()
            await pace.wait(self._kernel.now_ns)
            if action is None:
                if not self._orders.empty() and not await self._goes_on():
                    return False
            else:
                if not await self._act(action):
                    return False
                self._session.stage.done()
                pace = _Pace(self._kernel.now_ns, self._terms.speed)
        return True

    async def _act(self, action: Action) -> bool:
        """Ask the station to act; False if it quits instead."""
        await self._tell({"kind": "act", "action": action.as_json()})
        return await self._goes_on()

    async def _goes_on(self) -> bool:
        """Take orders until one lets the script go on or ends it; False to quit."""
        while True:
            kind = (await self._orders.get()).get("kind")
            if kind == "stop":
                self._session.stage.over = True
            if kind in {"done", "stop", *LAST_WORDS}:
                return kind not in LAST_WORDS

    async def _run_free(self) -> None:
        pace = _Pace(self._kernel.now_ns, self._terms.speed)
        step_ns = max(FREE_CHUNK_NS, round(FREE_CHUNK_NS * self._terms.speed))
        while self._orders.empty() or await self._still_wanted():
            self._session.run(self._kernel.now_ns + step_ns)
            await self._hand_out()
            await pace.wait(self._kernel.now_ns)

    async def _still_wanted(self) -> bool:
        """Look at orders of a station to a rig that runs free."""
        order = await self._orders.get()
        if order.get("kind") == "advance":
            await self._tick(advanced=True)
        elif order.get("kind") == "start":
            await self._tick(started=True)
        return order.get("kind") != "quit"

    async def _hand_out(self) -> None:
        for channel, frames in self._base.collect().items():
            await self._can[channel].send(frames)
        if self._kernel.now_ns - self._ticked_ns >= TICK_NS:
            await self._tick()

    async def _tick(self, **more: bool) -> None:
        self._ticked_ns = self._kernel.now_ns
        await self._tell({"kind": "tick", **more})

    async def _tell(self, message: dict[str, object]) -> None:
        if self._station is None:
            return
        told = {**message, "t_ns": self._kernel.now_ns, "frames": self._sent()}
        self._station.write(line_of(told))
        try:
            await self._station.drain()
        except ConnectionError:
            self._station = None

    def _sent(self) -> dict[str, int]:
        return {name: bus.sent for name, bus in self._base.buses.items()}


class _Pace:
    """Keeps rig time from running ahead of wall time.

    Args:
        rig_ns: Rig time now.
        speed: Rig time per wall time.
    """

    def __init__(self, rig_ns: int, speed: float) -> None:
        self._rig_ns = rig_ns
        self._speed = speed
        self._began_s = asyncio.get_running_loop().time()

    async def wait(self, rig_ns: int) -> None:
        """Wait until wall time has caught up."""
        due_s = self._began_s + (rig_ns - self._rig_ns) / NS_PER_S / self._speed
        left_s = due_s - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, left_s))


async def _quietly(
    handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Serve a connection that the rig's end may cut."""
    try:
        await handler(reader, writer)
    except asyncio.CancelledError:
        writer.close()


def _addresses(
    servers: dict[tuple[str, str], asyncio.Server], host: str
) -> dict[str, object]:
    ready: dict[str, Any] = {"ready": True, "can": {}, "cameras": {}}
    for (group, name), server in servers.items():
        address = f"{host}:{server.sockets[0].getsockname()[1]}"
        if group == "can":
            ready["can"][name] = f"ws://{address}"
        elif group == "cameras":
            ready["cameras"][name] = address
        else:
            ready[group] = address
    return ready
