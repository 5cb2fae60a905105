"""A rig as a whole: clock, buses, nodes, control units."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames
from examrunner.model.station import Channel, Ecu, Rig
from examrunner.simulation.bench_status import BenchStatus
from examrunner.simulation.bodies import Bodies
from examrunner.simulation.bus import Bus, spread_phase_ns
from examrunner.simulation.control_unit import Behaviour, ControlUnit
from examrunner.simulation.cyclic import CyclicMessage, Presence, Signals
from examrunner.simulation.electrics import Electrics
from examrunner.simulation.kernel import NS_PER_S, Kernel
from examrunner.simulation.layouts import MessageLayout, read_layouts
from examrunner.simulation.randomness import Streams
from examrunner.simulation.scan_tool import ScanTool
from examrunner.simulation.trace import Trace
from examrunner.simulation.uds_server import UdsServer
from examrunner.simulation.wiring.harness import PORT
from examrunner.simulation.wiring.network import Network

KEPT_NS = 20 * NS_PER_S
"""How far back a script may look after its frames were collected."""
LOST = "lost "
BUS_OFF = " bus off"
OUTSIDERS = frozenset({"TOOL", "RIG", ""})
"""Senders of the databases that are no node with a supply."""


class SimulatedRig:
    """The parts that all rigs have.

    Args:
        rig: As its content describes it.
        databases: Content of the database of each channel.
        seed: Decides everything that is random.
        backbones: Nodes of each channel from end A to end B; None where their order
            does not matter.

    Attributes:
        messages: Cyclic messages by name; the first channel's where two carry it.
        networks: Wires of each channel.
        forget: Called with a time before which nothing will be asked any more.
        gauges: What the fault box of this rig type measures beside the electrics.
        traces: What candidates' CAN tools log.
        falsified: Called when a fault falsifies a signal, or stops to do so.
    """

    def __init__(
        self,
        rig: Rig,
        databases: Mapping[str, bytes],
        seed: int,
        backbones: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
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
        self.networks = {
            channel.name: self._network(channel, backbones or {})
            for channel in rig.channels
        }
        self.bench = BenchStatus(self.electrics, self.kernel, self.streams)
        self.bodies = Bodies(self.kernel, rig.bodies)
        self.units: dict[str, ControlUnit] = {}
        self.messages: dict[str, CyclicMessage] = {}
        self.forget: Callable[[int], None] = lambda _before_ns: None
        self.falsified: list[Callable[[], None]] = []
        self.gauges: dict[str, Callable[[], float]] = {}
        self.traces: list[Trace] = []

    def send_cyclic(self, channel: str, name: str, signals: Signals) -> None:
        """Let the owner of a message send it with its cycle."""
        layout = self.layouts[channel][name]
        bus = self.buses[channel]
        message = CyclicMessage(
            layout,
            phase_ns=self.phase_ns(channel, name),
            signals=signals,
            presence=self.presence(channel, layout.sender),
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
        self._begin_cycle(before)

    def connect_battery(self, connected: bool) -> None:
        """Switch the battery; switching it on begins an ignition cycle."""
        before = self.electrics.energised
        self.electrics.connect_battery(connected)
        self._begin_cycle(before)

    def _begin_cycle(self, energised_before: bool) -> None:
        if self.electrics.energised and not energised_before:
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

    def hears(self, listener: str, name: str) -> bool:
        """Whether a node receives what another one sends now."""
        if not self.electrics.nodes[name].awake.latest:
            return False
        return any(
            network.reaches(name, listener) for network in self._both(name, listener)
        )

    def heard(
        self, listener: str, name: str, t_ns: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether a node receives what another one sends, at times (n,)."""
        arrived = np.zeros(len(t_ns), np.bool_)
        for network in self._both(name, listener):
            arrived |= network.reached(name, listener, t_ns)
        return arrived & self.electrics.nodes[name].presence(t_ns)

    def presence(self, channel: str, sender: str) -> Presence:
        """When frames of a sender arrive at the port of a channel."""
        network = self.networks[channel]
        if sender in OUTSIDERS:
            return partial(network.reached, PORT, PORT)
        node = self.electrics.nodes[sender]
        return lambda t_ns: node.presence(t_ns) & network.reached(sender, PORT, t_ns)

    def _both(self, one: str, other: str) -> Iterable[Network]:
        return (n for n in self.networks.values() if one in n and other in n)

    def _network(
        self, channel: Channel, backbones: Mapping[str, Sequence[str]]
    ) -> Network:
        layouts = self.layouts[channel.name].values()
        own = {layout.sender for layout in layouts} | {
            ecu.name for ecu in self.description.ecus if ecu.channel == channel.name
        }
        names = backbones.get(channel.name, sorted(own - OUTSIDERS))
        network = Network(
            channel,
            [self.electrics.nodes[name] for name in names],
            kernel=self.kernel,
            streams=self.streams,
            frames_per_s=sum(NS_PER_S / layout.cycle_ns for layout in layouts),
        )
        bus = self.buses[channel.name]
        bus.reaches = network.reaches
        bus.add(network.disturbances)
        return network

    def _watch_others(self, unit: ControlUnit) -> None:
        for number, (_, text) in unit.ecu.dtcs.items():
            if text.endswith(BUS_OFF):
                self._watch_bus(unit, number, text.removesuffix(BUS_OFF))
            for name in text.removeprefix(LOST).split("/"):
                if text.startswith(LOST) and name in self.electrics.nodes:
                    self._watch_node(unit, number, name)

    def _watch_bus(self, unit: ControlUnit, number: int, channel: str) -> None:
        name = unit.node.name
        network = self.networks.get(channel)
        if network is None or name not in network:
            network = self.networks[unit.ecu.channel]
        bus_off = partial(network.bus_off, name)

        def observe() -> None:
            unit.memory.observe(number, failing=bus_off())

        network.watchers.append(observe)

    def _watch_node(self, unit: ControlUnit, number: int, name: str) -> None:
        listener = unit.node.name
        networks = list(self._both(name, listener))

        def observe() -> None:
            # Who is bus-off itself does not blame the others.
            off = any(network.bus_off(listener) for network in networks)
            failing = not off and not self.hears(listener, name)
            unit.memory.observe(number, failing=failing)

        for network in networks:
            network.watchers.append(observe)


def _node_names(
    ecus: Iterable[Ecu], layouts: Mapping[str, Mapping[str, MessageLayout]]
) -> tuple[str, ...]:
    senders = {
        layout.sender for messages in layouts.values() for layout in messages.values()
    }
    return tuple(sorted((senders | {ecu.name for ecu in ecus}) - OUTSIDERS))
