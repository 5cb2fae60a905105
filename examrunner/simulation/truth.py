"""What the fault box measures: supply, bus and every node's plug."""

from collections.abc import Collection, Mapping

from examrunner.simulation.simulated_rig import SimulatedRig


def truth_of(base: SimulatedRig) -> Mapping[str, float]:
    """All quantities that can be measured now.

    The resistance between the bus wires is left out while the bus is fed: an ohmmeter
    shows nonsense then.
    """
    electrics = base.electrics
    values = {
        "supply_v": electrics.battery_v,
        "current_a": round(electrics.current_a, 3),
        "vref5_v": 5.0 if electrics.energised else 0.0,
    }
    for network in base.networks.values():
        # A node on two buses is measured at the first.
        values = {**network.measured(energised=electrics.energised), **values}
    for name, node in electrics.nodes.items():
        values[f"{name}.supply_v"] = round(node.supply_v, 3)
        values[f"{name}.ground_v"] = round(node.ground_v, 3)
        values[f"{name}.plug"] = 1.0 if node.plugged else 0.0
    for name, gauge in base.gauges.items():
        values[name] = round(gauge(), 3)
    return values


def quantities_of(base: SimulatedRig) -> Collection[str]:
    """Everything that can be measured at some time."""
    names = set(truth_of(base))
    for network in base.networks.values():
        for energised in (True, False):
            names |= network.measured(energised=energised).keys()
    return names
