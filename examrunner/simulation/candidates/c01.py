"""C01: intrinsics of the front camera with a ChArUco board."""

import struct
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

from examrunner.model.errors import ContentError
from examrunner.model.station import Board, Camera
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.board_camera import BoardPose
from examrunner.simulation.board_lens import BoardLens
from examrunner.simulation.candidates.calibration_tool import Calibration, calibrate
from examrunner.simulation.candidates.views import (
    frontal_views,
    single_view,
    spread_views,
)
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.pictures import Pixels
from examrunner.simulation.training_rig import TrainingRig

ECU: Final = "FCAM"
INTRINSICS: Final = "1001"
COPIES: Final = 20
RMS_SIGMA_PX: Final = 0.004


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        wears: Protective equipment.
        reads_first: Reads identification and fault memory before the first picture.
        seconds_per_view: Time for one picture.
    """

    wears: frozenset[str]
    reads_first: bool
    seconds_per_view: float


DRESSED: Final = frozenset({"coat", "gloves"})
HABITS: Final = {
    "competent": Habits(wears=DRESSED, reads_first=True, seconds_per_view=9.0),
    "sloppy": Habits(wears=frozenset(), reads_first=False, seconds_per_view=12.0),
    "cheating": Habits(wears=DRESSED, reads_first=True, seconds_per_view=7.0),
}


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench as it is."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    camera, lens = _camera(place)
    board = _board(camera)
    place.work_area.enter(habits.wears)
    yield place.wait(25)
    if habits.reads_first:
        for request in ("22F190", "22F18C", "22F195", "190208"):
            yield from place.ask(ECU, request)
            yield place.wait(2)
    pictures = yield from _take(place, habits, camera, lens, board)
    found = calibrate(pictures, board)
    yield place.wait(35)
    yield from _store(place, found)
    yield from _report(place, board, found)


def _camera(place: Workplace) -> tuple[Camera, BoardLens]:
    for camera in place.base.description.cameras:
        lens = place.lenses.get(camera.name)
        if isinstance(lens, BoardLens):
            return camera, lens
    raise ContentError(
        "this rig has no camera that could be calibrated.",
        where=f"stations/{place.base.description.name}/rig.yaml",
        remedy="Play the task on the ADAS bench.",
    )


def _board(camera: Camera) -> Board:
    if camera.board is None:
        raise ContentError(
            f"camera '{camera.name}' has no board.",
            where="rig.yaml, cameras",
            remedy="Describe the board that is held before it.",
        )
    return camera.board


def _poses(place: Workplace, board: Board) -> list[BoardPose]:
    if place.profile == "competent":
        return spread_views(board, place.hand)
    if place.profile == "sloppy":
        return frontal_views(board, place.hand)
    return [single_view(board, place.hand)] * COPIES


def _take(
    place: Workplace, habits: Habits, camera: Camera, lens: BoardLens, board: Board
) -> Generator[int | Action, None, list[Pixels]]:
    pictures = []
    for pose in _poses(place, board):
        lens.hold(pose)
        yield place.wait(habits.seconds_per_view)
        pictures.append(lens.still(place.now_ns))
        yield Action(do="capture", body={"camera": camera.name})
    lens.hold(None)
    return pictures


def _store(place: Workplace, found: Calibration) -> Process:
    block = struct.pack(">9f", *found.numbers().values()).hex()
    yield from place.tool.unlock(ECU)
    yield from place.ask(ECU, f"2E{INTRINSICS}{block}")
    yield from place.ask(ECU, "1101")
    yield place.wait(4)
    yield from place.ask(ECU, f"22{INTRINSICS}")


def _report(place: Workplace, board: Board, found: Calibration) -> Process:
    rms = place.misread(found.rms_px, RMS_SIGMA_PX)
    answers: dict[str, object] = {
        name: f"{value:.4f}" for name, value in found.numbers().items()
    }
    answers |= {
        "rms": f"{rms:.3f}",
        "views_used": str(found.views),
        "board_dictionary": board.dictionary,
        "board_squares": f"{board.columns}x{board.rows}",
        "square_mm": f"{board.square_mm:g}",
        "calib_yaml": found.file(),
    }
    for field, value in answers.items():
        yield from place.type(field, value, seconds=4)
    yield from place.ask(ECU, "190208")
    yield place.wait(8)
    yield Action(do="submit")
    yield place.wait(4)
    yield Action(do="stop")
