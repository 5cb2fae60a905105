"""The lidar: its state and the plane of a board before it."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class Lidar:
    """Roof lidar.

    Args:
        base: The rig.
        differing: What a variant says about this rig.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        self._base = base

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"LIDU_Status": self._lidar_status, "LIDU_Plane": self._lidar_plane}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        return {}

    def _lidar_status(self, t_ns: Times) -> Values:
        return {
            "LIDU_Sync": "PTP",
            "LIDU_CalValid": 1.0,
            "LIDU_Rpm": 600.0 + self._base.noise("rpm", 0.8, t_ns),
            "LIDU_Points": 300_000.0 + self._base.noise("points", 400.0, t_ns),
            "LIDU_Temp": 38.0,
        }

    def _lidar_plane(self, t_ns: Times) -> Values:
        tilt = self._base.noise("normal y", 0.0035, t_ns)
        return {
            "LIDU_BoardId": 1.0,
            "LIDU_Inl": 600.0 + self._base.noise("inliers", 90.0, t_ns),
            "LIDU_Rms": 4.2 + self._base.noise("plane", 0.2, t_ns),
            "LIDU_Nx": -np.sqrt(1.0 - tilt**2),
            "LIDU_Ny": tilt,
            "LIDU_Cx": 2_400.0 + self._base.noise("cx", 6.0, t_ns),
            "LIDU_Cy": 110.0 + self._base.noise("cy", 6.0, t_ns),
            "LIDU_Cz": 320.0 + self._base.noise("cz", 6.0, t_ns),
        }
