"""Rollers below the four wheels, each with a motor of its own."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.kernel import NS_PER_S

RAMP_MPS2: Final = 2.0
"""How fast a roller follows its setting."""

Times = NDArray[np.int64]
Column = NDArray[np.float64]


class Roller:
    """Surface speed of one roller: straight lines between known moments."""

    def __init__(self) -> None:
        self._times = [0]
        self._speeds = [0.0]
        self._places = [0.0]

    def set(self, t_ns: int, speed_mps: float) -> None:
        """Go to another speed from ``t_ns`` on."""
        at = np.array([t_ns])
        now, place = float(self.speed_mps(at)[0]), float(self.travelled_m(at)[0])
        while self._times[-1] >= t_ns and len(self._times) > 1:
            del self._times[-1], self._speeds[-1], self._places[-1]
        self._add(t_ns, now, place)
        lasting_s = abs(speed_mps - now) / RAMP_MPS2
        self._add(
            t_ns + round(lasting_s * NS_PER_S),
            speed_mps,
            place + 0.5 * (now + speed_mps) * lasting_s,
        )

    def speed_mps(self, t_ns: Times) -> Column:
        """Speed at ``t_ns`` (n,)."""
        return np.interp(t_ns, self._times, self._speeds)

    def speed_at(self, t_ns: int) -> float:
        """Speed at one moment; cheap once the last setting is reached."""
        if t_ns >= self._times[-1]:
            return self._speeds[-1]
        return float(self.speed_mps(np.array([t_ns]))[0])

    def travelled_m(self, t_ns: Times) -> Column:
        """Way since the rig was switched on at ``t_ns`` (n,)."""
        times = np.array(self._times)
        row = np.maximum(np.searchsorted(times, t_ns, "right") - 1, 0)
        since_s = (t_ns - times[row]) / NS_PER_S
        mean_mps = 0.5 * (np.array(self._speeds)[row] + self.speed_mps(t_ns))
        place: Column = np.array(self._places)[row] + mean_mps * since_s
        return place

    def _add(self, t_ns: int, speed_mps: float, place_m: float) -> None:
        self._times.append(t_ns)
        self._speeds.append(speed_mps)
        self._places.append(place_m)
