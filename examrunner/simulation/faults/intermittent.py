"""A fault that comes and goes."""

from collections.abc import Callable
from typing import Final

from examrunner.simulation.faults.catalogue import fault_of
from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault, number_of
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.training_rig import TrainingRig

SHORTEST_GAP_S: Final = 0.3
LONGEST_GAP_S: Final = 3.0
MEAN_PAUSE_S: Final = 12.0
FIRST_DROP_S: Final = 0.5
"""An injected fault shows itself soon, so that the symptom can be verified."""


class Intermittent:
    """A fault that comes and goes.

    Args:
        rig: The rig.
        args: ``fault`` (the inner command: ``op`` and its arguments), ``on_s`` (mean
            healthy time), ``off_s`` (longest drop-out), ``seed``.
    """

    def __init__(self, rig: TrainingRig, args: Arguments) -> None:
        inner = args.get("fault")
        if not isinstance(inner, dict):
            raise BadArgument("fault")
        nested = inner.get("args")
        self._inner = fault_of(
            rig,
            str(inner.get("op", "")),
            {**inner, **(nested if isinstance(nested, dict) else {})},
        )
        self._kernel = rig.base.kernel
        self._networks = tuple(rig.base.networks.values())
        self._pause_s = number_of(args, "on_s", MEAN_PAUSE_S)
        self._longest_s = max(SHORTEST_GAP_S, number_of(args, "off_s", LONGEST_GAP_S))
        self._random = rig.base.streams.of("intermittent", args.get("seed", 0))
        self._round = 0
        self._active = False

    def fault(self) -> Fault:
        """As the fault box holds it."""
        return Fault(
            component=self._inner.component,
            apply=self._switch,
            present=lambda: self._active,
        )

    def restart(self) -> None:
        """Begin with a healthy time, if it is active at all."""
        if self._active:
            self._round += 1
            self._heal(self._round)

    def provoke(self, component: str) -> None:
        """Somebody moves the bad contact: it drops out at once, for a moment."""
        if self._active and component == self._inner.component:
            self._round += 1
            self._drop(self._round)

    def _switch(self, active: bool) -> None:
        self._round += 1
        self._active = active
        self._inner.apply(False)
        if active:
            self._later(FIRST_DROP_S, self._round, self._drop)

    def _rest(self, this_round: int) -> None:
        pause_s = self._pause_s * float(self._random.uniform(0.6, 1.4))
        self._later(pause_s, this_round, self._drop)

    def _drop(self, this_round: int) -> None:
        gap_s = float(self._random.uniform(SHORTEST_GAP_S, self._longest_s))
        self._turn(True)
        self._later(gap_s, this_round, self._heal)

    def _heal(self, this_round: int) -> None:
        self._turn(False)
        self._rest(this_round)

    def _turn(self, active: bool) -> None:
        """Either edge may hit a frame that the node is just sending."""
        self._inner.apply(active)
        node = self._inner.component.partition(".")[0]
        for network in self._networks:
            if node in network:
                network.disturbances.glitch(node)

    def _later(
        self, seconds: float, this_round: int, happening: Callable[[int], None]
    ) -> None:
        def act() -> None:
            if this_round == self._round:
                happening(this_round)

        self._kernel.after(round(seconds * NS_PER_S), act)
