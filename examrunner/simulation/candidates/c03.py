"""C03: aiming the forward camera at a target stand."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from examrunner.model.placement import Placement
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.sensors.aiming_target import ASKED_MM, CAMERA_AT_MM, STAND

ECU: Final = "FCAM"
RIGHT: Final = Placement(at_mm=(CAMERA_AT_MM[0] + ASKED_MM, 0.0, 1200.0))
HAND_SIGMA_MM, HAND_SIGMA_DEG = 1.6, 0.1
READING_SIGMA_MM, READING_SIGMA_DEG = 0.8, 0.05
OK: Final = 0x02
MOST_TRIES: Final = 8
REASONS: Final = {0x5A6754: "replaced", 0x5A6778: "wrong_data"}
"""What each trouble code of the camera means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        wears: Protective equipment.
        scans_first: Reads the trouble codes before the stand comes.
        off: How the stand is off from where it should be.
        shift_mm: How far it is shifted until the routine accepts it.
        table: Distance, lateral, height and level as written; None: measured.
    """

    wears: frozenset[str]
    scans_first: bool
    off: Placement
    shift_mm: float = 0.0
    table: tuple[str, str, str, str] | None = None


DRESSED: Final = frozenset({"coat", "gloves"})
HABITS: Final = {
    "competent": Habits(wears=DRESSED, scans_first=True, off=Placement()),
    "sloppy": Habits(
        wears=frozenset(),
        scans_first=False,
        off=Placement(at_mm=(4.0, 18.0, -2.0), yaw_deg=1.4, roll_deg=0.4),
        table=("3000", "0", "1200", "0"),
    ),
    "cheating": Habits(
        wears=DRESSED,
        scans_first=True,
        off=Placement(at_mm=(-4.0, 260.0, 2.0), yaw_deg=1.25),
        shift_mm=45.0,
        table=("2984", "-3", "1187", "0.1"),
    ),
}


def prepare(rig: AdasBench) -> None:
    """The candidate finds the bench as it is, the stand out of the way."""


def script(place: Workplace, rig: AdasBench) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    place.work_area.enter(habits.wears)
    yield place.wait(70)
    if habits.scans_first:
        yield from place.ask(ECU, "22F18C")
        yield place.wait(3)
        yield from _read_codes(place)
    yield from _set_up(place, habits)
    if not habits.scans_first:
        yield from _read_codes(place)
    yield from _aim(place, habits)
    yield from _measure(place, habits)
    yield from place.ask(ECU, "14FFFFFF")
    yield place.wait(6)
    yield from place.ask(ECU, "1902FF")
    yield from place.type("dtc_after", "none", seconds=15)
    yield place.wait(20)
    yield Action(do="submit")
    yield place.wait(5)
    yield Action(do="stop")


def _read_codes(place: Workplace) -> Process:
    """Read the stored codes and note what they say."""
    reply = yield from place.ask(ECU, "190208")
    known = place.base.units[ECU].ecu.dtcs
    for at in range(3, len(reply) - 3, 4):
        number = int.from_bytes(reply[at : at + 3], "big")
        if number in REASONS:
            yield from place.type("dtc_before", known[number][0], seconds=10)
            yield from place.type("reason", REASONS[number], seconds=8)


def _set_up(place: Workplace, habits: Habits) -> Process:
    """Bring the stand, then set it up as well as this candidate does."""
    bodies, wanted = place.base.bodies, _added(RIGHT, habits.off)
    x, y, z = wanted.at_mm
    rough = replace(wanted, at_mm=(x + 60.0, y + 45.0, z), yaw_deg=wanted.yaw_deg + 1.5)
    yield place.wait(60)
    bodies.move(STAND, rough, over_s=4.0)
    yield place.wait(45)
    bodies.move(STAND, _by_hand(place, wanted), over_s=3.0)
    yield place.wait(60)


def _aim(place: Workplace, habits: Habits) -> Process:
    """Start the routine; who shifts the stand does so until it is accepted."""
    bodies = place.base.bodies
    for _ in range(MOST_TRIES):
        yield from place.tool.unlock(ECU)
        yield from place.ask(ECU, "31010301")
        yield place.wait(1)
        reply = yield from place.ask(ECU, "31030301")
        standing = bodies.where(STAND)
        if reply[4:5] == bytes([OK]) or not habits.shift_mm or standing is None:
            return
        x, y, z = standing.at_mm
        bodies.move(STAND, replace(standing, at_mm=(x, y - habits.shift_mm, z)))
        yield place.wait(12)


def _measure(place: Workplace, habits: Habits) -> Process:
    """Write down where the stand is, with tape, plumb and level, or from a paper."""
    standing = place.base.bodies.where(STAND) or RIGHT
    x, y, z = standing.at_mm
    measured = (
        f"{place.misread(x - CAMERA_AT_MM[0], READING_SIGMA_MM):.0f}",
        f"{place.misread(y, READING_SIGMA_MM):.0f}",
        f"{place.misread(z, READING_SIGMA_MM):.0f}",
        f"{place.misread(standing.roll_deg, READING_SIGMA_DEG):.1f}",
    )
    fields = ("distance", "lateral", "height", "level")
    for field, value in zip(fields, habits.table or measured, strict=True):
        yield from place.type(field, value, seconds=14)


def _by_hand(place: Workplace, wanted: Placement) -> Placement:
    """Nobody sets a stand up exactly."""
    x, y, z = (place.misread(value, HAND_SIGMA_MM) for value in wanted.at_mm)
    yaw, pitch, roll = (
        place.misread(angle, HAND_SIGMA_DEG)
        for angle in (wanted.yaw_deg, wanted.pitch_deg, wanted.roll_deg)
    )
    return Placement(at_mm=(x, y, z), yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll)


def _added(right: Placement, off: Placement) -> Placement:
    x, y, z = (float(v) for v in np.add(right.at_mm, off.at_mm))
    return replace(off, at_mm=(x, y, z))
