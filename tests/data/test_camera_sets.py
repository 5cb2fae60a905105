"""Real calibration sets against the answers that came with them."""

import json
import re

import numpy as np
import pytest

from examrunner.criteria.submitted_files import parse_calibration
from examrunner.decode.vision.boards import parse_board
from examrunner.decode.vision.calibration import Trust
from examrunner.decode.vision.intrinsics import calibrate, without_outliers
from examrunner.decode.vision.judging import judge
from examrunner.decode.vision.markers import find_markers
from examrunner.decode.vision.picture_paths import find_pictures
from examrunner.decode.vision.pictures import read_bytes, read_gray
from examrunner.decode.vision.shots import read_shots, usable
from examrunner.decode.vision.stereo import calibrate_stereo, pairs_of
from examrunner.model.camera import CameraModel

STEREO = "opencv-stereo-chessboard"
UDACITY = "udacity-camera_cal"
FISHEYE = "fisheye-gopro-hero3"
CHARUCO = "opencv-charuco"
BOARDS = {
    STEREO: parse_board("chessboard:9x6:30mm"),
    UDACITY: parse_board("chessboard:9x6:30mm"),
    FISHEYE: parse_board("chessboard:15x9:26mm"),
    CHARUCO: parse_board("charuco:5x7:40mm:20mm:DICT_6X6_250"),
}


@pytest.fixture(scope="session")
def cameras(shared_data):
    return shared_data / "camera"


@pytest.fixture(scope="session")
def shots_of(cameras):
    known = {}

    def read(folder, pattern=""):
        key = (folder, pattern)
        if key not in known:
            paths = find_pictures([str(cameras / folder / pattern)])
            known[key] = read_shots(paths, BOARDS[folder])
        return known[key]

    return read


@pytest.fixture(scope="session")
def expected(cameras):
    def read(folder):
        return json.loads((cameras / folder / "expected_opencv5.json").read_text())

    return read


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_stereo_sets_calibrate_as_published_with_their_outlier_named(
    shots_of, expected, side
):
    answer = expected(STEREO)["expected"][side]
    found = calibrate(shots_of(STEREO, f"{side}*.jpg"))

    assert found.rms_px == pytest.approx(answer["rms_px"], abs=5e-4)
    assert found.model.matrix[0, 0] == pytest.approx(answer["fx"], abs=0.05)
    assert found.model.matrix[1, 1] == pytest.approx(answer["fy"], abs=0.05)
    assert found.model.distortion == pytest.approx(answer["dist"], abs=2e-3)
    assert found.outliers == (f"{side}02.jpg",)
    assert found.trust is Trust.GOOD
    errors = {view.image: view.error_px for view in found.views}
    assert errors == pytest.approx(answer["per_view_rms_px"], abs=2e-3)
    spread = list(found.uncertainty.deviations.values())[:4]
    assert spread == pytest.approx(answer["stddev_fx_fy_cx_cy"], rel=1e-3)


def test_without_its_outlier_the_left_camera_is_the_published_one(shots_of, expected):
    answer = expected(STEREO)["expected"]["left_without_left02"]
    shots = shots_of(STEREO, "left*.jpg")
    found = without_outliers(calibrate(shots), shots)

    assert found.rms_px == pytest.approx(answer["rms_px"], abs=5e-4)
    assert found.model.matrix[0, 0] == pytest.approx(534.13, abs=0.05)
    assert not found.outliers


@pytest.mark.parametrize("side", ["left", "right"])
def test_chessboard_corners_are_the_published_ones_in_their_order(
    cameras, shots_of, side
):
    answer = json.loads((cameras / STEREO / f"corners_{side}.json").read_text())
    for shot in shots_of(STEREO, f"{side}*.jpg"):
        # In the outlier view squares are 20 px small and the detectors differ.
        tolerance_px = 0.1 if "02" not in shot.image else 4
        assert shot.corners_px == pytest.approx(
            np.array(answer[shot.image]), abs=tolerance_px
        )


def test_the_stereo_baseline_is_the_published_one(shots_of):
    found = calibrate_stereo(
        shots_of(STEREO, "left*.jpg"), shots_of(STEREO, "right*.jpg")
    )

    assert 99.4 <= found.rig.baseline_mm <= 100.3
    assert found.rig.mounting.at_mm == pytest.approx([-99.8, 1.12, 0.05], abs=0.6)
    assert found.rig.mounting.tilt_deg < 0.6
    assert [view.used for view in found.views].count(False) == 1
    assert found.trust is Trust.GOOD


def test_pictures_of_two_cameras_are_paired_by_their_numbers(cameras):
    left = find_pictures([str(cameras / STEREO / "left*.jpg")])
    right = find_pictures([str(cameras / STEREO / "right*.jpg")])[1:]

    pairs, single = pairs_of(left, right)

    assert [(a.name[-6:], b.name[-6:]) for a, b in pairs][:1] == [("02.jpg", "02.jpg")]
    assert len(pairs) == 12
    assert [path.name for path in single] == ["left01.jpg"]


def test_mixed_sizes_are_reported_and_not_mixed(shots_of, expected):
    answer = expected(UDACITY)["expected"]["calibration_SB"]
    shots = shots_of(UDACITY)
    found = calibrate(shots)

    reasons = {view.image: view.reason for view in found.views if not view.used}
    assert set(reasons) == {f"calibration{n}.jpg" for n in (1, 5, 7, 15)}
    for name in ("calibration7.jpg", "calibration15.jpg"):
        assert "1281 x 721 pixels, most have 1280 x 720" in reasons[name]
    assert found.model.size_px == (1280, 720)
    assert found.rms_px == pytest.approx(answer["rms_px"], abs=0.05)
    assert found.model.matrix[0, 0] == pytest.approx(answer["fx"], abs=8)
    assert found.model.matrix[0, 2] == pytest.approx(answer["cx"], abs=8)


def test_chessboard_corners_agree_with_the_published_ones(cameras, shots_of):
    answer = json.loads((cameras / UDACITY / "corners.json").read_text())
    shots = {shot.image: shot for shot in usable(shots_of(UDACITY))}
    off = [
        np.abs(shots[name].corners_px - np.array(corners)).max()
        for name, corners in answer.items()
        if name in shots
    ]

    assert len(off) == 15
    assert max(off) < 1.5
    assert np.median(off) < 0.01


def test_charuco_corners_and_markers_are_the_published_ones(
    cameras, shots_of, expected
):
    answer = expected(CHARUCO)["expected"]["detections"]
    for shot in shots_of(CHARUCO):
        published = answer[shot.image]["charuco_corners"]
        assert shot.ids.tolist() == sorted(map(int, published))
        corners = np.array([published[str(number)] for number in shot.ids])
        assert shot.corners_px == pytest.approx(corners, abs=0.1)
        gray = read_gray(read_bytes(cameras / CHARUCO / shot.image), shot.image)
        ids, _ = find_markers(gray, "DICT_6X6_250")
        assert ids.tolist() == answer[shot.image]["markers"]


def test_four_views_of_a_board_are_too_weak_to_be_trusted(shots_of, expected):
    answer = expected(CHARUCO)["expected"]["calibration"]
    found = calibrate(shots_of(CHARUCO))

    assert found.trust is Trust.WEAK
    assert any("4 different views" in problem for problem in found.problems)
    assert found.rms_px == pytest.approx(answer["rms_px"], abs=1e-3)
    spread = found.uncertainty.deviations["fx"]
    assert spread == pytest.approx(answer["stddev_fx_fy_cx_cy"][0], rel=0.02)
    assert abs(found.model.matrix[0, 0] - answer["fx"]) < spread


def test_the_fisheye_set_calibrates_as_expected(shots_of, expected):
    answer = expected(FISHEYE)["expected"]
    found = calibrate(shots_of(FISHEYE), fisheye=True)

    assert [v.image for v in found.views if v.used] == answer["detection"]["found"]
    assert found.rms_px < answer["fisheye_SB"]["rms_px"]
    assert found.model.matrix[0, 0] == pytest.approx(437.2, abs=1)
    assert found.model.matrix[1, 1] == pytest.approx(435.9, abs=1)
    assert found.model.matrix[0, 2] == pytest.approx(493.3, abs=1)
    assert found.trust is Trust.GOOD


def test_the_wrong_fisheye_result_is_refused(cameras, shots_of):
    content = (cameras / FISHEYE / "out_camera_fisheye_data.xml").read_bytes()
    wrong = parse_calibration("out_camera_fisheye_data.xml", content)

    ruling = judge(wrong, shots_of(FISHEYE))

    assert wrong.fisheye
    assert not ruling.accepted
    assert ruling.rms_px > 5
    assert ruling.discrepancy_px > 50
    assert "All its distortion coefficients are zero." in ruling.reasons


@pytest.mark.parametrize("answer", ["fisheye", "fisheye_SB"])
def test_the_right_fisheye_result_is_accepted(shots_of, expected, answer):
    numbers = expected(FISHEYE)["expected"][answer]
    right = CameraModel(
        matrix=np.array(
            [
                [numbers["fx"], 0, numbers["cx"]],
                [0, numbers["fy"], numbers["cy"]],
                [0, 0, 1],
            ]
        ),
        distortion=np.array(numbers["D"]),
        size_px=(1000, 750),
        fisheye=True,
    )

    ruling = judge(right, shots_of(FISHEYE))

    assert ruling.accepted, ruling.reasons
    assert ruling.discrepancy_px < 1


def test_opencvs_own_file_is_accepted_on_its_pictures_and_not_on_others(
    cameras, shots_of
):
    content = (cameras / STEREO / "left_intrinsics.yml").read_bytes()
    left = parse_calibration("left_intrinsics.yml", content)

    assert judge(left, shots_of(STEREO, "left*.jpg")).accepted
    # Its error on the right camera's pictures is below 0.6 px all the same.
    ruling = judge(left, shots_of(STEREO, "right*.jpg"))
    assert ruling.rms_px < 0.6
    assert not ruling.accepted


def test_a_file_of_two_cameras_is_refused(cameras):
    content = (cameras / STEREO / "intrinsics.yml").read_bytes()

    with pytest.raises(Exception, match="two cameras"):
        parse_calibration("intrinsics.yml", content)


def test_every_tag_of_the_gold_file_is_found(cameras):
    """OpenCV finds a thirteenth tag that the gold file of the peer lacks."""
    name = "33369213973_9d9bb4cc96_c"
    lines = (cameras / "apriltag-nasa" / f"{name}.txt").read_text().splitlines()
    gold = [
        np.array([float(x) for x in re.findall(r"[\d.]+", line)[1:]]).reshape(4, 2)
        for line in lines
        if line.strip()
    ]
    picture = cameras / "apriltag-nasa" / f"{name}.jpg"
    ids, corners = find_markers(
        read_gray(read_bytes(picture), name), "DICT_APRILTAG_36h11"
    )

    assert ids.tolist() == [0] * 13
    # AprilTag counts pixels from their edge, OpenCV from their middle.
    distances = [
        min(
            np.linalg.norm(tag.mean(axis=0) - 0.5 - found.mean(axis=0))
            for found in corners
        )
        for tag in gold
    ]
    assert max(distances) < 1.5
