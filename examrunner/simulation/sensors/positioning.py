"""Reception of satellites and corrections: from nothing to centimetres."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

PLACE: Final = (34.7466, 113.6254, 110.0)
M_PER_DEG: Final = (111_320.0, 91_400.0)
NONE, SINGLE, DGNSS, FIXED, FLOAT = 0, 1, 2, 4, 5
SIGMA_M: Final = {NONE: 5.0, SINGLE: 1.5, DGNSS: 0.5, FLOAT: 0.12, FIXED: 0.008}
STAGES: Final = ((0.0, NONE), (0.05, SINGLE), (0.2, DGNSS), (0.4, FLOAT), (1.0, FIXED))
"""Solutions by the share of the time to a fixed one at which each begins."""
AGAIN_S: Final = 3.0
"""Time to a fixed solution when the unit restarts."""

Times = NDArray[np.int64]
Floats = NDArray[np.float64]


class Reception:
    """What kind of solution the unit has.

    Args:
        base: The rig.
        node: The unit's node.
        fixed_after_s: Time from its first start to a fixed solution.
    """

    def __init__(self, base: SimulatedRig, node: str, fixed_after_s: float) -> None:
        self._base = base
        self._node = base.electrics.nodes[node]
        self._fixed_after_s = fixed_after_s

    def fix(self, t_ns: Times) -> NDArray[np.int64]:
        """Raw values of INSU_Fix (n,)."""
        woken = self._node.woken_ns.sample(t_ns)
        starts = self._node.woken_ns.changes(-1, self._base.kernel.now_ns)
        first_ns = starts[0][1] if starts else 0
        wanted = np.where(woken <= first_ns, self._fixed_after_s, AGAIN_S)
        share = (t_ns - woken) / NS_PER_S / np.maximum(wanted, 1e-9)
        rows = np.searchsorted([begin for begin, _ in STAGES], share, "right") - 1
        kinds = np.array([kind for _, kind in STAGES], np.int64)
        return kinds[np.maximum(rows, 0)]

    def fixed(self, t_ns: Times) -> NDArray[np.bool_]:
        """When it has a fixed solution."""
        found: NDArray[np.bool_] = self.fix(t_ns) == FIXED
        return found

    def sigma_m(self, t_ns: Times) -> Floats:
        """Standard deviation of the position (n,)."""
        table = np.zeros(max(SIGMA_M) + 1)
        table[list(SIGMA_M)] = list(SIGMA_M.values())
        return table[self.fix(t_ns)]

    def signals(
        self, t_ns: Times, east: Floats, north: Floats, up: Floats
    ) -> Mapping[str, Value]:
        """Values of INSU_Position from metres beside the table's centre."""
        fix, sigma = self.fix(t_ns), self.sigma_m(t_ns)
        return {
            "INSU_Lat": PLACE[0] + north / M_PER_DEG[0],
            "INSU_Lon": PLACE[1] + east / M_PER_DEG[1],
            "INSU_Alt": PLACE[2] + up,
            "INSU_Fix": fix.astype(np.float64),
            "INSU_Sats": np.where(fix == NONE, 3.0, 21.0),
            "INSU_StdN": sigma,
            "INSU_StdE": sigma,
            "INSU_EastLoc": east,
            "INSU_NorthLoc": north,
        }
