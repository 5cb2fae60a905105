from pathlib import Path

import cv2
import numpy as np
import pytest

from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.decode.vision.boards import corner_points
from examrunner.decode.vision.charuco import find_charuco
from examrunner.decode.vision.markers import find_markers
from examrunner.model.camera import CameraModel, rotation
from examrunner.model.station import Camera
from examrunner.simulation.board_camera import BoardCamera, BoardPose
from examrunner.simulation.candidates.calibration_tool import calibrate
from examrunner.simulation.candidates.views import spread_views
from examrunner.simulation.references import DISTORTION, MATRIX
from examrunner.simulation.work_area import Scene
from examrunner.simulation.work_area_camera import WorkAreaCamera

MODEL = CameraModel(
    matrix=np.array(MATRIX), distortion=np.array(DISTORTION), size_px=(1280, 720)
)


@pytest.fixture(scope="module")
def table_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for the tables of rendered cameras."""
    return tmp_path_factory.mktemp("tables")


def camera(role: str) -> Camera:
    rig = read_rig("adas_bench", SearchPath.of())
    return next(camera for camera in rig.cameras if camera.role == role)


@pytest.fixture(scope="module")
def front(table_cache: Path) -> BoardCamera:
    board = camera("calibrated").board
    assert board is not None
    return BoardCamera(MODEL, board, table_cache)


@pytest.mark.parametrize(
    "pose",
    [
        BoardPose(turn=(0.1, 0.3, 0.05), shift_mm=(-150, -110, 450)),
        BoardPose(turn=(-0.45, 0.2, 0.4), shift_mm=(-80, -200, 600)),
        BoardPose(turn=(0.0, 0.0, 0.0), shift_mm=(-330, -240, 480)),
    ],
)
def test_corners_are_where_the_camera_model_puts_them(
    front: BoardCamera, pose: BoardPose
) -> None:
    board = camera("calibrated").board
    assert board is not None
    picture = front.picture(pose, np.random.default_rng(1))
    found = find_charuco(picture, board)
    points = corner_points(board, found.ids)
    wanted = MODEL.project(
        points @ rotation(np.array(pose.turn)).T + np.array(pose.shift_mm)
    )
    error = found.px - wanted
    assert len(found.ids) >= 25
    assert np.abs(error.mean(axis=0)).max() < 0.03
    assert np.sqrt((error**2).sum(axis=1).mean()) < 0.12


def test_twenty_good_views_give_the_camera_back(front: BoardCamera) -> None:
    board = camera("calibrated").board
    assert board is not None
    hand = np.random.default_rng(2)
    pictures = [front.picture(p, hand) for p in spread_views(board, hand)]
    found = calibrate(pictures, board)
    assert found.views == 20
    assert found.rms_px < 0.1
    assert np.abs(found.matrix - MODEL.matrix).max() < 1.5
    storage = cv2.FileStorage(
        _text(found.file()["base64"]), cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY
    )
    assert np.allclose(storage.getNode("camera_matrix").mat(), found.matrix)


def test_the_table_of_rays_is_kept_and_used_again(tmp_path: Path) -> None:
    board = camera("calibrated").board
    assert board is not None
    small = CameraModel(
        matrix=np.array([[200.0, 0, 160], [0, 200, 90], [0, 0, 1]]),
        distortion=np.array([-0.2, 0.05, 0, 0]),
        size_px=(320, 180),
    )
    pose = BoardPose(turn=(0.1, 0.1, 0.0), shift_mm=(-150, -110, 450))
    cold = BoardCamera(small, board, tmp_path).picture(pose, np.random.default_rng(3))
    assert len(list(tmp_path.iterdir())) == 1
    warm = BoardCamera(small, board, tmp_path).picture(pose, np.random.default_rng(3))
    assert np.array_equal(cold, warm)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("scene", "seen"),
    [
        (Scene(wearing=frozenset({"coat", "gloves"})), {901, 902, 903, 910}),
        (Scene(wearing=frozenset(), across=0.3, lean_deg=-8), {910}),
        (Scene(wearing=frozenset({"helmet", "coat"}), across=0.7), {901, 904, 910}),
        (Scene(present=False), set()),
    ],
)
def test_the_work_area_camera_shows_who_wears_what(
    scene: Scene, seen: set[int]
) -> None:
    work_area = camera("work_area")
    picture = WorkAreaCamera(work_area).picture(scene)
    assert picture.shape == (360, 640)
    ids, _ = find_markers(picture, work_area.marker_dictionary)
    assert set(ids.tolist()) == seen


def _text(encoded: str) -> str:
    import base64

    return base64.b64decode(encoded).decode()
