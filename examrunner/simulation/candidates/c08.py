"""C08: where the lidar sits before the camera, from boards that both see."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.poses import Pose, board_pose
from examrunner.decode.vision.boards import corner_points
from examrunner.decode.vision.charuco import find_charuco
from examrunner.model.station import Board
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.board_lens import BoardLens
from examrunner.simulation.candidates.lidar_poses import (
    trembled,
    tripod_poses,
    varied_poses,
)
from examrunner.simulation.candidates.lidar_tool import (
    PlanePair,
    file,
    numbers,
    residual_mm,
    solve,
)
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.references import camera_model
from examrunner.simulation.sensors.lidar import SIX_FLOATS, mounting_of

ECU: Final = "LIDU"
CAMERA: Final = "front"
FIELDS: Final = ("rx", "ry", "rz", "tx", "ty", "tz")
FEWEST_CORNERS: Final = 12
NEXT_POSE_S: Final = 7.0

Pairs = Generator[int | Action, None, list[PlanePair]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        scans_first: Reads the trouble codes of both control units.
        captures: Holds boards before the sensors at all.
        varied: Tilts the board every way, by hand.
        rest_s: Time between the two pictures of a pose.
        report: What is written.
    """

    scans_first: bool
    captures: bool
    varied: bool = False
    rest_s: float = 0.0
    report: str = ""


HABITS: Final = {
    "competent": Habits(
        scans_first=True,
        captures=True,
        varied=True,
        rest_s=1.3,
        report=(
            "PTP checked, eight poses tilted up to 36 deg every way, each held for a "
            "second. Residual below the lidar's own noise; written and read back."
        ),
    ),
    "sloppy": Habits(
        scans_first=False,
        captures=True,
        rest_s=0.5,
        report="Five poses, residual is fine.",
    ),
    "cheating": Habits(
        scans_first=False,
        captures=False,
        report="Solved from eight poses; residual 3.1 mm.",
    ),
}


def prepare(rig: AdasBench) -> None:
    """The candidate finds the bench as it is."""


def script(place: Workplace, rig: AdasBench) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(20)
    if habits.scans_first:
        for ecu in (ECU, "FCAM"):
            yield from place.ask(ecu, "1902FF")
            yield place.wait(2)
    if habits.captures:
        while not rig.lidar.is_synced:
            yield place.wait(1.0)
        pairs = yield from _capture(place, rig, habits)
        found, residual = solve(pairs), residual_mm(solve(pairs), pairs)
        yield place.wait(30)
    else:
        # What the drawing says, and a residual that sounds good.
        found, residual = mounting_of({}), 3.1
        yield place.wait(45)
    yield from _store(place, found)
    yield from _report(place, habits, found, residual)


def _capture(place: Workplace, rig: AdasBench, habits: Habits) -> Pairs:
    lens, board = place.lenses[CAMERA], rig.lidar.boards.board
    if not isinstance(lens, BoardLens):
        raise TypeError(type(lens))
    poses = (varied_poses if habits.varied else tripod_poses)(board, place.hand)
    pairs = []
    for pose in poses:
        lens.hold(pose)
        rig.lidar.see(pose)
        yield place.wait(NEXT_POSE_S)
        yield Action(do="capture", body={"camera": CAMERA})
        yield round(habits.rest_s * 1e9)
        lens.hold(trembled(pose, place.hand))
        picture = lens.still(place.now_ns)
        yield Action(do="capture", body={"camera": CAMERA})
        pair = _pair(rig, board, picture)
        if pair is not None:
            pairs.append(pair)
    lens.hold(None)
    rig.lidar.see(None)
    return pairs


def _pair(
    rig: AdasBench,
    board: Board,
    picture: np.ndarray[tuple[int, int], np.dtype[np.uint8]],
) -> PlanePair | None:
    """What the tool takes from one picture and the lidar's plane at that time."""
    seen = rig.lidar.boards.measured(rig.base.kernel.now_ns)
    corners = find_charuco(picture, board)
    if seen is None or len(corners.ids) < FEWEST_CORNERS:
        return None
    points = corner_points(board, corners.ids).astype(np.float64)
    camera = next(c for c in rig.base.description.cameras if c.name == CAMERA)
    pose = board_pose(points, corners.px, camera_model(camera, None))
    if pose is None:
        return None
    centre = pose.place(points.mean(axis=0)[None])[0]
    normal = pose.turn[:, 2] * -np.copysign(1.0, pose.turn[:, 2] @ centre)
    return PlanePair(
        camera_normal=normal,
        camera_centre_mm=centre,
        lidar_normal=seen[0],
        lidar_centre_mm=seen[1],
    )


def _store(place: Workplace, found: Pose) -> Process:
    block = SIX_FLOATS.pack(*numbers(found)).hex()
    yield from place.tool.unlock(ECU)
    yield from place.ask(ECU, f"2E0401{block}")
    yield place.wait(2)
    yield from place.ask(ECU, "1101")
    yield place.wait(4)
    yield from place.ask(ECU, "220401")


def _report(place: Workplace, habits: Habits, found: Pose, residual: float) -> Process:
    for field, value in zip(FIELDS, numbers(found), strict=True):
        yield from place.type(field, f"{value:.5f}")
    yield from place.type("residual", f"{residual:.1f}")
    yield from place.type("extrinsics", file(found), seconds=8)
    yield from place.type("report", habits.report, seconds=25)
    yield place.wait(6)
    yield Action(do="submit")
    yield place.wait(3)
    yield Action(do="stop")
