"""Which command makes which fault."""

import importlib
from collections.abc import Callable, Mapping
from typing import Final

from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault
from examrunner.simulation.training_rig import TrainingRig

PACKAGE: Final = "examrunner.simulation.faults"
FAULTS: Final[Mapping[str, str]] = {
    "bus.open": "wires:opened",
    "bus.res": "wires:resistance",
    "bus.short": "wires:short",
    "bus.swap": "wires:swapped",
    "bus.term": "wires:terminator",
    "cal.erase": "calibration:erase",
    "cal.set": "calibration:falsify",
    "gw.route": "routes:route",
    "mech.misalign": "calibration:misalign",
    "msg.counter": "messages:counter",
    "msg.crc": "messages:checksum",
    "msg.delay": "messages:delay",
    "msg.drop": "messages:drop",
    "node.bitrate": "bit_rate:wrong",
    "node.ground_r": "power:ground",
    "node.power": "power:supply",
    "sensor.open": "sensors:opened",
    "sensor.swap": "wheel_sensors:swap",
    "sig.freeze": "signals:freeze",
    "sig.limit": "signals:limit",
    "sig.noise": "signals:noise",
    "sig.offset": "signals:offset",
    "sig.scale": "signals:scale",
    "vref.low": "references:low",
    "vref.short": "references:short",
}
"""Operation of the fault box to module and function, as text."""

Maker = Callable[[TrainingRig, Arguments], Fault]


def fault_of(rig: TrainingRig, op: str, args: Arguments) -> Fault:
    """The fault that a command names.

    Raises:
        BadArgument: If an argument is wrong, or the rig cannot simulate it.
    """
    place = FAULTS.get(op)
    if place is None:
        raise BadArgument(op)
    module, name = place.split(":")
    maker: Maker = getattr(importlib.import_module(f"{PACKAGE}.{module}"), name)
    return maker(rig, args)
