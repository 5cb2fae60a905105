"""A rig as a whole: clock, buses, nodes, control units."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames
from examrunner.model.station import Ecu, Rig
from examrunner.simulation.bench_status import BenchStatus
from examrunner.simulation.bus import Bus, spread_phase_ns
from examrunner.simulation.control_unit import Behaviour, ControlUnit
from examrunner.simulation.cyclic import CyclicMessage, Presence, Signals, always
from examrunner.simulation.electrics import Electrics, Node
from examrunner.simulation.kernel import NS_PER_S, Kernel
from examrunner.simulation.layouts import MessageLayout, read_layouts
from examrunner.simulation.randomness import Streams
from examrunner.simulation.scan_tool import ScanTool
from examrunner.simulation.trace import Trace
from examrunner.simulation.uds_server import UdsServer

KEPT_NS = 20 * NS_PER_S
"""How far back a script may look after its frames were collected."""
OUTSIDERS = frozenset({"TOOL", "RIG", ""})
"""Senders of the databases that are no node with a supply."""


class SimulatedRig:
    """The parts that all rigs have.

    Args:
        rig: As its content describes it.
        databases: Content of the database of each channel.
        seed: Decides everything that is random.

    Attributes:
        messages: Cyclic messages by name; the first channel's where two carry it.
        forget: Called with a time before which nothing will be asked any more.
        traces: What candidates' CAN tools log.
        falsified: Called when a fault falsifies a signal, or stops to do so.
    """

    def __init__(self, rig: Rig, databases: Mapping[str, bytes], seed: int) -> None:
        self.description = rig
        self.kernel = Kernel()
        self.streams = Streams(seed)
        self.buses = {c.name: Bus(c, self.kernel) for c in rig.channels}
        self.layouts: dict[str, Mapping[str, MessageLayout]] = {
            channel.name: read_layouts(databases[channel.name])
            for channel in rig.channels
        }
        self.electrics = Electrics(
            _node_names(rig.ecus, self.layouts), self.kernel, self.streams
        )
        self.bench = BenchStatus(self.electrics, self.kernel, self.streams)
        self.units: dict[str, ControlUnit] = {}
        self.messages: dict[str, CyclicMessage] = {}
        self.forget: Callable[[int], None] = lambda _before_ns: None
        self.falsified: Callable[[], None] = lambda: None
        self.traces: list[Trace] = []

    def send_cyclic(self, channel: str, name: str, signals: Signals) -> None:
        """Let the owner of a message send it with its cycle."""
        layout = self.layouts[channel][name]
        bus = self.buses[channel]
        message = CyclicMessage(
            layout,
            phase_ns=self.phase_ns(channel, name),
            signals=signals,
            presence=self._presence(layout.sender),
            jitter=self.streams.of("jitter", channel, name),
            width=bus.width,
        )
        bus.add(message)
        self.messages.setdefault(name, message)

    def phase_ns(self, channel: str, name: str) -> int:
        """Where in its cycle a message is sent."""
        number = list(self.layouts[channel]).index(name)
        return spread_phase_ns(number, self.layouts[channel][name].cycle_ns)

    def add_servers(self, behaviours: Mapping[str, Behaviour]) -> None:
        """Start the diagnostic server of every control unit."""
        for ecu in self.description.ecus:
            node = self.electrics.nodes[ecu.name]
            behaviour = behaviours.get(ecu.name, Behaviour())
            behaviour.reset = node.reboot
            behaviour.mute = node.mute
            self.units[ecu.name] = unit = ControlUnit(
                ecu,
                timing=self.description.timing,
                node=node,
                kernel=self.kernel,
                streams=self.streams,
                behaviour=behaviour,
            )
            UdsServer(
                unit,
                self.buses[ecu.channel],
                self.kernel,
                self.streams,
                self.description.functional_id,
            )
            self._watch_others(unit)

    def observe_text(self, text: str, *, failing: bool | None) -> None:
        """Let every control unit with a trouble code of that text notice."""
        for unit in self.units.values():
            for number, (_, described) in unit.ecu.dtcs.items():
                if described == text:
                    unit.memory.observe(number, failing=failing)

    def noise(
        self, name: str, sigma: float, t_ns: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Normal noise of one source, one value for each time (n,)."""
        return self.streams.of("noise", name).normal(0.0, sigma, len(t_ns))

    def scan_tool(self) -> ScanTool:
        """A diagnostic tool that is plugged into every channel."""
        rig = self.description
        return ScanTool(rig.ecus, self.buses, self.kernel, rig.timing)

    def turn_key(self, position: str) -> None:
        """Move the ignition key; switching it on begins an ignition cycle."""
        before = self.electrics.energised
        self.electrics.turn_key(position)
        if self.electrics.energised and not before:
            for unit in self.units.values():
                unit.memory.begin_cycle()

    def collect(self) -> dict[str, Frames]:
        """All frames that are settled now and were not collected yet."""
        now_ns = self.kernel.now_ns
        collected = {name: bus.collect(now_ns) for name, bus in self.buses.items()}
        for trace in self.traces:
            trace.take(collected)
        self.forget(now_ns - KEPT_NS)
        return collected

    def _presence(self, sender: str) -> Presence:
        if sender in OUTSIDERS:
            return always
        return self.electrics.nodes[sender].presence

    def _watch_others(self, unit: ControlUnit) -> None:
        for number, (_, text) in unit.ecu.dtcs.items():
            for name in text.removeprefix("lost ").split("/"):
                node = self.electrics.nodes.get(name)
                if node is not None and text.startswith("lost "):
                    watcher = partial(_observe, unit, number, node)
                    node.watchers.append(watcher)
                    unit.node.watchers.append(watcher)


def _observe(unit: ControlUnit, number: int, node: Node) -> None:
    unit.memory.observe(number, failing=not node.awake.latest)


def _node_names(
    ecus: Iterable[Ecu], layouts: Mapping[str, Mapping[str, MessageLayout]]
) -> tuple[str, ...]:
    senders = {
        layout.sender for messages in layouts.values() for layout in messages.values()
    }
    return tuple(sorted((senders | {ecu.name for ecu in ecus}) - OUTSIDERS))
