"""C04: aligning the radar with a corner reflector."""

import math
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Final

from examrunner.model.placement import Placement
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.sensors.radar import DEG_PER_TURN
from examrunner.simulation.sensors.radar_scene import RADAR_AT_MM, REFLECTOR

ECU: Final = "FRAD"
ASKED_MM: Final = 4000.0
HAND_SIGMA_MM: Final = 1.5
TURN_SIGMA: Final = 0.04
"""How well a hand turns a screw, in turns."""
MOST_TRIES: Final = 9

Reading = Generator[int | Action, None, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        wears: Protective equipment.
        reads_first: Reads trouble codes and serial number before the first routine.
        aside_mm: How far the reflector stands to the side that the radar points to.
        enough_deg: Misalignment at which the adjusting ends.
        leaves_deg: Misalignment that the last turn aims at.
        slides: Slides the reflector instead of turning the screw.
        report: What is written.
    """

    wears: frozenset[str]
    reads_first: bool
    report: str
    aside_mm: float = 0.0
    enough_deg: float = 0.15
    leaves_deg: float = 0.0
    slides: bool = False


DRESSED: Final = frozenset({"coat", "gloves"})
HABITS: Final = {
    "competent": Habits(
        wears=DRESSED,
        reads_first=True,
        report=(
            "Reflector on the thrust line at 4000 mm, measured, turned the screw until "
            "the misalignment was below 0.2 deg, stored, cleared and read again."
        ),
    ),
    # Sights along the housing of the bent radar instead of finding the thrust line.
    "sloppy": Habits(
        wears=frozenset(),
        reads_first=False,
        aside_mm=20.0,
        enough_deg=0.36,
        leaves_deg=0.30,
        report="Adjusted, stored.",
    ),
    "cheating": Habits(
        wears=DRESSED,
        reads_first=True,
        slides=True,
        report="Measured, adjusted with the screw below 0.2 deg, stored and cleared.",
    ),
}


def prepare(rig: AdasBench) -> None:
    """The candidate finds the bench as it is, the reflector out of the way."""


def script(place: Workplace, rig: AdasBench) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    place.work_area.enter(habits.wears)
    yield place.wait(60)
    if habits.reads_first:
        for request in ("1902FF", "22F18C"):
            yield from place.ask(ECU, request)
            yield place.wait(4)
    yield from _set_up(place, rig, habits)
    found = yield from _measure(place)
    yield from place.type("initial", f"{found:.2f}", seconds=10)
    yield from place.type("direction", "left" if found > 0 else "right", seconds=8)
    left = yield from _adjust(place, rig, habits, found)
    yield from _store(place)
    yield from place.type("final", f"{left:.2f}", seconds=10)
    yield from place.ask(ECU, "14FFFFFF")
    yield place.wait(5)
    yield from place.ask(ECU, "1902FF")
    yield from place.type("report", habits.report, seconds=40)
    yield Action(do="submit")
    yield place.wait(6)
    yield Action(do="stop")


def _set_up(place: Workplace, rig: AdasBench, habits: Habits) -> Process:
    pointed_to = -math.copysign(1.0, rig.radar.bent_deg.latest)
    right = (RADAR_AT_MM[0] + ASKED_MM, pointed_to * habits.aside_mm, RADAR_AT_MM[2])
    x, y, z = (place.misread(value, HAND_SIGMA_MM) for value in right)
    yield place.wait(50)
    place.base.bodies.move(REFLECTOR, Placement(at_mm=(x, y, z)), over_s=4.0)
    yield place.wait(60)


def _measure(place: Workplace) -> Reading:
    """Run the alignment measurement; the misalignment that the radar reports."""
    yield from place.tool.unlock(ECU)
    yield from place.ask(ECU, "31010302")
    yield place.wait(0.5)
    yield from place.ask(ECU, "31030302")
    reply = yield from place.ask(ECU, "220302")
    yield place.wait(4)
    return int.from_bytes(reply[3:5], "big", signed=True) / 100


def _adjust(place: Workplace, rig: AdasBench, habits: Habits, found: float) -> Reading:
    """Turn the screw, or slide the reflector, until the radar shows little enough."""
    for _ in range(MOST_TRIES):
        if abs(found) <= habits.enough_deg:
            break
        too_much = found - math.copysign(habits.leaves_deg, found)
        yield place.wait(20)
        if habits.slides:
            _slide(place, too_much)
        else:
            turns = place.misread(too_much / DEG_PER_TURN, TURN_SIGMA)
            rig.radar.turn_screw(turns)
        yield place.wait(10)
        found = yield from _measure(place)
    return found


def _slide(place: Workplace, too_much: float) -> None:
    """Move the reflector to where a bent radar takes it for dead ahead."""
    standing = place.base.bodies.where(REFLECTOR)
    if standing is None:
        return
    x, y, z = standing.at_mm
    aside = y - ASKED_MM * math.tan(math.radians(too_much))
    place.base.bodies.move(REFLECTOR, replace(standing, at_mm=(x, aside, z)))


def _store(place: Workplace) -> Process:
    yield from place.tool.unlock(ECU)
    yield from place.ask(ECU, "31010303")
    yield place.wait(1)
    yield from place.ask(ECU, "31030303")
