"""How fast the bench believes the vehicle is: its wheel-speed generator."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S, Kernel

Times = NDArray[np.int64]
Column = NDArray[np.float64]

UPDATE_NS: Final = 100 * NS_PER_MS
"""Control units work speeds out ten times a second."""
SLOPE_KMH_PER_S: Final = 1.0
CRUISING_KMH: Final = 20.0
SWING_KMH: Final = 5.0
IDLE_RPM: Final = 812.0
HUNTING_RPM: Final = 9.0
HUNTING_S: Final = 7.0
RPM_PER_KMH: Final = 60.0
STANDING: Final = -1


class Road:
    """Speed rises evenly and then swings, so that every update differs from the last.

    Args:
        kernel: The rig's clock.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._since_ns: History[int] = History(STANDING)

    def drive(self) -> None:
        """Switch the wheel-speed generator on."""
        self._since_ns.set(self._kernel.now_ns, self._kernel.now_ns)

    def stand(self) -> None:
        """Switch it off."""
        self._since_ns.set(self._kernel.now_ns, STANDING)

    def speed_kmh(self, t_ns: Times) -> Column:
        """Speed as a control unit knows it at times (n,)."""
        updated = t_ns - t_ns % UPDATE_NS
        since = self._since_ns.sample(updated)
        passed_s = np.maximum(updated - since, 0.0) / NS_PER_S
        rising = SLOPE_KMH_PER_S * passed_s
        beyond = np.maximum(rising - CRUISING_KMH, 0.0)
        # A triangle between CRUISING - SWING and CRUISING + SWING.
        phase = (beyond + SWING_KMH) % (4.0 * SWING_KMH)
        swung = CRUISING_KMH + SWING_KMH - np.abs(phase - 2.0 * SWING_KMH)
        speed = np.where(rising < CRUISING_KMH, rising, swung)
        return np.where(since == STANDING, 0.0, speed)

    def rpm(self, t_ns: Times) -> Column:
        """Motor speed likewise: an idle that hunts a little, more with speed."""
        updated = t_ns - t_ns % UPDATE_NS
        turn = 2.0 * np.pi * updated / (HUNTING_S * NS_PER_S)
        idle = IDLE_RPM + HUNTING_RPM * np.sin(turn)
        found: Column = idle + RPM_PER_KMH * self.speed_kmh(t_ns)
        return found
