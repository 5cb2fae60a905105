"""Whether the frame of the bench rests: nobody works on it, the table stands."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.turntable import Turntable

REMEMBERED_S: Final = 90
STEP_NS: Final = 100 * NS_PER_MS
STEPS_PER_S: Final = 10

Times = NDArray[np.int64]


class Resting:
    """Hands on the frame over time, and how long it rested.

    Args:
        base: The rig.
        table: What the frame stands on.
    """

    def __init__(self, base: SimulatedRig, table: Turntable) -> None:
        self._kernel = base.kernel
        self._table = table
        self._touched: History[bool] = History(False)

    def touch(self, *, touched: bool) -> None:
        """Somebody begins or stops to work on the frame."""
        self._touched.set(self._kernel.now_ns, touched)

    def touched(self, t_ns: Times) -> NDArray[np.float64]:
        """1 while somebody works on the frame, else 0 (n,)."""
        return self._touched.sample(t_ns)

    def longest_s(self) -> float:
        """Longest rest within what the unit remembers, up to now."""
        count = min(REMEMBERED_S * STEPS_PER_S, self._kernel.now_ns // STEP_NS)
        t_ns = self._kernel.now_ns - STEP_NS * np.arange(count, dtype=np.int64)
        rest = (self.touched(t_ns) == 0) & (self._table.speed_dps(t_ns) == 0)
        edges = np.flatnonzero(np.concatenate([[True], ~rest, [True]]))
        longest = int(np.diff(edges).max()) - 1
        return longest / STEPS_PER_S
