"""C05: storing the zero of a steering-angle sensor."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.chassis import Chassis
from examrunner.simulation.trouble_codes import CONFIRMED

BLOCKED, FREE = 0, 1
FOUND_TURNED_DEG: Final = 8.0
"""How the wheels stand when the candidate comes."""
LOCK_DEG: Final = 455.0
HAND_SIGMA_DEG: Final = 0.04
EYE_SIGMA_DEG: Final = 0.05
INVOLVED: Final = ("SAS", "EPS")
FIRST_CODE: Final = 3
"""Byte of a list of trouble codes where the first one begins."""

Text = Generator[int | Action, None, str]
Number = Generator[int | Action, None, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        scans_first: Reads the trouble codes before anything else.
        straight_deg: Where the wheels stand at the routine; None: as they were found.
        turns_to_lock: Turns from lock to lock afterwards.
        cycles_key: Proves the clearing by an ignition cycle.
        measures_after: Compares sensor and rack afterwards instead of typing 0.
    """

    scans_first: bool
    straight_deg: float | None
    turns_to_lock: bool
    cycles_key: bool
    measures_after: bool


HABITS: Final = {
    "competent": Habits(
        scans_first=True,
        straight_deg=0.0,
        turns_to_lock=True,
        cycles_key=True,
        measures_after=True,
    ),
    "sloppy": Habits(
        scans_first=False,
        straight_deg=2.1,
        turns_to_lock=False,
        cycles_key=False,
        measures_after=False,
    ),
    "cheating": Habits(
        scans_first=True,
        straight_deg=None,
        turns_to_lock=False,
        cycles_key=False,
        measures_after=False,
    ),
}


def prepare(rig: Chassis) -> None:
    """How the candidate finds the rig: on the ground, wheels turned."""
    rig.base.bench.switch("RIG_Wheels", FREE)
    rig.pull_wheel(FOUND_TURNED_DEG)


def script(place: Workplace, rig: Chassis) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(45)
    place.base.bench.switch("RIG_Wheels", BLOCKED)
    yield place.wait(15)
    code = ""
    if habits.scans_first:
        code = yield from _scan(place)
    if habits.straight_deg is not None:
        yield from _set_straight(place, rig, habits.straight_deg)
    yield from _store_zero(place)
    if habits.turns_to_lock:
        yield from _turn_to_lock(place, rig, habits.straight_deg or 0.0)
    if not habits.scans_first:
        code = yield from _scan(place)
    yield from place.type("dtc", code, seconds=10)
    yield from _clear(place, habits)
    yield from _compare(place, habits)
    yield place.wait(8)
    yield Action(do="submit")
    yield place.wait(6)
    yield Action(do="stop")


def _scan(place: Workplace) -> Text:
    """Read the codes of both control units; returns the stored one."""
    found = ""
    for ecu in INVOLVED:
        reply = yield from place.ask(ecu, "1902FF")
        found = found or _stored_code(place, ecu, reply)
        yield place.wait(4)
    return found


def _stored_code(place: Workplace, ecu: str, reply: bytes) -> str:
    known = next(e for e in place.base.description.ecus if e.name == ecu).dtcs
    for at in range(FIRST_CODE, len(reply) - 3, 4):
        if reply[at + 3] & CONFIRMED:
            return known[int.from_bytes(reply[at : at + 3], "big")][0]
    return ""


def _set_straight(place: Workplace, rig: Chassis, straight_deg: float) -> Process:
    """Put the alignment bars on and turn the wheels until they stand as wanted."""
    yield place.wait(70)
    rig.pull_wheel(place.misread(straight_deg, HAND_SIGMA_DEG))
    yield place.wait(25)


def _store_zero(place: Workplace) -> Process:
    reply = yield from place.ask("SAS", "220201")
    seen = place.misread(_degrees(reply), EYE_SIGMA_DEG)
    yield from place.type("offset_before", f"{seen:.1f}", seconds=12)
    yield from place.tool.unlock("SAS")
    yield place.wait(1)
    yield from place.ask("SAS", "31010201")
    yield place.wait(1.5)
    yield from place.ask("SAS", "31030201")


def _turn_to_lock(place: Workplace, rig: Chassis, straight_deg: float) -> Process:
    for there in (LOCK_DEG, -LOCK_DEG, place.misread(straight_deg, HAND_SIGMA_DEG)):
        yield place.wait(3)
        rig.pull_wheel(there)
        yield place.wait(6)


def _clear(place: Workplace, habits: Habits) -> Process:
    for ecu in INVOLVED:
        yield from place.ask(ecu, "14FFFFFF")
        yield place.wait(2)
    if habits.cycles_key:
        yield place.wait(4)
        place.base.turn_key("OFF")
        yield place.wait(8)
        place.base.turn_key("ON")
        yield place.wait(8)
    yield from _scan(place)


def _compare(place: Workplace, habits: Habits) -> Process:
    """What is left between sensor and rack; the display alone says nothing."""
    left = yield from _difference(place, habits)
    yield from place.type("offset_after", f"{left:.1f}", seconds=12)


def _difference(place: Workplace, habits: Habits) -> Number:
    if not habits.measures_after:
        return 0.0
    shown = yield from place.ask("SAS", "220201")
    yield place.wait(2)
    rack = yield from place.ask("EPS", "220205")
    return _degrees(shown) - _degrees(rack)


def _degrees(reply: bytes) -> float:
    return int.from_bytes(reply[3:5], "big", signed=True) / 10
