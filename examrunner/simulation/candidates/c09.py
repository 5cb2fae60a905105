"""C09: lever arm, gyro bias and alignment of the navigation unit."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.sensors.inertial import LEVER_ARM

ECU: Final = "INSU"
AXES: Final = ("x", "y", "z")
TURN_DPS: Final = 18.0
TURNED_S: Final = 730.0 / TURN_DPS + 1.0
"""Two turns and a little, with the ramp."""
LOOK_S: Final = 1.0

Arm = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        scans_first: Reads the trouble codes before anything else.
        off_mm: How wrong each axis of the lever arm comes out, beside the hand.
        sigma_mm: Of the hand with tape and plumb line.
        rest_s: How long nobody touches the frame before the bias; None: never.
        rests_after: Stays off the frame while the bias is estimated.
        estimates: Starts the bias routine.
        resets: Restarts the unit after writing.
        ways: Directions in which the table is turned twice.
        steps_back_s: How long the frame is left alone at the end; None: never.
    """

    scans_first: bool
    off_mm: Arm
    sigma_mm: float
    rest_s: float | None
    rests_after: bool
    estimates: bool
    resets: bool
    ways: tuple[int, ...]
    steps_back_s: float | None


HABITS: Final = {
    "competent": Habits(
        scans_first=True,
        off_mm=(0, 0, 0),
        sigma_mm=3.0,
        rest_s=65.0,
        rests_after=True,
        estimates=True,
        resets=True,
        ways=(1, -1),
        steps_back_s=14.0,
    ),
    "sloppy": Habits(
        scans_first=False,
        off_mm=(45, 0, 0),
        sigma_mm=1.0,
        rest_s=20.0,
        rests_after=False,
        estimates=True,
        resets=False,
        ways=(1,),
        steps_back_s=14.0,
    ),
    # The label of the neighbour's antenna, laptop on the frame all the time.
    "cheating": Habits(
        scans_first=False,
        off_mm=(80, 0, 0),
        sigma_mm=1.0,
        rest_s=None,
        rests_after=False,
        estimates=False,
        resets=False,
        ways=(),
        steps_back_s=None,
    ),
}


def prepare(rig: AdasBench) -> None:
    """The candidate finds the bench as it is."""


def script(place: Workplace, rig: AdasBench) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    place.work_area.enter({"coat", "gloves"})
    rig.inertial.resting.touch(touched=True)
    yield place.wait(12)
    if habits.scans_first:
        yield from place.ask(ECU, "1902FF")
        yield place.wait(4)
    while not rig.inertial.has_fixed_solution:
        yield place.wait(LOOK_S)
    arm = yield from _measure(place, habits)
    yield from _rest(place, rig, habits)
    yield from _store(place, habits, arm)
    yield from _rotate(place, rig, habits.ways)
    yield from _prove(place, rig, habits)
    yield from _report(place, arm)


def _measure(
    place: Workplace, habits: Habits
) -> Generator[int | Action, None, dict[str, int]]:
    """Tape and plumb line from the mark of the unit to the antenna."""
    arm = {}
    for axis, off in zip(AXES, habits.off_mm, strict=True):
        yield place.wait(14)
        true = float(str(place.truth[f"la_{axis}"]))
        arm[axis] = round(place.misread(true + off, habits.sigma_mm))
    return arm


def _rest(place: Workplace, rig: AdasBench, habits: Habits) -> Process:
    if habits.rest_s is None:
        return
    rig.inertial.resting.touch(touched=False)
    yield place.wait(habits.rest_s)
    rig.inertial.resting.touch(touched=not habits.rests_after)


def _store(place: Workplace, habits: Habits, arm: dict[str, int]) -> Process:
    yield from place.tool.unlock(ECU)
    yield from place.ask(ECU, f"2E0601{LEVER_ARM.pack(*arm.values()).hex()}")
    yield place.wait(2)
    if habits.estimates:
        yield from place.ask(ECU, "31010601")
        yield place.wait(1)
        yield from place.ask(ECU, "31030601")
    if habits.resets:
        yield from place.ask(ECU, "1101")
        yield place.wait(6)


def _rotate(place: Workplace, rig: AdasBench, ways: Iterable[int]) -> Process:
    for way in ways:
        rig.table.turn(way * TURN_DPS)
        yield round(TURNED_S * 1e9)
        rig.table.turn(0.0)
        yield place.wait(4)


def _prove(place: Workplace, rig: AdasBench, habits: Habits) -> Process:
    yield from place.ask(ECU, "220601")
    yield place.wait(2)
    if habits.steps_back_s is not None:
        rig.inertial.resting.touch(touched=False)
        yield place.wait(habits.steps_back_s)
        rig.inertial.resting.touch(touched=True)
    yield from place.ask(ECU, "14FFFFFF")
    yield place.wait(4)
    yield from place.ask(ECU, "190209")


def _report(place: Workplace, arm: dict[str, int]) -> Process:
    reply = yield from place.ask(ECU, "220602")
    bias = int.from_bytes(reply[-2:], "big", signed=True) / 1000.0
    for axis, value in arm.items():
        yield from place.type(f"la_{axis}", str(value))
    for axis in AXES:
        sign = place.truth[f"sign_{axis}"]
        yield from place.type(f"sign_{axis}", sign, seconds=2)
    yield from place.type("gyro_bias", f"{bias:.2f}")
    yield place.wait(6)
    yield Action(do="submit")
    yield place.wait(3)
    yield Action(do="stop")
