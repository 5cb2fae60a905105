"""Ultrasonic sensors in the bumpers."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

DISTANCES_MM: Final = (
    620, 655, 650, 615, 1480, 1490, 890, 905, 910, 885, 2200, 2190,
)  # fmt: skip
TEMPERATURE_C: Final = 23.0

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class Ultrasonic:
    """Twelve sensors and their control unit.

    Args:
        base: The rig.
        differing: What a variant says about this rig.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        self._base = base

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"USSC_Distance": self._ultrasonic}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        return {}

    def _ultrasonic(self, t_ns: Times) -> Values:
        values: dict[str, Value] = {"USSC_AirTemp": TEMPERATURE_C}
        for number, distance in enumerate(DISTANCES_MM, 1):
            noise = self._base.noise(f"USSC{number}", 3.0, t_ns)
            values[f"USSC_D{number:02d}"] = distance + noise
            values[f"USSC_S{number:02d}"] = "OK"
        return values
