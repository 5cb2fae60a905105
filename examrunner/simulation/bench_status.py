"""The bench's own controller: key, e-stop, cover, wheels, supply, light."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from examrunner.model.challenge import (
    BLOCK,
    MARK_NS,
    MARK_SIGNAL,
    display_number,
    marks,
)
from examrunner.simulation.electrics import BATTERY_V, Electrics
from examrunner.simulation.history import History
from examrunner.simulation.kernel import Kernel
from examrunner.simulation.layouts import Value
from examrunner.simulation.randomness import Streams

IGNITION = {"OFF": 0, "ACC": 1, "ON": 2}


class BenchStatus:
    """What RIG_Status reports.

    Args:
        electrics: Holds the ignition key.
        kernel: The rig's clock.
        streams: Of the rig.
    """

    def __init__(self, electrics: Electrics, kernel: Kernel, streams: Streams) -> None:
        self._electrics = electrics
        self._kernel = kernel
        self._streams = streams
        self.switches: dict[str, History[int]] = {
            "RIG_EStop": History(0),
            "RIG_Cover": History(0),
            "RIG_Wheels": History(0),
            "RIG_HvOn": History(0),
        }
        self.watchers: list[Callable[[], None]] = []
        self._challenge = ""
        self._challenged_ns = 0
        self._marks = marks("", 0)

    def switch(self, name: str, raw: int) -> None:
        """Set a switch: ``RIG_EStop``, ``RIG_Cover``, ``RIG_Wheels``, ``RIG_HvOn``."""
        self.switches[name].set(self._kernel.now_ns, raw)
        for watcher in self.watchers:
            watcher()

    def show(self, challenge: str) -> None:
        """Show a challenge, hexadecimal, from now on; an empty one ends it."""
        self._challenge = challenge
        self._challenged_ns = self._kernel.now_ns
        self._marks = marks(challenge, 0)

    def display(self, t_ns: int) -> int | None:
        """The number that the display shows; None while it is dark."""
        since_ns = t_ns - self._challenged_ns
        if not self._challenge or since_ns < 0:
            return None
        return display_number(self._challenge, since_ns)

    def _mark(self, t_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """The bits at ``t_ns`` (n,); 0 before there is a challenge."""
        place = (t_ns - self._challenged_ns) // MARK_NS
        if not self._challenge or not len(place):
            return np.zeros(len(t_ns), np.int64)
        if place.max() >= len(self._marks):
            self._marks = marks(self._challenge, 2 * int(place.max()) + BLOCK)
        bits = self._marks[np.maximum(place, 0)].astype(np.int64)
        return np.where(place >= 0, bits, 0)

    @property
    def stopped(self) -> bool:
        """Whether the e-stop is pressed."""
        return bool(self.switches["RIG_EStop"].latest)

    def signals(self, channel: str, t_ns: NDArray[np.int64]) -> Mapping[str, Value]:
        """Values of RIG_Status on one channel."""
        noise = self._streams.of("bench status", channel)
        changes = self._electrics.ignition
        supply_v = BATTERY_V * self._electrics.battery.sample(t_ns)
        keys = np.array([IGNITION[changes.at(int(t))] for t in t_ns], np.float64)
        return {
            "RIG_SupplyV": np.maximum(
                0.0, supply_v + noise.normal(0.0, 0.01, len(t_ns))
            ),
            "RIG_Ign": keys,
            "RIG_Temp": 23.0,
            "RIG_Lux": 620.0,
            MARK_SIGNAL: self._mark(t_ns),
            **{name: history.sample(t_ns) for name, history in self.switches.items()},
        }
