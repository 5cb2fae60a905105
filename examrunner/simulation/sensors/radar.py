"""The millimetre-wave radar: detections and the angle it is bent by."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

RADAR_MISALIGNMENT_DEG: Final = 2.35
OBJECTS: Final = ((8.0, 0.0, 20.0), (11.4, -2.6, 4.0), (14.9, 3.1, 2.0))
"""Distance ahead, distance to the left, radar cross section: target, then clutter."""

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class Radar:
    """Front radar.

    Args:
        base: The rig.
        differing: What a variant says about this rig.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        self._base = base

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"FRAD_Status": self._radar_status, "FRAD_Objects": self._radar_objects}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        return {"FRAD": Behaviour(routines={0x0302: Routine(lasting_ns=2 * NS_PER_S)})}

    def _radar_status(self, t_ns: Times) -> Values:
        return {
            "FRAD_AlignState": "NOT_ALIGNED",
            "FRAD_AzMis": RADAR_MISALIGNMENT_DEG
            + self._base.noise("AzMis", 0.02, t_ns),
            "FRAD_ElMis": 0.15 + self._base.noise("ElMis", 0.02, t_ns),
            "FRAD_Temp": 31.0,
            "FRAD_MotionRx": "OK",
        }

    def _radar_objects(self, t_ns: Times) -> Values:
        values: dict[str, Value] = {
            "FRAD_NofObj": float(len(OBJECTS)),
            "FRAD_MeasCnt": (t_ns // 50_000_000) % 256,
        }
        for row, (ahead, left, size) in enumerate(OBJECTS):
            head = f"FRAD_O{row}_"
            azimuth = np.degrees(np.arctan2(left, ahead)) + RADAR_MISALIGNMENT_DEG
            values[f"{head}Id"] = float(row + 1)
            values[f"{head}DistLong"] = ahead + self._base.noise(f"{head}x", 0.05, t_ns)
            values[f"{head}DistLat"] = left + self._base.noise(f"{head}y", 0.05, t_ns)
            values[f"{head}Az"] = azimuth + self._base.noise(f"{head}az", 0.3, t_ns)
            values[f"{head}Rcs"] = size + self._base.noise(f"{head}rcs", 1.0, t_ns)
            values[f"{head}Prob"] = 98.0
            values[f"{head}DynProp"] = "STATIONARY"
            values[f"{head}Len"] = 0.3
        return values
