"""Faults of bit timing."""

from examrunner.simulation.faults.fault import (
    Arguments,
    BadArgument,
    Fault,
    node_of,
    number_of,
)
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.wiring.network import Network


def wrong(rig: TrainingRig, args: Arguments) -> Fault:
    """``node.bitrate``: a node works with another bit rate than its bus."""
    node, kbit = node_of(rig.base, args), round(number_of(args, "kbit"))
    network = _network_of(rig, node.name, args)
    if kbit not in {125, 250, 500, 1000} or kbit == network.bitrate_kbit:
        raise BadArgument("kbit")

    def apply(active: bool) -> None:
        if active:
            network.wrong_rates[node.name] = kbit
        else:
            network.wrong_rates.pop(node.name, None)
        network.update()

    return Fault(
        component=f"{node.name}.bit_rate",
        apply=apply,
        present=lambda: network.wrong_rates.get(node.name) == kbit,
    )


def _network_of(rig: TrainingRig, node: str, args: Arguments) -> Network:
    """The bus of a node; one that is on several needs ``bus`` as well."""
    wanted = args.get("bus")
    for network in rig.base.networks.values():
        if node in network and wanted in {None, network.name}:
            return network
    raise BadArgument("bus")
