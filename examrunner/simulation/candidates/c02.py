"""C02: surround view and the extrinsics of the front camera with a mat on the floor."""

import struct
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.errors import ContentError
from examrunner.model.placement import Placement
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.body_camera import BodyCamera
from examrunner.simulation.candidates.body_tool import look, put
from examrunner.simulation.candidates.extrinsics_tool import MAT, camera_on_vehicle
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.sensors.mat_position import (
    distances_to,
    hubs_of,
    position_of,
)
from examrunner.simulation.training_rig import TrainingRig

ECU: Final = "SVC"
CAMERA: Final = "front"
ROUTINES: Final = ("0310", "0311", "0312", "0313")
DIMENSIONS_MM: Final = (2700, 1600, 1600, 900, 1800, 1500)
"""From the label of the bench: wheelbase, tracks, front overhang, width, height."""
NOMINAL_MM: Final = 5000.0
"""How far ahead of the rear axle the middle of the mat belongs."""
PROVEN_S: Final = 13.0
SEAM_SIGMA_MM: Final = 0.4

Floats = NDArray[np.float64]
Numbers = Generator[int | Action, None, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        reads_first: Reads the trouble codes before anything else.
        lateral_mm: How far to the left the mat is laid.
        yaw_deg: How far it is turned to the left.
        lateral_sigma_mm: How much that differs from time to time.
        yaw_sigma_deg: The same for the turn.
        measures: Measures the six distances instead of copying the drawing.
        tape_errors_mm: What is wrong with each distance every time.
        tape_sigma_mm: Reading error of the tape measure.
        routines: Sides that are calibrated.
        computes: Computes the extrinsics instead of copying the neighbour's.
        clears: Clears the trouble codes and looks again.
        report: What is written.
    """

    reads_first: bool = True
    lateral_mm: float = 0.0
    yaw_deg: float = 0.0
    lateral_sigma_mm: float = 2.0
    yaw_sigma_deg: float = 0.08
    measures: bool = True
    tape_errors_mm: tuple[float, ...] = (0.0,) * 6
    tape_sigma_mm: float = 1.2
    routines: tuple[str, ...] = ROUTINES
    computes: bool = True
    clears: bool = True
    report: str = ""


HABITS: Final = {
    "competent": Habits(
        report=(
            "Mat aligned with plumb bobs, six distances measured twice, four sides "
            "calibrated; seams below 15 mm, straight line across all four pictures."
        )
    ),
    "sloppy": Habits(
        lateral_mm=22.0,
        yaw_deg=0.8,
        lateral_sigma_mm=0.5,
        yaw_sigma_deg=0.02,
        # The tape sags and is held to the tyre on the two long diagonals.
        tape_errors_mm=(0.0, 0.0, 12.0, -12.0, 0.0, 0.0),
        report="Calibrated.",
    ),
    "cheating": Habits(
        reads_first=False,
        lateral_mm=60.0,
        yaw_deg=-2.0,
        measures=False,
        routines=ROUTINES[:1],
        computes=False,
        clears=False,
        report="Mat aligned, all four sides calibrated, no code left.",
    ),
}
NEIGHBOUR_OFF_MM: Final = (28.0, -35.2, 0.0)
"""How the camera of the next bench sits against this one's: 45 mm away ..."""
NEIGHBOUR_OFF_DEG: Final = 0.9
"""... and turned to the left."""


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench with the ignition on and the mat rolled up."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    if not isinstance(rig, AdasBench):
        raise ContentError(
            "this rig has no surround view.",
            where=f"stations/{rig.base.description.name}/rig.yaml",
            remedy="Play the task on the ADAS bench.",
        )
    habits = HABITS[place.profile]
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(45)
    if habits.reads_first:
        for ecu in (ECU, "FCAM"):
            yield from place.ask(ecu, "1902FF")
            yield place.wait(4)
    yield from put(place, MAT, _laid(place, habits))
    yield place.wait(8)
    distances = yield from _distances(place, habits)
    yield from _calibrate(place, habits, distances)
    yield from _seams(place, rig)
    yield from _extrinsics(place, habits, distances)
    yield from _finish(place, habits)


def _laid(place: Workplace, habits: Habits) -> Placement:
    """Where the mat comes to lie."""
    return Placement(
        at_mm=(
            place.misread(NOMINAL_MM, 4.0),
            place.misread(habits.lateral_mm, habits.lateral_sigma_mm),
            0.0,
        ),
        yaw_deg=place.misread(habits.yaw_deg, habits.yaw_sigma_deg),
    )


def _distances(place: Workplace, habits: Habits) -> Numbers:
    """Measure the six distances and write them down."""
    found: Floats
    if habits.measures:
        lies = place.base.bodies.where(MAT) or Placement()
        true = distances_to((lies.at_mm[0], lies.at_mm[1], lies.yaw_deg), _hubs())
        read = [place.misread(mm, habits.tape_sigma_mm) for mm in true.tolist()]
        found = np.rint(np.array(read) + np.array(habits.tape_errors_mm))
        yield place.wait(110)
    else:
        found = np.rint(distances_to((NOMINAL_MM, 0.0, 0.0), _hubs()))
        yield place.wait(10)
    table = {f"d{row}": f"{mm:.0f}" for row, mm in enumerate(found, 1)}
    yield from place.type("distances", table, seconds=20)
    return found


def _calibrate(place: Workplace, habits: Habits, distances: Floats) -> Process:
    yield from place.tool.unlock(ECU)
    dimensions = struct.pack(">6H", *DIMENSIONS_MM).hex()
    yield from place.ask(ECU, f"2E0321{dimensions}")
    stated = struct.pack(">6H", *(int(mm) for mm in distances)).hex()
    yield from place.ask(ECU, f"2E0322{stated}")
    yield from look(place)
    for routine in habits.routines:
        yield from place.ask(ECU, f"3101{routine}")
        yield place.wait(1)
        yield from place.ask(ECU, f"3103{routine}")
        yield place.wait(3)


def _seams(place: Workplace, rig: AdasBench) -> Process:
    """Look at the picture from above and note its seams."""
    yield place.wait(20)
    shown = {
        seam.lower(): f"{place.misread(mm, SEAM_SIGMA_MM):.1f}"
        for seam, mm in rig.surround.seams_mm().items()
    }
    yield from place.type("seams", shown, seconds=10)


def _extrinsics(place: Workplace, habits: Habits, distances: Floats) -> Process:
    """Take a still of the mat and state where the front camera sits."""
    yield Action(do="capture", body={"camera": CAMERA})
    yield place.wait(25)
    lens = _lens(place)
    found = _computed(place, lens, distances) if habits.computes else _copied(lens)
    stated = dict(zip("xyz", (f"{mm:.1f}" for mm in found.at_mm), strict=True))
    stated |= {
        "roll": f"{found.roll_deg:.3f}",
        "pitch": f"{found.pitch_deg:.3f}",
        "yaw": f"{found.yaw_deg:.3f}",
    }
    for field, value in stated.items():
        yield from place.type(field, value, seconds=4)


def _lens(place: Workplace) -> BodyCamera:
    lens = place.lenses.get(CAMERA)
    if not isinstance(lens, BodyCamera):
        raise ContentError(
            "nothing says where the front camera sits.",
            where="rubric C02, variants",
            remedy="Give the variant at_mm and roll_pitch_yaw_deg under rig, cameras.",
        )
    return lens


def _computed(place: Workplace, lens: BodyCamera, distances: Floats) -> Placement:
    """The bench tool takes the mat to lie straight before the vehicle."""
    found = position_of(distances, _hubs())
    ahead = NOMINAL_MM if found is None else found[0]
    return camera_on_vehicle(
        lens.still(place.now_ns),
        place.base.description,
        CAMERA,
        lens.model,
        Placement(at_mm=(ahead, 0.0, 0.0)),
    )


def _copied(lens: BodyCamera) -> Placement:
    """What the neighbour's camera has."""
    x, y, z = np.array(lens.hung_at.at_mm) + np.array(NEIGHBOUR_OFF_MM)
    return replace(
        lens.hung_at,
        at_mm=(float(x), float(y), float(z)),
        yaw_deg=lens.hung_at.yaw_deg + NEIGHBOUR_OFF_DEG,
    )


def _hubs() -> Floats:
    return hubs_of(*(float(mm) for mm in DIMENSIONS_MM[:3]))


def _finish(place: Workplace, habits: Habits) -> Process:
    yield from place.type("report", habits.report, seconds=20)
    if habits.clears:
        yield from place.ask(ECU, "14FFFFFF")
        yield seconds(PROVEN_S)
        yield from place.ask(ECU, "190209")
    yield place.wait(10)
    yield Action(do="submit")
    yield place.wait(4)
    yield Action(do="stop")
