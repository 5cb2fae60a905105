"""Faults of the gateway's routing table."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from examrunner.simulation.faults.fault import (
    Arguments,
    BadArgument,
    Fault,
    choice_of,
    number_of,
)
from examrunner.simulation.gateway import Gateway
from examrunner.simulation.routing_table import (
    HEALTHY,
    NEVER_UPDATED,
    TICK_MS,
    Route,
)
from examrunner.simulation.training_rig import TrainingRig

WRONG_TARGET: Final = 0x2A8
LATE_MS: Final = 250.0
COMPONENT: Final = "GW.routing"
Change = Callable[[Route], Route]


def route(rig: TrainingRig, args: Arguments) -> Fault:
    """``gw.route``: a route is off, has a wrong target, is late or never updated.

    A target is one message: where its identifier is wrong, everything in it moves.
    """
    gateway = getattr(rig, "gateway", None)
    if not isinstance(gateway, Gateway):
        raise BadArgument("route")
    named = {found.name: found for found in HEALTHY}.get(str(args.get("route", "")))
    if named is None:
        raise BadArgument("route")
    faulty = _falsified(named, args)

    def apply(on: bool) -> None:
        gateway.load(faulty if on else HEALTHY)

    return Fault(
        component=COMPONENT, apply=apply, present=lambda: gateway.table != HEALTHY
    )


def _falsified(named: Route, args: Arguments) -> tuple[Route, ...]:
    mode = choice_of(args, "mode", ("off", "wrong_id", "delay", "stale"))
    if mode == "off":
        return tuple(found for found in HEALTHY if found != named)
    if mode == "wrong_id":
        target = round(number_of(args, "target", WRONG_TARGET))
        return tuple(
            replace(found, target_id=target)
            if found.target_id == named.target_id
            else found
            for found in HEALTHY
        )
    late = round(number_of(args, "ms", LATE_MS) / TICK_MS)
    if not 0 < late < NEVER_UPDATED:
        raise BadArgument("ms")
    slow = replace(named, delay=NEVER_UPDATED if mode == "stale" else late)
    return tuple(slow if found == named else found for found in HEALTHY)
