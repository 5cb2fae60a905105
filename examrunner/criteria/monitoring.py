"""The margin of a formula from the margins of its claims.

A margin above zero means that the formula holds, below zero that it does not. With
rho(c, t) the margin of a claim at time t, and time in the window alone:

    not f               -rho(f)
    f and g, f or g     min, max
    f implies g         max(-rho(f), rho(g))
    always[a, b] f      least rho(f) at t + a ... t + b
    eventually[a, b] f  largest rho(f) at t + a ... t + b
    f until[a, b] g     largest over u in t + a ... t + b of the smaller of rho(g, u)
                        and the least rho(f) at t ... u, u exclusive
    historically, once, since    likewise, looking back

Both ends of bounds count; without bounds they reach to the end of the window, or back
to its start. Nothing happens beyond the window: ``eventually`` fails there and
``always`` is satisfied by what there was. Where a margin is only known to lie between
two values, so is what follows from it.

Source: A. Donzé and O. Maler, Robust satisfaction of temporal logic over real-valued
signals, FORMATS 2010; times here are whole nanoseconds, so that the result is exact.
"""

from collections.abc import Mapping
from typing import Final

from examrunner.criteria.formulas import Bounds, Formula, Named, Operation
from examrunner.criteria.margins import Margin
from examrunner.model.timeline import NS_PER_S

BACK: Final = ("historically", "once", "since")


def monitored(formula: Formula, claims: Mapping[str, Margin]) -> Margin:
    """The margin of a formula at every time.

    Args:
        formula: What has to hold.
        claims: Margins by claim, all over the same time.
    """
    if isinstance(formula, Named):
        return claims[formula.name]
    parts = [monitored(part, claims) for part in formula.parts]
    match formula.operator:
        case "not":
            return -parts[0]
        case "and":
            return parts[0] & parts[1]
        case "or":
            return parts[0] | parts[1]
        case "implies":
            return -parts[0] | parts[1]
        case "always" | "historically":
            return parts[0].least(*_reach(formula, parts[0]))
        case "eventually" | "once":
            return parts[0].most(*_reach(formula, parts[0]))
    return _bounded(formula, parts[0], parts[1])


def _reach(operation: Operation, margin: Margin) -> tuple[int, int]:
    """First and last nanosecond that an operator looks at, relative to now."""
    from_ns, to_ns = 0, margin.length_ns
    if operation.bounds is not None:
        from_ns, to_ns = _nanoseconds(operation.bounds, to_ns)
    return (-to_ns, -from_ns) if operation.operator in BACK else (from_ns, to_ns)


def _nanoseconds(bounds: Bounds, most: int) -> tuple[int, int]:
    """Bounds that end late enough; longer ones than the window say nothing more."""
    from_ns, to_ns = (round(s * NS_PER_S) for s in (bounds.from_s, bounds.to_s))
    return min(from_ns, most + 1), min(to_ns, most + 1)


def _bounded(operation: Operation, holds: Margin, ends: Margin) -> Margin:
    """Until or since, by what they are without bounds.

    f until[a, b] g is: eventually[a, b] g, and f always until a, and (f until g) at a.
    """
    back = operation.operator in BACK
    chained = holds.since(ends) if back else holds.until(ends)
    if operation.bounds is None:
        return chained
    found = ends.most(*_reach(operation, ends))
    from_ns, _ = _nanoseconds(operation.bounds, ends.length_ns)
    if not from_ns:
        return found & chained
    before = (1 - from_ns, 0) if back else (0, from_ns - 1)
    return found & holds.least(*before) & chained.later(-from_ns if back else from_ns)
