"""Faults of supply and ground."""

from examrunner.simulation.faults.fault import (
    Arguments,
    BadArgument,
    Fault,
    node_of,
    number_of,
)
from examrunner.simulation.training_rig import TrainingRig


def supply(rig: TrainingRig, args: Arguments) -> Fault:
    """``node.power``: the fuse of a node is gone."""
    node = node_of(rig.base, args)
    if args.get("on", False) is not False:
        raise BadArgument("on")

    def apply(active: bool) -> None:
        node.fed = not active
        node.update()

    return Fault(
        component=f"{node.name}.supply", apply=apply, present=lambda: not node.fed
    )


def ground(rig: TrainingRig, args: Arguments) -> Fault:
    """``node.ground_r``: a resistance in the ground wire of a node."""
    node, ohm = node_of(rig.base, args), number_of(args, "ohm")
    healthy_ohm = node.ground_ohm

    def apply(active: bool) -> None:
        node.ground_ohm = ohm if active else healthy_ohm
        node.update()

    return Fault(
        component=f"{node.name}.ground",
        apply=apply,
        present=lambda: node.ground_ohm == ohm,
    )
