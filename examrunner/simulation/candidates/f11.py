"""F11: a bus wire is open, shorted or exchanged, or a terminator is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates import bench_work as bench
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.training_rig import TrainingRig

FAST_UNITS: Final = ("VCU", "ESC", "SAS", "GW")
NODES: Final = ("VCU", "ESC", "SAS", "PED")
TYPES: Final = (
    "open_h", "open_l", "short_h_l", "short_h_gnd", "short_l_gnd", "short_h_bat",
    "short_l_bat", "terminator_missing", "swapped",
)  # fmt: skip
PLACES: Final = (
    "VCU", "VCU-ESC", "ESC", "ESC-SAS", "SAS", "SAS-PED", "PED", "backbone", "end_A",
    "end_B",
)  # fmt: skip
SLIP_V: Final = 0.7
"""How far a careless candidate reads CAN-L wrong: on the wrong range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the variant is, as far as a script has to know it.

    Attributes:
        type: Right option of the form.
        place: Right option of the form.
        component: What has to be repaired.
        symptoms: Right options of the form.
        witnesses: Control units that may have stored codes.
    """

    type: str
    place: str
    component: str
    symptoms: tuple[str, ...]
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an honest candidate goes about it.

    Attributes:
        careful: Turns the key off before measuring, reads well, finds the place.
        observes_s: How long the bus is watched.
        explanation: What is written.
    """

    careful: bool
    observes_s: float
    explanation: str


HABITS: Final = {
    "competent": Habits(
        careful=True,
        observes_s=60.0,
        explanation=(
            "The messages and codes on HS1 showed who was cut off. With the power off "
            "the resistance between H and L, with the ignition on both voltages told "
            "the type of fault; opening the coupling plugs told its place. After the "
            "repair 60 ohm, all messages are back and no code returned."
        ),
    ),
    "sloppy": Habits(
        careful=False, observes_s=20.0, explanation="Wire was bad, works now."
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
    units = _units(place, fault, habits)
    yield from bench.ask_all(place, units, bench.READ_CODES)
    yield seconds(habits.observes_s)
    seen = fault.symptoms if habits.careful else fault.symptoms[::2]
    yield from place.type("symptoms", list(seen), seconds=12)
    yield from _measure(place, habits)
    yield from _search(place, fault, habits)
    yield from _repair(place, fault, habits)
    yield from _prove(place, units)
    yield from place.type("explanation", habits.explanation, seconds=15)
    yield from bench.finish(place)


def _fault(place: Workplace) -> Fault:
    truth = place.truth

    def texts(name: str) -> tuple[str, ...]:
        value = truth[name]
        return tuple(str(v) for v in value) if isinstance(value, Sequence) else ()

    return Fault(
        type=str(truth["type"]),
        place=str(truth["place"]),
        component=str(truth["component"]),
        symptoms=texts("symptoms"),
        witnesses=texts("witnesses"),
    )


def _units(place: Workplace, fault: Fault, habits: Habits) -> list[str]:
    """All control units; the careless one never asks one that seems uninteresting."""
    known = [ecu.name for ecu in place.base.description.ecus]
    if habits.careful:
        return known
    left_out = next(name for name in FAST_UNITS if name not in fault.witnesses)
    return [name for name in known if name != left_out]


def _measure(place: Workplace, habits: Habits) -> Process:
    yield from bench.power_off(place, key=habits.careful)
    yield from bench.read_ohm(place, "HS1.r_hl", "r_hl")
    yield from bench.power_on(place)
    yield from bench.read_volt(place, "HS1.v_h", "v_h")
    slip_v = 0.0 if habits.careful else SLIP_V
    yield from bench.read_volt(place, "HS1.v_l", "v_l", misread_by=slip_v)


def _search(place: Workplace, fault: Fault, habits: Habits) -> Process:
    """Open the coupling plugs one by one, then say what it is and where."""
    if habits.careful:
        yield from bench.power_off(place)
        for name in NODES:
            yield from bench.move_plug(place, name, plugged=False)
            yield place.wait(8)
        for name in NODES:
            yield from bench.move_plug(place, name, plugged=True)
            yield place.wait(3)
        yield from bench.power_on(place)
    yield from bench.hand_in(place, "fault_type", fault.type)
    tries = [fault.place] if habits.careful else [_beside(fault.place), fault.place]
    yield from bench.try_in_turn(place, "fault_place", tries)


def _repair(place: Workplace, fault: Fault, habits: Habits) -> Process:
    yield from bench.power_off(place, key=habits.careful)
    yield place.wait(20)
    place.fault_box.repair(fault.component)
    yield from bench.read_ohm(place, "HS1.r_hl", "r_hl_after")
    yield from bench.power_on(place)
    yield Action(do="op", body={"op": "repair_done", "component": fault.component})
    yield place.wait(15)
    yield from bench.read_volt(place, "HS1.v_h", "v_h_after")
    yield from bench.read_volt(place, "HS1.v_l", "v_l_after")


def _prove(place: Workplace, units: Sequence[str]) -> Process:
    """Clear, wait, read again."""
    yield from bench.ask_all(place, units, bench.CLEAR_CODES)
    yield seconds(40)
    yield from bench.ask_all(place, units, bench.READ_CODES)


def _guess(place: Workplace, fault: Fault) -> Process:
    """Invent a table, try answers and mend what was guessed."""
    yield from bench.ask_all(place, ["BCM", "IC"], bench.READ_CODES)
    seen = "bus_silent" if "node_missing" in fault.symptoms else "node_missing"
    yield from place.type("symptoms", [seen], seconds=5)
    invented = {"r_hl": "60", "v_h": "2.5", "v_l": "2.5"}
    for field, value in invented.items():
        yield from place.type(field, value, seconds=5)
    lucky = bool(place.hand.integers(0, 2))
    for field, right, options in (
        ("fault_type", fault.type, TYPES),
        ("fault_place", fault.place, PLACES),
    ):
        wrong = [option for option in options if option != right]
        tries = [str(each) for each in place.hand.choice(wrong, 3, replace=False)]
        if lucky:
            tries[2] = right
        yield from bench.try_in_turn(place, field, tries)
    if lucky:
        yield from _swap_parts(place, fault)
    for field, value in invented.items():
        yield from place.type(f"{field}_after", value, seconds=5)
    yield from place.type("explanation", "Everything is fine now.", seconds=6)
    yield from bench.finish(place)


def _swap_parts(place: Workplace, fault: Fault) -> Process:
    """The last guess was right: the part is replaced, nothing is proven."""
    yield from bench.power_off(place)
    place.fault_box.repair(fault.component)
    yield place.wait(20)
    yield from bench.power_on(place)
    yield Action(do="op", body={"op": "repair_done", "component": fault.component})
    yield place.wait(15)
    yield from bench.ask_all(place, fault.witnesses, bench.CLEAR_CODES)


def _beside(right: str) -> str:
    """A neighbouring wrong place."""
    return PLACES[(PLACES.index(right) + 1) % len(PLACES)]
