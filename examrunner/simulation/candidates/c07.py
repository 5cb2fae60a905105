"""C07: checking and calibrating ultrasonic sensors with a flat plate."""

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from examrunner.model.errors import ContentError
from examrunner.model.placement import Placement
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.candidates.body_tool import put, put_away
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.sensors.ultrasonic import ACROSS_MM, BUMPER_MM, PLATE
from examrunner.simulation.training_rig import TrainingRig

ECU: Final = "USSC"
DISTANCES_MM: Final = (500, 1000, 1500)
PLATE_HEIGHT_MM: Final = 500.0
HALL_C: Final = 23
"""What the thermometer on the bench shows."""
NO_ECHO: Final = "no echo"
BETWEEN_READINGS_S: Final = 0.5
PROVEN_S: Final = 34.0

Shown = list[float]
"""Distance that each front sensor shows, NaN for none."""
Reading = Generator[int | Action, None, Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        first_pass: Distances before the calibration, in order.
        stays: Leaves the plate where it is during the repair.
        calibrates_at: Distances that the offsets are computed from.
        second_pass: Distances after it.
        waits_s: How long the plate rests at least.
        readings: How many readings are averaged.
        corrects_temperature: Compares the air temperature and writes the right one.
        reads_back: Reads the distances after writing.
        blank_cells: Readings that are forgotten in the form.
        yaw_sigma_deg: How crooked the plate stands.
    """

    first_pass: tuple[int, ...]
    stays: bool
    calibrates_at: tuple[int, ...]
    second_pass: tuple[int, ...]
    waits_s: float
    readings: int
    corrects_temperature: bool = False
    reads_back: bool = True
    blank_cells: int = 0
    yaw_sigma_deg: float = 0.1


HABITS: Final = {
    "competent": Habits(
        first_pass=DISTANCES_MM,
        stays=True,
        calibrates_at=DISTANCES_MM,
        second_pass=DISTANCES_MM,
        waits_s=2.0,
        readings=10,
        corrects_temperature=True,
    ),
    "sloppy": Habits(
        first_pass=DISTANCES_MM,
        stays=False,
        calibrates_at=(500,),
        second_pass=DISTANCES_MM,
        waits_s=1.0,
        readings=3,
        blank_cells=3,
        yaw_sigma_deg=0.15,
    ),
    "cheating": Habits(
        first_pass=(1000,),
        stays=True,
        calibrates_at=(1000,),
        second_pass=(1000,),
        waits_s=3.0,
        readings=8,
        reads_back=False,
    ),
}
PLACE_SIGMA_MM: Final = 1.5
NEARLY_MM: Final = 50.0
LATERAL_SIGMA_MM: Final = 8.0
INVENTED_SIGMA_MM: Final = 6.0


@dataclass(slots=True)
class Notes:
    """What the candidate writes down at the bench, by distance."""

    before: dict[int, Shown] = field(default_factory=dict)
    mended: dict[int, Shown] = field(default_factory=dict)
    after: dict[int, Shown] = field(default_factory=dict)


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench with the ignition on and the plate aside."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    if not isinstance(rig, AdasBench):
        raise ContentError(
            "this rig has no ultrasonic sensors.",
            where=f"stations/{rig.base.description.name}/rig.yaml",
            remedy="Play the task on the ADAS bench.",
        )
    habits, notes = HABITS[place.profile], Notes()
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(30)
    yield from _look_first(place, habits)
    for distance in habits.first_pass:
        notes.before[distance] = yield from _measure(place, rig, habits, distance)
    broken = _silent(notes.before)
    if not habits.stays:
        yield from put_away(place, PLATE)
    yield from _mend(place, broken)
    yield from _measure_again(place, rig, habits, notes)
    yield from _calibrate(place, habits, notes)
    for distance in habits.second_pass:
        notes.after[distance] = yield from _measure(place, rig, habits, distance)
    if habits.reads_back:
        yield from place.ask(ECU, "220510")
    yield from put_away(place, PLATE)
    yield from _report(place, habits, notes, broken)


def _look_first(place: Workplace, habits: Habits) -> Process:
    yield from place.ask(ECU, "1902FF")
    yield place.wait(6)
    if not habits.corrects_temperature:
        return
    reply = yield from place.ask(ECU, "220505")
    yield place.wait(8)
    if int.from_bytes(reply[3:], "big", signed=True) != HALL_C:
        yield from place.tool.unlock(ECU)
        yield from place.ask(ECU, f"2E0505{HALL_C:02X}")


def _measure(
    place: Workplace, rig: AdasBench, habits: Habits, distance: int
) -> Reading:
    """Put the plate before the sensors, unless it is there, and note what they show."""
    standing = rig.base.bodies.where(PLATE)
    if standing is None or abs(standing.at_mm[0] - BUMPER_MM - distance) > NEARLY_MM:
        yield from put(place, PLATE, _placed(place, habits, distance))
    yield seconds(habits.waits_s)
    return (yield from _read(rig, habits.readings))


def _placed(place: Workplace, habits: Habits, distance: int) -> Placement:
    """Where the plate stands when the tape measure shows the distance."""
    return Placement(
        at_mm=(
            BUMPER_MM + place.misread(distance, PLACE_SIGMA_MM),
            place.misread(0.0, LATERAL_SIGMA_MM),
            PLATE_HEIGHT_MM,
        ),
        yaw_deg=place.misread(0.0, habits.yaw_sigma_deg),
    )


def _read(rig: AdasBench, readings: int) -> Reading:
    """The mean of some readings of the four front sensors."""
    shown = []
    for _ in range(readings):
        yield seconds(BETWEEN_READINGS_S)
        shown.append(rig.ultrasonic.display()[: len(ACROSS_MM)])
    means: Shown = np.mean(shown, axis=0).tolist()
    return means


def _silent(found: dict[int, Shown]) -> int:
    """Number of the sensor that shows nothing."""
    shown = next(iter(found.values()))
    return next(row for row, mm in enumerate(shown, 1) if math.isnan(mm))


def _mend(place: Workplace, sensor: int) -> Process:
    """Plug the sensor in again with the ignition off."""
    yield place.wait(10)
    place.base.turn_key("OFF")
    yield place.wait(4)
    part = {"node": ECU, "part": f"sensor {sensor}"}
    yield Action(do="op", body={"op": "plug", **part, "on": False})
    yield place.wait(15)
    component = f"{ECU}.sensor{sensor}"
    place.fault_box.repair(component)
    yield Action(do="op", body={"op": "plug", **part, "on": True})
    yield place.wait(3)
    place.base.turn_key("ON")
    yield place.wait(4)
    yield Action(do="op", body={"op": "repair_done", "component": component})


def _measure_again(
    place: Workplace, rig: AdasBench, habits: Habits, notes: Notes
) -> Process:
    """The mended sensor has no reading yet."""
    if habits.stays:
        at_the_plate = habits.first_pass[-1]
        notes.mended[at_the_plate] = yield from _read(rig, habits.readings)
        return
    for distance in habits.calibrates_at:
        notes.mended[distance] = yield from _measure(place, rig, habits, distance)
    yield from put_away(place, PLATE)


def _calibrate(place: Workplace, habits: Habits, notes: Notes) -> Process:
    yield place.wait(12)
    yield from place.tool.unlock(ECU)
    for row in range(len(ACROSS_MM)):
        known = notes.before if habits.stays else notes.mended
        errors = _errors(known, row) or _errors(notes.mended, row)
        offset = round(sum(errors) / len(errors))
        yield from place.ask(ECU, f"2E{0x0511 + row:04X}{offset & 0xFFFF:04X}")
        yield seconds(0.5)
    yield place.wait(2)


def _errors(found: dict[int, Shown], row: int) -> list[float]:
    """How far a sensor was off at each distance at which it showed one."""
    apart = [shown[row] - distance for distance, shown in found.items()]
    return [mm for mm in apart if not math.isnan(mm)]


def _report(place: Workplace, habits: Habits, notes: Notes, broken: int) -> Process:
    blank = habits.blank_cells
    for name, found in (("before", notes.before), ("after", notes.after)):
        for distance in DISTANCES_MM:
            shown = found.get(distance)
            table = _table(_invented(place, distance) if shown is None else shown)
            while blank and name == "after":
                table.pop(f"s{blank}")
                blank -= 1
            yield from place.type(f"{name}_{distance}", table, seconds=14)
    yield from place.type("faulty_sensor", str(broken), seconds=4)
    yield from place.ask(ECU, "14FFFFFF")
    yield seconds(PROVEN_S)
    yield from place.ask(ECU, "1902FF")
    yield place.wait(6)
    yield Action(do="submit")
    yield place.wait(4)
    yield Action(do="stop")


def _invented(place: Workplace, distance: int) -> Sequence[float]:
    return [place.misread(distance, INVENTED_SIGMA_MM) for _ in ACROSS_MM]


def _table(shown: Sequence[float]) -> dict[str, object]:
    return {
        f"s{row}": NO_ECHO if math.isnan(mm) else f"{mm:.0f}"
        for row, mm in enumerate(shown, 1)
    }
