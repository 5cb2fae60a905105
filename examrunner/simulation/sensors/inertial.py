"""Satellite positioning with an inertial unit."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

GYRO_BIAS_DPS: Final = 0.30
LEVER_ARM_MM: Final = (412.0, -185.0, 1036.0)
PLACE: Final = (34.7466, 113.6254, 110.0)

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class Inertial:
    """Combined navigation on the turntable.

    Args:
        base: The rig.
        differing: What a variant says about this rig.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        self._base = base

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {
            "INSU_Position": self._position,
            "INSU_Imu": self._imu,
            "INSU_Attitude": self._attitude,
            "INSU_LeverArm": self._lever_arm,
        }

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        return {}

    def _position(self, t_ns: Times) -> Values:
        east, north = (
            self._base.noise(axis, 0.008, t_ns) for axis in ("east", "north")
        )
        return {
            "INSU_Lat": PLACE[0] + north / 111_320.0,
            "INSU_Lon": PLACE[1] + east / 91_400.0,
            "INSU_Alt": PLACE[2] + self._base.noise("up", 0.015, t_ns),
            "INSU_Fix": "RTK_FIXED",
            "INSU_Sats": 21.0,
            "INSU_StdN": 0.008,
            "INSU_StdE": 0.008,
            "INSU_EastLoc": 0.412 + east,
            "INSU_NorthLoc": -0.185 + north,
        }

    def _imu(self, t_ns: Times) -> Values:
        return {
            "INSU_Gx": self._base.noise("gx", 0.03, t_ns),
            "INSU_Gy": self._base.noise("gy", 0.03, t_ns),
            "INSU_Gz": GYRO_BIAS_DPS + self._base.noise("gz", 0.03, t_ns),
            "INSU_Ax": self._base.noise("ax", 0.006, t_ns),
            "INSU_Ay": self._base.noise("ay", 0.006, t_ns),
            "INSU_Az": 9.797 + self._base.noise("az", 0.006, t_ns),
            "INSU_ImuTemp": 34.5,
        }

    def _attitude(self, t_ns: Times) -> Values:
        return {
            "INSU_Roll": 0.12 + self._base.noise("roll", 0.01, t_ns),
            "INSU_Pitch": -0.31 + self._base.noise("tilt", 0.01, t_ns),
            "INSU_Heading": 87.4 + self._base.noise("heading", 0.03, t_ns),
            "INSU_AlignState": "READY",
        }

    def _lever_arm(self, _t_ns: Times) -> Values:
        names = ("INSU_LaX", "INSU_LaY", "INSU_LaZ")
        return dict(zip(names, LEVER_ARM_MM, strict=True))
