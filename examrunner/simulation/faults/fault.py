"""One fault, and how the arguments of its command are read."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from examrunner.simulation.cyclic import CyclicMessage
from examrunner.simulation.electrics import Node
from examrunner.simulation.simulated_rig import SimulatedRig

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


def node_of(base: SimulatedRig, args: Arguments, name: str = "node") -> Node:
    """The node that an argument names."""
    node = base.electrics.nodes.get(str(args.get(name, "")))
    if node is None:
        raise BadArgument(name)
    return node


def number_of(args: Arguments, name: str, otherwise: float | None = None) -> float:
    """An argument that is a number, 0 or more."""
    value = args.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadArgument(name)
    if not (math.isfinite(value) and value >= 0):
        raise BadArgument(name)
    return float(value)


def value_of(args: Arguments, name: str) -> float:
    """An argument that is any number."""
    value = args.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadArgument(name)
    return float(value)


def share_of(args: Arguments) -> float:
    """The argument ``share``, 0 to 1; all if it is left out."""
    share = number_of(args, "share", 1.0)
    if share > 1:
        raise BadArgument("share")
    return share


def choice_of(args: Arguments, name: str, choices: Sequence[str]) -> str:
    """An argument that is one of some words."""
    value = args.get(name)
    if not isinstance(value, str) or value not in choices:
        raise BadArgument(name)
    return value


def message_of(base: SimulatedRig, args: Arguments) -> CyclicMessage:
    """The message that the argument ``message`` names."""
    return _sent(base, str(args.get("message", "")), "message")


def signal_of(base: SimulatedRig, args: Arguments) -> tuple[CyclicMessage, str]:
    """The message and signal that the argument ``signal`` names together."""
    message, _, signal = str(args.get("signal", "")).partition(".")
    found = _sent(base, message, "signal")
    if signal not in found.layout.signals:
        raise BadArgument("signal")
    return found, signal


def _sent(base: SimulatedRig, name: str, argument: str) -> CyclicMessage:
    found = base.messages.get(name)
    if found is None:
        raise BadArgument(argument)
    return found


def degrees_of(args: Arguments, name: str) -> float:
    """An argument that is an angle of either sign, at most a half turn."""
    value = args.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadArgument(name)
    if not -180.0 <= value <= 180.0:
        raise BadArgument(name)
    return float(value)
