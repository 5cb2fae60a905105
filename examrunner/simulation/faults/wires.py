"""Faults of bus wires."""

from typing import Final, TypeVar

from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault, number_of
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.wiring.harness import SHORTED_V, Short, Wire
from examrunner.simulation.wiring.network import Network

TOUCHING_OHM: Final = 0.5
T = TypeVar("T")


def opened(rig: TrainingRig, args: Arguments) -> Fault:
    """``bus.open``: a wire is open, in a node's stub or in a segment."""
    network = network_of(rig, args)
    place, wire = str(args.get("at", "")), _bus_wire(args)
    if place not in (*network.harness.backbone, *network.harness.segments):
        raise BadArgument("at")
    return _member(network, place, network.harness.opened, (place, wire))


def short(rig: TrainingRig, args: Arguments) -> Fault:
    """``bus.short``: two wires touch, through ``r_ohm``."""
    network = network_of(rig, args)
    wires = frozenset({_wire(args, "a"), _wire(args, "b")})
    if wires not in SHORTED_V:
        raise BadArgument("b")
    touching = Short(wires=wires, ohm=number_of(args, "r_ohm", TOUCHING_OHM))
    return _listed(network, network.harness.shorts, touching)


def terminator(rig: TrainingRig, args: Arguments) -> Fault:
    """``bus.term``: the terminator of an end is gone."""
    network = network_of(rig, args)
    end = str(args.get("end", ""))
    if end not in {"A", "B"} or args.get("on", False) is not False:
        raise BadArgument("end")
    return _member(network, f"end_{end}", network.harness.lost_ends, end)


def swapped(rig: TrainingRig, args: Arguments) -> Fault:
    """``bus.swap``: H and L are exchanged at a node."""
    network = network_of(rig, args)
    node = str(args.get("node", ""))
    if node not in network.harness.backbone:
        raise BadArgument("node")
    return _member(network, node, network.harness.swapped, node)


def resistance(rig: TrainingRig, args: Arguments) -> Fault:
    """``bus.res``: a further resistance between H and L."""
    network = network_of(rig, args)
    return _listed(network, network.harness.extra_ohm, number_of(args, "ohm"))


def network_of(rig: TrainingRig, args: Arguments) -> Network:
    """The bus that the argument ``bus`` names."""
    network = rig.base.networks.get(str(args.get("bus", "")))
    if network is None:
        raise BadArgument("bus")
    return network


def _wire(args: Arguments, name: str) -> Wire:
    try:
        return Wire(str(args.get(name, "")))
    except ValueError:
        raise BadArgument(name) from None


def _bus_wire(args: Arguments) -> Wire:
    wire = _wire(args, "line")
    if wire not in {Wire.H, Wire.L}:
        raise BadArgument("line")
    return wire


def _member(network: Network, place: str, broken: set[T], item: T) -> Fault:
    """A fault that is in a set of the harness or not."""

    def apply(active: bool) -> None:
        (broken.add if active else broken.discard)(item)
        network.update()

    return Fault(
        component=f"{network.name}.{place}",
        apply=apply,
        present=lambda: item in broken,
    )


def _listed(network: Network, broken: list[T], item: T) -> Fault:
    """A fault of the backbone that can be there several times."""

    def apply(active: bool) -> None:
        if active:
            broken.append(item)
        elif item in broken:
            broken.remove(item)
        network.update()

    return Fault(
        component=f"{network.name}.backbone",
        apply=apply,
        present=lambda: item in broken,
    )
