"""What the fault box measured, ten times a second, until somebody asks for it."""

from collections.abc import Mapping
from typing import Final

from examrunner.simulation.kernel import NS_PER_MS, Kernel
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.truth import quantities_of, truth_of

CYCLE_NS: Final = 100 * NS_PER_MS
MOST: Final = 20_000
"""Changes that are kept; the oldest go first."""

Sample = tuple[int, Mapping[str, float | None]]
"""Rig time and what had changed; None: cannot be measured any more."""


class TruthLog:
    """Samples on the rig's clock, so that no change depends on when somebody asks.

    Args:
        kernel: The rig's clock.
        rig: What is measured.
    """

    def __init__(self, kernel: Kernel, rig: SimulatedRig) -> None:
        self._kernel = kernel
        self._rig = rig
        self._last: Mapping[str, float | None] = {}
        self._names = sorted(quantities_of(rig))
        self._samples: list[Sample] = []
        self._sample()

    def after(self, t_ns: int) -> list[Sample]:
        """Every change after ``t_ns``, in order."""
        return [sample for sample in self._samples if sample[0] > t_ns]

    def _sample(self) -> None:
        measured = truth_of(self._rig)
        now = {name: measured.get(name) for name in self._names}
        changed = {
            name: value
            for name, value in now.items()
            if name not in self._last or self._last[name] != value
        }
        if changed:
            self._samples.append((self._kernel.now_ns, changed))
            del self._samples[:-MOST]
        self._last = now
        self._kernel.after(CYCLE_NS, self._sample)
