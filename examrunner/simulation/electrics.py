"""Supply, ground and plug of every node, and who is awake because of it."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS, Kernel
from examrunner.simulation.randomness import Streams

BATTERY_V: Final = 12.60
IDLE_CURRENT_A: Final = 0.35
NODE_CURRENT_A: Final = 0.18
LOWEST_SUPPLY_V: Final = 7.0
"""Below this difference between supply and ground a node resets."""

Watcher = Callable[[], None]


class Node:
    """One control unit as the fault box sees it: fuse, ground wire, plug.

    Args:
        name: Node name of the databases.
        kernel: The rig's clock.
        wake_ns: From supply to the first frame.
    """

    def __init__(self, name: str, kernel: Kernel, wake_ns: int) -> None:
        self.name = name
        self._kernel = kernel
        self._wake_ns = wake_ns
        self._powered = False
        self.fed = True
        self.ground_ohm = 0.05
        self.plugged = True
        self.ignition = True
        self.awake: History[bool] = History(False)
        self.woken_ns: History[int] = History(0)
        self._muted: History[bool] = History(False)
        self.watchers: list[Watcher] = []

    @property
    def supply_v(self) -> float:
        """Voltage at the supply pin of the harness connector."""
        return BATTERY_V - 0.06 if self.fed and self.ignition else 0.0

    @property
    def ground_v(self) -> float:
        """Voltage of the ground pin against battery minus."""
        if not (self.plugged and self.supply_v):
            return 0.0
        load_ohm = BATTERY_V / NODE_CURRENT_A
        return self.supply_v * self.ground_ohm / (self.ground_ohm + load_ohm)

    @property
    def current_a(self) -> float:
        """Current that the node draws."""
        return NODE_CURRENT_A if self._powered else 0.0

    def update(self) -> None:
        """Follow a change of supply, ground, plug or ignition."""
        enough = self.supply_v - self.ground_v > LOWEST_SUPPLY_V
        powered = self.plugged and enough
        if powered == self._powered:
            return
        self._powered = powered
        if powered:
            self._kernel.after(self._wake_ns, self._wake)
        else:
            self._change(awake=False)

    def _wake(self) -> None:
        if self._powered and not self.awake.latest:
            self._change(awake=True)

    def _change(self, *, awake: bool) -> None:
        self.awake.set(self._kernel.now_ns, awake)
        if awake:
            self.woken_ns.set(self._kernel.now_ns, self._kernel.now_ns)
        for watcher in self.watchers:
            watcher()

    def reboot(self) -> None:
        """Restart, as after a reset request: silent for a moment."""
        if self.awake.latest:
            self._change(awake=False)
            self._kernel.after(self._wake_ns, self._wake)

    def mute(self, muted: bool) -> None:
        """Stop or resume its messages; it goes on answering diagnostics."""
        self._muted.set(self._kernel.now_ns, muted)

    def presence(self, t_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        """When it sends its messages."""
        return self.awake.sample(t_ns) > self._muted.sample(t_ns)


class Electrics:
    """All nodes of a rig and the ignition that feeds them.

    Args:
        names: Node names.
        kernel: The rig's clock.
        streams: Of the rig.
    """

    def __init__(
        self, names: tuple[str, ...], kernel: Kernel, streams: Streams
    ) -> None:
        self._kernel = kernel
        self.ignition: History[str] = History("ON")
        self.battery: History[bool] = History(True)
        self.nodes = {
            name: Node(
                name,
                kernel,
                int(streams.of("wake", name).integers(80, 250)) * NS_PER_MS,
            )
            for name in names
        }
        for node in self.nodes.values():
            node.update()

    def turn_key(self, position: str) -> None:
        """Move the ignition key: ``OFF``, ``ACC`` or ``ON``."""
        self.ignition.set(self._kernel.now_ns, position)
        self._feed()

    def connect_battery(self, connected: bool) -> None:
        """Switch the battery on or off; the bench controller has its own supply."""
        self.battery.set(self._kernel.now_ns, connected)
        self._feed()

    def _feed(self) -> None:
        for node in self.nodes.values():
            node.ignition = self.energised
            node.update()

    @property
    def energised(self) -> bool:
        """Whether the bus transceivers are fed."""
        return self.ignition.latest == "ON" and self.battery.latest

    @property
    def battery_v(self) -> float:
        """What the battery switch lets through."""
        return BATTERY_V if self.battery.latest else 0.0

    @property
    def current_a(self) -> float:
        """What the rig draws from its supply."""
        idle_a = IDLE_CURRENT_A if self.battery.latest else 0.0
        return idle_a + sum(node.current_a for node in self.nodes.values())
