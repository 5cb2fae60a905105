"""The bench's turntable: a motor that turns the frame at a set speed."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.kernel import NS_PER_S, Kernel

FASTEST_DPS: Final = 30.0
ACCELERATION_DPS2: Final = 20.0

Times = NDArray[np.int64]
Floats = NDArray[np.float64]


class Turntable:
    """Angle and speed of the table over time, in closed form between two settings.

    Args:
        kernel: The rig's clock.
        angle_deg: Where it stands at first; anticlockwise from above is positive.
    """

    def __init__(self, kernel: Kernel, angle_deg: float = 90.0) -> None:
        self._kernel = kernel
        self._times = [0]
        # Angle, way travelled, speed at the setting, and the speed that was set.
        self._knots = [(angle_deg, 0.0, 0.0, 0.0)]

    def turn(self, speed_dps: float) -> None:
        """Turn at that speed from now on, within what the motor can do."""
        target = float(np.clip(speed_dps, -FASTEST_DPS, FASTEST_DPS))
        now_ns = self._kernel.now_ns
        angle, way, speed = (
            float(column[0]) for column in self._sampled(np.array([now_ns], np.int64))
        )
        self._times.append(now_ns)
        self._knots.append((angle, way, speed, target))

    def angle_deg(self, t_ns: Times) -> Floats:
        """Angle (n,), not wrapped."""
        return self._sampled(t_ns)[0]

    def way_deg(self, t_ns: Times) -> Floats:
        """How far it has turned in all (n,), both ways counted."""
        return self._sampled(t_ns)[1]

    def speed_dps(self, t_ns: Times) -> Floats:
        """Speed (n,)."""
        return self._sampled(t_ns)[2]

    def signals(self, t_ns: Times) -> dict[str, Floats]:
        """Values of RIG_Table."""
        angle, _, speed = self._sampled(t_ns)
        return {"RIG_TblAng": angle % 360.0, "RIG_TblRate": speed}

    def _sampled(self, t_ns: Times) -> tuple[Floats, Floats, Floats]:
        times = np.array(self._times, np.int64)
        rows = np.searchsorted(times, t_ns, side="right") - 1
        angle, way, speed, target = np.array(self._knots)[rows].T
        since_s = (t_ns - times[rows]) / NS_PER_S
        ramp_s = np.abs(target - speed) / ACCELERATION_DPS2
        slope = np.sign(target - speed) * ACCELERATION_DPS2
        rising_s = np.minimum(since_s, ramp_s)
        steady_s = since_s - rising_s
        reached = speed + slope * rising_s
        turned = (speed + reached) / 2 * rising_s + target * steady_s
        travelled = _both_ways(speed, slope, rising_s) + np.abs(target) * steady_s
        return angle + turned, way + travelled, reached


def _both_ways(speed: Floats, slope: Floats, lasting_s: Floats) -> Floats:
    """Integral of the absolute speed on a ramp that may pass through standstill."""
    reached = speed + slope * lasting_s
    crossing = speed * reached < 0
    direct = np.abs(speed + reached) / 2 * lasting_s
    with np.errstate(divide="ignore", invalid="ignore"):
        bent = (speed**2 + reached**2) / (2 * np.abs(slope))
    return np.where(crossing, bent, direct)
