import json

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from examrunner.bench.board_pictures import Studio, a_camera
from examrunner.cli.calibrate import app
from examrunner.criteria.submitted_files import parse_calibration
from examrunner.decode.vision.boards import parse_board

BOARD = "chessboard:9x6:25mm"
CAMERA = a_camera((640, 360))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    shots = tmp_path_factory.mktemp("shots")
    pictures = Studio(CAMERA).pictures(parse_board(BOARD), 12, seed=4)
    for number, picture in enumerate(pictures, start=1):
        cv2.imwrite(str(shots / f"s{number}.png"), picture.gray)
    cv2.imwrite(str(shots / "s13.png"), np.full((360, 640), 90, np.uint8))
    (shots / "s14.png").write_bytes(b"\x89PNG cut off")
    (shots / "s15.png").write_bytes((shots / "s1.png").read_bytes())
    return shots


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_intrinsics_as_json_have_the_promised_shape(folder):
    result = run("intrinsics", folder, "--board", BOARD, "--json")

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert np.array(found["camera_matrix"]).shape == (3, 3)
    assert len(found["distortion"]) == 5
    assert found["rms_px"] < 0.2
    assert found["trust"] in {"good", "weak"}
    assert isinstance(found["problems"], list)
    assert 0 < found["coverage"] <= 1
    assert set(found["standard_deviations"]) >= {"fx", "fy", "cx", "cy", "k1"}
    assert found["opencv_version"] == cv2.__version__
    assert [set(v) for v in found["views"]] == [
        {"image", "used", "error_px", "reason"}
    ] * 15
    refused = {v["image"]: v["reason"] for v in found["views"] if not v["used"]}
    assert "not found" in refused["s13.png"]
    assert "header is damaged" in refused["s14.png"]
    assert refused["s15.png"] == "it is the same file as s1.png"


def test_our_own_json_is_a_calibration_that_can_be_handed_in(folder, tmp_path):
    result = run("intrinsics", folder, "--board", BOARD, "--json")
    path = tmp_path / "K.json"
    path.write_text(result.stdout)

    camera = parse_calibration("K.json", path.read_bytes())
    assert camera.size_px == (640, 360)
    judged = run("judge", path, folder, "--board", BOARD, "--json")
    assert judged.exit_code == 0, judged.output
    ruling = json.loads(judged.stdout)
    assert ruling["accepted"] is True
    assert ruling["reasons"]
    assert ruling["discrepancy_px"] < 0.1
    poses = run("extrinsics", folder, "--intrinsics", path, "--board", BOARD, "--json")
    views = json.loads(poses.stdout)["views"]
    assert [view["used"] for view in views].count(True) == 12
    assert np.linalg.norm(views[0]["translation_mm"]) > 100


def test_fisheye_is_another_model(folder):
    result = run("intrinsics", folder, "--board", BOARD, "--model", "fisheye", "--json")

    found = json.loads(result.stdout)
    assert found["model"] == "fisheye"
    assert len(found["distortion"]) == 4


def test_a_wrong_calibration_is_refused_with_status_one(folder, tmp_path):
    path = tmp_path / "wrong.json"
    path.write_text(
        json.dumps(
            {
                "camera_matrix": [[300, 0, 320], [0, 300, 180], [0, 0, 1]],
                "distortion": [0, 0, 0, 0],
            }
        )
    )

    result = run("judge", path, folder, "--board", BOARD)

    assert result.exit_code == 1
    assert result.stdout.startswith("refused\n")


def test_a_reference_decides(folder, tmp_path):
    path = tmp_path / "K.json"
    document = {
        "image_size": [640, 360],
        "camera_matrix": CAMERA.matrix.tolist(),
        "distortion": CAMERA.distortion.tolist(),
    }
    path.write_text(json.dumps(document))

    result = run("judge", path, folder, "--board", BOARD, "--reference", path, "--json")

    ruling = json.loads(result.stdout)
    assert ruling["compared_with"] == "reference"
    assert ruling["discrepancy_px"] < 1e-6


def test_stereo_as_json_has_a_baseline(folder):
    result = run("stereo", folder, folder, "--board", BOARD, "--json")

    found = json.loads(result.stdout)
    assert found["baseline_mm"] == pytest.approx(0, abs=0.1)
    assert found["views"][0]["image"] == "s1.png + s1.png"


def test_markers_as_json(tmp_path):
    scene = np.full((200, 200), 255, np.uint8)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    scene[50:130, 60:140] = cv2.aruco.generateImageMarker(dictionary, 7, 80)
    cv2.imwrite(str(tmp_path / "m.png"), scene)

    result = run("markers", tmp_path, "--dictionary", "DICT_4X4_50", "--json")

    (marker,) = json.loads(result.stdout)["markers"]
    assert (marker["image"], marker["id"]) == ("m.png", 7)
    assert np.array(marker["corners"]) == pytest.approx(
        np.array([[59.5, 49.5], [139.5, 49.5], [139.5, 129.5], [59.5, 129.5]]), abs=1
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("intrinsics", "/nowhere", "--board", BOARD), "no picture here"),
        (("intrinsics", "{}", "--board", "chess"), "not the label of a board"),
        (("markers", "{}/s1.png", "--dictionary", "X"), "no marker dictionary"),
        (("markers", "{}/s14.png", "--dictionary", "DICT_4X4_50"), "no usable picture"),
        (("judge", "{}/none.yml", "{}", "--board", BOARD), "cannot be read"),
        (("judge", "{}/s1.png", "{}", "--board", BOARD), "not a text file"),
    ],
)
def test_input_that_cannot_be_used_is_three_lines_and_status_two(
    folder, arguments, problem
):
    result = run(*(argument.format(folder) for argument in arguments))

    assert result.exit_code == 2
    assert result.stdout == ""
    problem_line, where, remedy = result.stderr.strip().splitlines()
    assert problem in problem_line
    assert where.startswith("  where: ")
    assert remedy.startswith("  next:  ")


def test_pictures_that_show_nothing_are_refused_with_status_one(folder):
    result = run("intrinsics", folder / "s13.png", "--board", BOARD, "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["camera_matrix"] is None
