"""Four surround-view cameras: calibration states and seams."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class SurroundView:
    """Surround view.

    Args:
        base: The rig.
        differing: What a variant says about this rig.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        self._base = base

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"SVC_Status": self._surround_view}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        return {}

    def _surround_view(self, t_ns: Times) -> Values:
        seams = ("FL", "FR", "BL", "BR")
        return {
            **{f"SVC_Cal{side}": 2.0 for side in "FBLR"},
            **{
                f"SVC_Seam{s}": 6.0 + np.abs(self._base.noise(f"seam {s}", 1.0, t_ns))
                for s in seams
            },
        }
