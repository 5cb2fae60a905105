"""What each fault does to a rig, and how it is taken away again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.electrics import Node
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.simulated_rig import SimulatedRig

SHORTEST_GAP_S: Final = 0.3
LONGEST_GAP_S: Final = 3.0
MEAN_PAUSE_S: Final = 12.0
FIRST_DROP_S: Final = 0.5
"""An injected fault shows itself soon, so that the symptom can be verified."""

Arguments = Mapping[str, object]


class BadArgument(Exception):  # noqa: N818  # becomes an answer, not an error
    """An argument of a command is missing, out of range or not simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault that can be switched.

    Attributes:
        component: What has to be repaired, for example ``ESC.supply``.
        apply: Switches it on (True) or off (False).
        present: Reads back whether it is on.
    """

    component: str
    apply: Callable[[bool], None]
    present: Callable[[], bool]


def fault_of(base: SimulatedRig, op: str, args: Arguments) -> Fault:
    """The fault that a command names.

    Raises:
        BadArgument: If an argument is wrong, or the rig cannot simulate it.
    """
    maker = FAULTS.get(op)
    if maker is None:
        raise BadArgument(op)
    return maker(base, args)


def _supply(base: SimulatedRig, args: Arguments) -> Fault:
    node = _node(base, args)
    if args.get("on", False) is not False:
        raise BadArgument("on")

    def apply(active: bool) -> None:
        node.fed = not active
        node.update()

    return Fault(
        component=f"{node.name}.supply", apply=apply, present=lambda: not node.fed
    )


def _ground(base: SimulatedRig, args: Arguments) -> Fault:
    node, ohm = _node(base, args), _number(args, "ohm")
    healthy_ohm = node.ground_ohm

    def apply(active: bool) -> None:
        node.ground_ohm = ohm if active else healthy_ohm
        node.update()

    return Fault(
        component=f"{node.name}.ground",
        apply=apply,
        present=lambda: node.ground_ohm == ohm,
    )


class Intermittent:
    """A fault that comes and goes.

    Args:
        base: The rig.
        args: ``fault`` (the inner command: ``op`` and its arguments), ``on_s`` (mean
            healthy time), ``off_s`` (longest drop-out), ``seed``.
    """

    def __init__(self, base: SimulatedRig, args: Arguments) -> None:
        inner = args.get("fault")
        if not isinstance(inner, dict):
            raise BadArgument("fault")
        nested = inner.get("args")
        self._inner = fault_of(
            base,
            str(inner.get("op", "")),
            {**inner, **(nested if isinstance(nested, dict) else {})},
        )
        self._kernel = base.kernel
        self._pause_s = _number(args, "on_s", MEAN_PAUSE_S)
        self._longest_s = max(SHORTEST_GAP_S, _number(args, "off_s", LONGEST_GAP_S))
        self._random = base.streams.of("intermittent", args.get("seed", 0))
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
        self._inner.apply(True)
        self._later(gap_s, this_round, self._heal)

    def _heal(self, this_round: int) -> None:
        self._inner.apply(False)
        self._rest(this_round)

    def _later(
        self, seconds: float, this_round: int, happening: Callable[[int], None]
    ) -> None:
        def act() -> None:
            if this_round == self._round:
                happening(this_round)

        self._kernel.after(round(seconds * NS_PER_S), act)


def _node(base: SimulatedRig, args: Arguments) -> Node:
    node = base.electrics.nodes.get(str(args.get("node", "")))
    if node is None:
        raise BadArgument("node")
    return node


def _number(args: Arguments, name: str, otherwise: float | None = None) -> float:
    value = args.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise BadArgument(name)
    return float(value)


FAULTS: Final[Mapping[str, Callable[[SimulatedRig, Arguments], Fault]]] = {
    "node.power": _supply,
    "node.ground_r": _ground,
}
