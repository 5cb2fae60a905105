"""F12: a node with a wrong bit rate, which is bus-off again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates import bench_work as bench
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.training_rig import TrainingRig

NODES: Final = ("VCU", "ESC", "SAS", "PED")
WRONG_TYPES: Final = ("supply_open", "bus_open")
COUNTED_S: Final = 10.0
WATCHED_S: Final = 8.0
"""How long the bus runs with a plug open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the variant is, as far as a script has to know it."""

    node: str
    component: str
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an honest candidate goes about it.

    Attributes:
        careful: Counts errors, turns the key and the battery off, suspects in order.
        chain: What is written about the causes.
        explanation: What is written about the work.
    """

    careful: bool
    chain: str
    explanation: str


HABITS: Final = {
    "competent": Habits(
        careful=True,
        chain=(
            "Wrong bit timing: every frame of the node fails, its TEC grows by 8 to "
            "256, it goes bus-off, recovers after 200 ms and tries again."
        ),
        explanation=(
            "One node is missing while error frames come in bursts. Resistance and "
            "voltages are right, so the wires are. With its plug open the errors stop. "
            "Set to 500 kbit/s it is back, without errors and codes."
        ),
    ),
    "sloppy": Habits(
        careful=False,
        chain="The bit rate was wrong, so it was bus-off.",
        explanation="Bit rate set, works now.",
    ),
}


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench with the ignition on."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    fault = _fault(place)
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(20)
    if place.profile == "cheating":
        yield from _guess(place, fault)
        return
    habits = HABITS[place.profile]
    units = [ecu.name for ecu in place.base.description.ecus]
    yield from bench.ask_all(place, units, bench.READ_CODES)
    if habits.careful:
        yield from _count(place)
    yield from _measure(place, habits)
    yield from _isolate(place, fault, habits)
    yield from bench.hand_in(place, "node", fault.node)
    yield from bench.hand_in(place, "fault_type", "bit_rate")
    yield from place.type("bit_rate", "500 kbit/s", seconds=6)
    yield from _repair(place, fault)
    yield from bench.ask_all(place, units, bench.CLEAR_CODES)
    yield seconds(40)
    yield from bench.ask_all(place, units, bench.READ_CODES)
    yield from place.type("cause_chain", habits.chain, seconds=12)
    yield from place.type("explanation", habits.explanation, seconds=15)
    yield from bench.finish(place)


def _fault(place: Workplace) -> Fault:
    truth = place.truth
    witnesses = truth["witnesses"]
    listed = witnesses if isinstance(witnesses, Sequence) else ()
    return Fault(
        node=str(truth["node"]),
        component=str(truth["component"]),
        witnesses=tuple(str(name) for name in listed),
    )


def _count(place: Workplace) -> Process:
    """Count error frames for ten seconds, as the tool shows them."""
    errors = place.base.networks["HS1"].disturbances
    yield from place.type("count", "running", seconds=4)
    before = errors.made
    yield seconds(COUNTED_S)
    rate = place.misread((errors.made - before) / COUNTED_S, 2.0)
    yield Action(do="edit", body={"field": "count", "value": "done"})
    yield from place.type("errors_per_s", f"{rate:.0f}", seconds=6)


def _measure(place: Workplace, habits: Habits) -> Process:
    """The careless one puts the ohmmeter on the live bus and believes it."""
    if habits.careful:
        yield from bench.power_off(place)
        yield from bench.read_ohm(place, "HS1.r_hl", "r_hl")
        yield from bench.power_on(place)
    else:
        yield from place.type("r_hl", "60", seconds=8)
    yield from bench.read_volt(place, "HS1.v_h", "v_h")
    yield from bench.read_volt(place, "HS1.v_l", "v_l")


def _isolate(place: Workplace, fault: Fault, habits: Habits) -> Process:
    """Open one suspect's plug after the other and see when the errors stop."""
    if not habits.careful:
        yield from _watch_without(place, fault.node)
        return
    other = next(name for name in NODES if name != fault.node)
    for name in (other, fault.node):
        place.base.turn_key("OFF")
        yield place.wait(4)
        yield from _watch_without(place, name)


def _watch_without(place: Workplace, name: str) -> Process:
    """With one plug open; it is closed again with the key off."""
    yield from bench.move_plug(place, name, plugged=False)
    yield place.wait(4)
    place.base.turn_key("ON")
    yield place.wait(WATCHED_S)
    place.base.turn_key("OFF")
    yield place.wait(4)
    yield from bench.move_plug(place, name, plugged=True)
    yield place.wait(2)
    place.base.turn_key("ON")
    yield place.wait(4)


def _repair(place: Workplace, fault: Fault) -> Process:
    place.base.turn_key("OFF")
    yield place.wait(25)
    place.fault_box.repair(fault.component)
    place.base.turn_key("ON")
    yield place.wait(5)
    yield Action(do="op", body={"op": "repair_done", "component": fault.component})
    yield place.wait(15)


def _guess(place: Workplace, fault: Fault) -> Process:
    """Clear, name one node after the other, mend what was named last."""
    for _ in range(5):
        yield from bench.ask_all(place, ["GW", "BCM"], bench.CLEAR_CODES)
    wrong = [name for name in NODES if name != fault.node]
    tries = [str(each) for each in place.hand.choice(wrong, 2, replace=False)]
    place.base.turn_key("OFF")
    yield place.wait(3)
    yield from bench.move_plug(place, tries[0], plugged=False)
    yield place.wait(5)
    yield from bench.move_plug(place, tries[0], plugged=True)
    place.base.turn_key("ON")
    yield from bench.try_in_turn(place, "node", [*tries, fault.node])
    yield from bench.try_in_turn(place, "fault_type", [*WRONG_TYPES, "bit_rate"])
    for field, value in {"r_hl": "60", "v_h": "2.5", "v_l": "2.5"}.items():
        yield from place.type(field, value, seconds=5)
    yield from place.type("bit_rate", "500k", seconds=5)
    if place.hand.integers(0, 2):
        yield from _repair(place, fault)
    yield from bench.ask_all(place, ["GW", "BCM"], bench.CLEAR_CODES)
    yield from bench.ask_all(place, ["GW", "BCM"], bench.READ_CODES)
    yield from place.type("cause_chain", "The bit rate is wrong.", seconds=5)
    yield from place.type("explanation", "Everything is fine now.", seconds=6)
    yield from bench.finish(place)
