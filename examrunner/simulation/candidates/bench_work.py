"""What every fault-finder does at the network bench: keys, plugs, meter, scan tool."""

from collections.abc import Iterable
from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.workplace import Workplace, seconds

BETWEEN_TRIES_S: Final = 66.0
"""Longer than the shortest time between two submissions that both count."""
PROBE_SIGMA_V: Final = 0.03
PROBE_SIGMA: Final = 0.004
"""Of a resistance, as a share of it."""
READ_CODES: Final = "1902FF"
CLEAR_CODES: Final = "14FFFFFF"


def ask_all(place: Workplace, ecus: Iterable[str], request: str) -> Process:
    """The same request to one control unit after the other."""
    for ecu in ecus:
        yield from place.ask(ecu, request)
        yield place.wait(1.5)


def power_off(place: Workplace, *, key: bool = True) -> Process:
    """Turn the key, then switch the battery off; careless people leave the key."""
    if key:
        place.base.turn_key("OFF")
        yield place.wait(3)
    place.base.connect_battery(False)
    yield place.wait(4)


def power_on(place: Workplace) -> Process:
    """Battery, then key; the control units start."""
    place.base.connect_battery(True)
    yield place.wait(2)
    place.base.turn_key("ON")
    yield place.wait(6)


def move_plug(place: Workplace, name: str, *, plugged: bool) -> Process:
    """Open or close the plug of a node; its tag shows that to the camera."""
    node = place.base.electrics.nodes[name]
    node.plugged = plugged
    node.update()
    yield Action(do="op", body={"op": "plug", "node": name, "on": plugged})


def read_ohm(place: Workplace, quantity: str, field: str) -> Process:
    """Put the probes on, read a resistance and write it down."""
    yield place.wait(10)
    value = place.fault_box.measure()[quantity]
    shown = place.misread(value, PROBE_SIGMA * value)
    yield Action(do="edit", body={"field": field, "value": f"{shown:.1f}"})


def read_volt(
    place: Workplace, quantity: str, field: str, *, misread_by: float = 0.0
) -> Process:
    """Put the probes on, read a voltage and write it down."""
    yield place.wait(10)
    value = place.fault_box.measure()[quantity] + misread_by
    shown = max(0.0, place.misread(value, PROBE_SIGMA_V))
    yield Action(do="edit", body={"field": field, "value": f"{shown:.2f}"})


def hand_in(place: Workplace, field: str, value: str) -> Process:
    """Submit one field."""
    yield place.wait(5)
    yield Action(do="submit", body={"field": field, "value": value})


def try_in_turn(place: Workplace, field: str, values: Iterable[str]) -> Process:
    """Submit one value after the other, far enough apart that each counts."""
    for number, value in enumerate(values):
        if number:
            yield seconds(BETWEEN_TRIES_S)
        yield from hand_in(place, field, value)


def finish(place: Workplace) -> Process:
    """Submit the whole form and leave."""
    yield place.wait(8)
    yield Action(do="submit")
    yield place.wait(4)
    yield Action(do="stop")
