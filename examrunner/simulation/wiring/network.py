"""Who hears whom on one bus."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.station import Channel
from examrunner.simulation.electrics import Node, Watcher
from examrunner.simulation.history import History
from examrunner.simulation.kernel import Kernel
from examrunner.simulation.randomness import Streams
from examrunner.simulation.wiring.disturbances import Disturbances
from examrunner.simulation.wiring.harness import NOBODY, PORT, Harness, Wire

ACTIVE, PASSIVE, BUS_OFF = 0, 1, 2
HIT_SHARE: Final = 0.03
"""Frames that a short circuit spoils where it does not stop the bus."""
PARTED_PER_S: Final = 2.0
UNTERMINATED_FD_PER_S: Final = 20.0

Times = NDArray[np.int64]


class Network:
    """One bus with its harness.

    Args:
        channel: As the rig describes it.
        nodes: From end A of the backbone to end B.
        kernel: The rig's clock.
        streams: Of the rig.
        frames_per_s: What the bus carries when all is well.

    Attributes:
        harness: Its wires; call ``update`` after a change.
        wrong_rates: Nodes with another bit rate than the bus, in kbit/s.
        disturbances: Its error frames.
        bitrate_kbit: Its arbitration bit rate.
        watchers: Called when somebody may hear others than before.
    """

    def __init__(
        self,
        channel: Channel,
        nodes: Sequence[Node],
        *,
        kernel: Kernel,
        streams: Streams,
        frames_per_s: float,
    ) -> None:
        self.name = channel.name
        self.harness = Harness(backbone=tuple(node.name for node in nodes))
        self.wrong_rates: dict[str, int] = {}
        self.disturbances = Disturbances(channel.name, kernel, streams)
        self.watchers: list[Watcher] = []
        self.bitrate_kbit = channel.bitrate_bps // 1000
        self._is_fd = channel.fd
        self._nodes = {node.name: node for node in nodes}
        self._kernel = kernel
        self._frames_per_s = frames_per_s
        self._groups = {name: History(0) for name in (PORT, *self._nodes)}
        self._states = {name: History(ACTIVE) for name in self._nodes}
        self._absent: set[str] = set()
        for node in nodes:
            node.watchers.append(self.update)

    def __contains__(self, name: str) -> bool:
        return name in self._groups

    def reaches(self, sender: str, receiver: str) -> bool:
        """Whether a frame of one arrives at the other now."""
        group = self._groups[sender].latest
        return group != NOBODY and group == self._groups[receiver].latest

    def reached(self, sender: str, receiver: str, t_ns: Times) -> NDArray[np.bool_]:
        """Whether frames of one arrive at the other, at times (n,)."""
        sent = self._groups[sender].sample(t_ns)
        heard = self._groups[receiver].sample(t_ns)
        arrived: NDArray[np.bool_] = (sent == heard) & (sent != NOBODY)
        return arrived

    def state(self, name: str, t_ns: Times) -> NDArray[np.float64]:
        """Error state of a node's controller, at times (n,)."""
        return self._states[name].sample(t_ns)

    def state_now(self, name: str) -> int:
        """Error state of a node's controller."""
        return self._states[name].latest

    def bus_off(self, name: str) -> bool:
        """Whether a node's controller has given up, for now."""
        return self.state_now(name) == BUS_OFF

    def measured(self, *, energised: bool) -> Mapping[str, float]:
        """What a meter shows at the port, and between H and L at every plug."""
        harness, name = self.harness, self.name
        if energised:
            high_v, low_v = harness.voltages_v()
            return {f"{name}.v_h": high_v, f"{name}.v_l": low_v}
        rails = {"gnd": Wire.GND, "bat": Wire.VBAT}
        wires = {"h": Wire.H, "l": Wire.L}
        return {
            f"{name}.v_h": 0.0,
            f"{name}.v_l": 0.0,
            f"{name}.r_hl": harness.resistance_ohm(),
            **{
                f"{name}.r_{line}_{rail}": harness.to_ohm(wire, to)
                for line, wire in wires.items()
                for rail, to in rails.items()
            },
            **{f"{node}.r_hl": harness.resistance_ohm(node) for node in self._nodes},
        }

    def update(self) -> None:
        """Follow a change of wires, bit rates or supply."""
        if not self._weak():
            self._absent.clear()
        now_ns = self._kernel.now_ns
        self._groups[PORT].set(now_ns, self.harness.group(PORT))
        for name in self._nodes:
            lost = name in self.wrong_rates or name in self._absent
            group = NOBODY if lost else self.harness.group(name)
            self._groups[name].set(now_ns, group)
            self._states[name].set(now_ns, self._state_of(name))
        self._disturb()
        for watcher in self.watchers:
            watcher()

    def restart(self) -> None:
        """Begin every disturbance anew, so that every exam begins alike."""
        self.disturbances.restart()
        self._absent.clear()
        self.update()

    def _disturb(self) -> None:
        for name in self._nodes:
            self.disturbances.babble(
                name, wanted=self._babbles(name), heard=partial(self._beside_port, name)
            )
        self.disturbances.spoil(self._error_rate())
        weakest = self.harness.backbone[-1]
        drop = partial(self._drop, weakest)
        self.disturbances.weaken(weakest, wanted=self._weak(), drop=drop)

    def _drop(self, name: str) -> bool:
        self._absent ^= {name}
        self.update()
        return name in self._absent

    def _weak(self) -> bool:
        return self.harness.disturbed and self._alive()

    def _alive(self) -> bool:
        return any(node.awake.latest for node in self._nodes.values())

    def _beside_port(self, name: str) -> bool:
        return self.harness.section(name) == self.harness.section(PORT)

    def _babbles(self, name: str) -> bool:
        """Whether a node tries to send and never succeeds."""
        garbled = name in self.wrong_rates or self.harness.cut_off(name)
        awake = self._nodes[name].awake.latest
        return garbled and awake and not self.harness.dead

    def _state_of(self, name: str) -> int:
        if self.harness.dead or self._babbles(name) or name in self._absent:
            return BUS_OFF
        near = self.harness.section(name)
        disturbed = any(
            self._babbles(other) and self.harness.section(other) == near
            for other in self._nodes
        )
        return PASSIVE if disturbed else ACTIVE

    def _error_rate(self) -> float:
        harness = self.harness
        if harness.dead or not self._alive():
            return 0.0
        rate = HIT_SHARE * self._frames_per_s if harness.disturbed else 0.0
        rate += PARTED_PER_S if harness.parted else 0.0
        if self._is_fd and harness.lost_ends:
            rate += UNTERMINATED_FD_PER_S
        return rate
