"""The forward camera's control unit: stored intrinsics and aiming."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

INTRINSICS: Final = 0x1001
DATA_SHEET: Final = (900.0, 900.0, 639.5, 359.5, 0.0, 0.0, 0.0, 0.0, 0.0)
"""What a camera stores before anybody calibrated it: fx fy cx cy k1 k2 p1 p2 k3."""

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class FrontCamera:
    """Forward camera.

    Args:
        base: The rig.
        differing: What a variant says about this rig.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        self._base = base

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"FCAM_Status": self._camera_status}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        return {}

    def _camera_status(self, t_ns: Times) -> Values:
        return {
            "FCAM_CalState": "NOT_CALIBRATED",
            "FCAM_Yaw": 0.8 + self._base.noise("yaw", 0.02, t_ns),
            "FCAM_Pitch": -0.4 + self._base.noise("pitch", 0.02, t_ns),
        }

    def store_data_sheet(self) -> None:
        """Leave the intrinsics of the data sheet in the control unit."""
        camera = self._base.units.get("FCAM")
        if camera is not None and INTRINSICS in camera.formats:
            content = camera.formats[INTRINSICS].encode(DATA_SHEET)
            camera.stored[INTRINSICS] = content
