"""What every script of a fault does in the same way."""

from collections.abc import Iterable, Sequence
from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.workplace import Workplace

BETWEEN_TRIES_S: Final = 66.0
"""Longer than the shortest time between two submissions that both count."""


def scan(place: Workplace, ecus: Iterable[str]) -> Process:
    """Read the trouble codes of some control units."""
    for ecu in ecus:
        yield from place.ask(ecu, "1902FF")
        yield place.wait(1.5)


def hand_in(place: Workplace, field: str, value: str) -> Process:
    """Submit one field."""
    yield place.wait(5)
    yield Action(do="submit", body={"field": field, "value": value})


def finish(place: Workplace) -> Process:
    """Submit the form and stop."""
    yield place.wait(8)
    yield Action(do="submit")
    yield place.wait(4)
    yield Action(do="stop")


def plug(place: Workplace, name: str, *, plugged: bool) -> Process:
    """Open or close the plug of a node."""
    node = place.base.electrics.nodes[name]
    node.plugged = plugged
    node.update()
    yield Action(do="op", body={"op": "plug", "node": name, "on": plugged})


def other(options: Sequence[str], right: str) -> str:
    """A neighbouring wrong option."""
    return options[(options.index(right) + 1) % len(options)]
