"""What the fault box measures: supply, bus and every node's plug."""

from collections.abc import Mapping

from examrunner.simulation.electrics import BATTERY_V
from examrunner.simulation.simulated_rig import SimulatedRig

RESISTANCE_OHM = 60.0
DOMINANT_SHARE = 0.10


def truth_of(base: SimulatedRig) -> Mapping[str, float]:
    """All quantities that can be measured now.

    The resistance between the bus wires is left out while the bus is fed: an ohmmeter
    shows nonsense then.
    """
    electrics = base.electrics
    values = {
        "supply_v": BATTERY_V,
        "current_a": round(electrics.current_a, 3),
        "vref5_v": 5.0 if electrics.energised else 0.0,
    }
    for name in base.buses:
        values.update(_bus(name, energised=electrics.energised))
    for name, node in electrics.nodes.items():
        values[f"{name}.supply_v"] = round(node.supply_v, 3)
        values[f"{name}.ground_v"] = round(node.ground_v, 3)
        values[f"{name}.plug"] = 1.0 if node.plugged else 0.0
    values.update({name: read() for name, read in base.gauges.items()})
    return values


def _bus(name: str, *, energised: bool) -> Mapping[str, float]:
    if energised:
        return {
            f"{name}.v_h": 2.5 + DOMINANT_SHARE,
            f"{name}.v_l": 2.5 - DOMINANT_SHARE,
        }
    return {f"{name}.v_h": 0.0, f"{name}.v_l": 0.0, f"{name}.r_hl": RESISTANCE_OHM}
