"""Every relay of a fault box, as the command that moves it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.wiring.harness import SHORTED_V
from examrunner.simulation.wiring.network import Network

Command = Mapping[str, object]
OPEN_OHM: Final = 1_000_000
THIRD_TERMINATOR_OHM: Final = 120


def relays_of(rig: TrainingRig) -> Iterator[Command]:
    """The commands of a self-test: each relay that the rig's box has, once."""
    faults = rig.base.description.faults
    for node in rig.base.electrics.nodes:
        if "node.power" in faults:
            yield {"op": "node.power", "node": node, "on": False}
        if "node.ground_r" in faults:
            yield {"op": "node.ground_r", "node": node, "ohm": OPEN_OHM}
    for network in rig.base.networks.values():
        for op, commands in OF_BUS.items():
            if op in faults:
                yield from (
                    {"op": op, "bus": network.name, **args}
                    for args in commands(network)
                )


def _stubs_and_segments(network: Network) -> Iterator[Command]:
    harness = network.harness
    for place in (*harness.backbone, *harness.segments):
        for line in ("H", "L"):
            yield {"line": line, "at": place}


def _pairs(_network: Network) -> Iterator[Command]:
    for wires in SHORTED_V:
        first, second = sorted(wires)
        yield {"a": first, "b": second}


def _nodes(network: Network) -> Iterator[Command]:
    yield from ({"node": node} for node in network.harness.backbone)


def _rates(network: Network) -> Iterator[Command]:
    wrong_kbit = 250 if network.bitrate_kbit != 250 else 500
    yield from ({**node, "kbit": wrong_kbit} for node in _nodes(network))


OF_BUS: Final[Mapping[str, Callable[[Network], Iterator[Command]]]] = {
    "bus.open": _stubs_and_segments,
    "bus.short": _pairs,
    "bus.term": lambda _: iter([{"end": "A", "on": False}, {"end": "B", "on": False}]),
    "bus.swap": _nodes,
    "bus.res": lambda _: iter([{"ohm": THIRD_TERMINATOR_OHM}]),
    "node.bitrate": _rates,
}
"""Operation to the arguments that move each of its relays on one bus."""
