"""C10: swapped wheel-speed sensors, and a rolling circumference that is wrong."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.chassis import Chassis
from examrunner.simulation.wheels import WHEELS

LIFTED, FREE = 0, 1
SPIN_MPS: Final = 2.0
SPIN_S: Final = 4.2
RUN_MPS: Final = 5.0
RUN_UP_S: Final = 3.0
RUN_S: Final = 14.0
RUN_DOWN_S: Final = 3.0
AXLE_PARTNER: Final = {"FL": "FR", "FR": "FL", "RL": "RR", "RR": "RL"}
WHEEL_OF_CODE: Final = {"C0031": "FL", "C0034": "FR", "C0037": "RL", "C003A": "RR"}
INVENTED_MPS: Final = "4.70"
EVERYONE: Final = ("ABS", "VCU")
FIRST_CODE: Final = 3
"""Byte of a list of trouble codes where the first one begins."""

Wheels = Sequence[str]
Found = Generator[int | Action, None, list[str]]
Speeds = Generator[int | Action, None, list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        spins: ``all`` wheels, the ``suspects`` of the trouble codes, or ``none``.
        guesses: Takes the axle partner of the first code for the other wheel.
        ignition_off: Turns the ignition off before connectors are opened.
        circumference_error: Share by which the new circumference is wrong.
        reads: How many of the four speeds are read; the others are invented.
        report: What is written.
    """

    spins: str
    guesses: bool
    ignition_off: bool
    circumference_error: float
    reads: int
    report: str


HABITS: Final = {
    "competent": Habits(
        spins="all",
        guesses=False,
        ignition_off=True,
        circumference_error=0.0,
        reads=4,
        report=(
            "Two channels showed each other's wheel when every wheel was spun alone. "
            "Their connectors were exchanged with the ignition off; now each channel "
            "follows its wheel, 5.00 m/s is shown as 5.00 m/s and no code came back."
        ),
    ),
    "sloppy": Habits(
        spins="suspects",
        guesses=False,
        ignition_off=True,
        circumference_error=0.012,
        reads=4,
        report="Sensors exchanged, works.",
    ),
    "cheating": Habits(
        spins="none",
        guesses=True,
        ignition_off=False,
        circumference_error=0.0,
        reads=2,
        report="Every wheel was checked, two sensors were exchanged and proven.",
    ),
}


def prepare(rig: Chassis) -> None:
    """How the candidate finds the rig: wheels on the ground."""
    rig.base.bench.switch("RIG_Wheels", FREE)


def script(place: Workplace, rig: Chassis) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(45)
    place.base.bench.switch("RIG_Wheels", LIFTED)
    yield place.wait(12)
    suspects = yield from _suspects(place)
    spun = {"all": WHEELS, "suspects": suspects, "none": ()}[habits.spins]
    seen = yield from _spin(place, rig, spun)
    pair = _pair(suspects, seen, habits)
    yield from _repair(place, rig, pair, habits)
    yield from _hand_in(place, "pair", "-".join(pair))
    yield from _set_circumference(place, rig, habits)
    yield from _spin(place, rig, spun)
    yield from _prove(place, rig, habits)
    yield from place.type("report", habits.report, seconds=20)
    yield place.wait(6)
    yield Action(do="submit")
    yield place.wait(5)
    yield Action(do="stop")


def _suspects(place: Workplace) -> Found:
    """The wheels that the trouble codes of the ABS name."""
    abs_ = next(e for e in place.base.description.ecus if e.name == "ABS")
    yield from place.ask("VCU", "1902FF")
    yield place.wait(3)
    reply = yield from place.ask("ABS", "1902FF")
    yield place.wait(8)
    rows = range(FIRST_CODE, len(reply) - 3, 4)
    codes = [abs_.dtcs[int.from_bytes(reply[at : at + 3], "big")][0] for at in rows]
    return [WHEEL_OF_CODE[c[:5]] for c in codes if c[:5] in WHEEL_OF_CODE]


def _spin(place: Workplace, rig: Chassis, wheels: Iterable[str]) -> Found:
    """Turn one wheel after another; returns those whose channel stood still."""
    silent = []
    for wheel in wheels:
        rig.wheels.drive({wheel: SPIN_MPS})
        yield seconds(SPIN_S)
        shown = rig.wheels.shown_mps(np.array([place.now_ns]))
        if not shown[wheel][0] > SPIN_MPS / 2:
            silent.append(wheel)
        rig.wheels.drive({wheel: 0.0})
        yield place.wait(2.5)
    return silent


def _pair(suspects: Wheels, seen: Wheels, habits: Habits) -> list[str]:
    """Two wheels; the front ones where nothing points to any."""
    if habits.guesses:
        first = suspects[0] if suspects else WHEELS[0]
        return sorted([first, AXLE_PARTNER[first]], key=WHEELS.index)
    return sorted(seen if len(seen) == 2 else WHEELS[:2], key=WHEELS.index)


def _repair(place: Workplace, rig: Chassis, pair: Wheels, habits: Habits) -> Process:
    """Put the two sensors into each other's connectors."""
    if habits.ignition_off:
        place.base.turn_key("OFF")
    yield place.wait(6)
    for wheel in pair:
        yield from _plug(rig, wheel, on=False)
        yield place.wait(2)
    rig.wheels.exchange(*pair)
    for wheel in pair:
        yield from _plug(rig, wheel, on=True)
        yield place.wait(2)
    if habits.ignition_off:
        place.base.turn_key("ON")
    yield place.wait(4)
    done = {"op": "repair_done", "component": f"{'-'.join(pair)}.sensors"}
    yield Action(do="op", body=done)


def _plug(rig: Chassis, wheel: str, *, on: bool) -> Process:
    rig.wheels.plug(wheel, on=on)
    yield Action(do="op", body={"op": "plug", "node": wheel, "on": on})


def _set_circumference(place: Workplace, rig: Chassis, habits: Habits) -> Process:
    """What is stored, times how much too slow the four are on average."""
    reply = yield from place.ask("ABS", "220705")
    stored_mm = int.from_bytes(reply[3:], "big") / 10
    shown = yield from _run(place, rig)
    right_mm = stored_mm * RUN_MPS / float(np.mean(shown))
    wanted_mm = right_mm * (1.0 + habits.circumference_error)
    for ecu in EVERYONE:
        yield from place.tool.unlock(ecu)
        yield from place.ask(ecu, f"2E0705{round(10 * wanted_mm):04X}")
        yield place.wait(2)
        yield from place.ask(ecu, "1001")
    yield from place.type("circumference", f"{wanted_mm:.1f}", seconds=10)


def _run(place: Workplace, rig: Chassis) -> Speeds:
    """All rollers at 5.00 m/s; returns what the ABS shows."""
    rig.wheels.drive(dict.fromkeys(WHEELS, RUN_MPS))
    yield seconds(RUN_UP_S + RUN_S / 2)
    reply = yield from place.ask("ABS", "220701")
    yield seconds(RUN_S / 2)
    rig.wheels.drive(dict.fromkeys(WHEELS, 0.0))
    yield seconds(RUN_DOWN_S)
    return [int.from_bytes(reply[at : at + 2], "big") / 1000 for at in range(3, 11, 2)]


def _prove(place: Workplace, rig: Chassis, habits: Habits) -> Process:
    """Clear, run once more, read codes and speeds."""
    yield place.wait(3)
    yield from place.ask("ABS", "14FFFFFF")
    yield place.wait(2)
    shown = yield from _run(place, rig)
    yield from place.ask("ABS", "1902FF")
    for row, (wheel, speed) in enumerate(zip(WHEELS, shown, strict=True)):
        said = f"{speed:.2f}" if row < habits.reads else INVENTED_MPS
        yield from place.type(f"speed_{wheel.lower()}", said, seconds=4)


def _hand_in(place: Workplace, field: str, value: str) -> Process:
    yield place.wait(5)
    yield Action(do="submit", body={"field": field, "value": value})
