"""What candidates do, from finding corners to the judgement."""

from dataclasses import replace

import numpy as np
import pytest

from examrunner.bench.board_pictures import a_camera
from examrunner.criteria.geometry import model_discrepancy
from examrunner.criteria.poses import Pose
from examrunner.decode.vision.boards import corner_count, corner_points, parse_board
from examrunner.decode.vision.calibration import Trust
from examrunner.decode.vision.extrinsics import solve_poses
from examrunner.decode.vision.intrinsics import calibrate
from examrunner.decode.vision.judging import judge
from examrunner.decode.vision.shots import Shot
from examrunner.decode.vision.stereo import calibrate_stereo, pairs_of
from examrunner.model.camera import CameraModel, rotation
from examrunner.model.errors import ContentError

SIZE_PX = (1280, 720)
CAMERA = a_camera(SIZE_PX)
BOARD = parse_board("charuco:11x8:30mm:22mm:DICT_5X5_100")
POINTS_MM = corner_points(BOARD, np.arange(corner_count(BOARD), dtype=np.int32))
CENTRE_MM = POINTS_MM.mean(axis=0)


def a_shot(name, pose, random, camera=CAMERA):
    """The corners that a camera would show, with the noise of good detection."""
    seen = camera.project(pose.place(POINTS_MM))
    inside = ((seen > 5) & (seen < np.array(camera.size_px) - 5)).all(axis=1)
    ids = np.flatnonzero(inside).astype(np.int32)
    noise = random.normal(0, 0.05, (len(ids), 2))
    return Shot(
        image=name,
        size_px=camera.size_px,
        ids=ids,
        corners_px=seen[ids] + noise,
        points_mm=POINTS_MM[ids],
        refusal="" if len(ids) >= 12 else "too few corners",
    )


def before_the_camera(turn, depth_mm, across=0.0, down=0.0):
    at = np.array([across * depth_mm, down * depth_mm, depth_mm]) - turn @ CENTRE_MM
    return Pose(turn=turn, at_mm=at)


def competent(seed, camera=CAMERA, count=20):
    random = np.random.default_rng(seed)
    spots = [(x, y) for y in (-0.25, 0.0, 0.25) for x in (-0.5, -0.25, 0, 0.25, 0.5)]
    shots = []
    for number in range(count):
        turn = rotation(
            np.array([*random.uniform(-0.6, 0.6, 2), random.normal(0, 0.1)])
        )
        spot = spots[number % len(spots)]
        pose = before_the_camera(turn, random.uniform(300, 650), *spot)
        shots.append(a_shot(f"{number:02}.png", pose, random, camera))
    return shots


def frontal(seed, count=12):
    random = np.random.default_rng(seed)
    return [
        a_shot(
            f"{number:02}.png",
            before_the_camera(
                rotation(random.normal(0, 0.01, 3)), 600, *random.normal(0, 0.02, 2)
            ),
            random,
        )
        for number in range(count)
    ]


def one_view_again_and_again(seed, count=20):
    random = np.random.default_rng(seed)
    pose = before_the_camera(rotation(np.array([0.3, -0.2, 0.0])), 480)
    return [a_shot(f"{n:02}.png", pose, random) for n in range(count)]


@pytest.mark.parametrize("seed", range(4))
def test_competent_views_give_the_right_camera_and_are_trusted(seed):
    found = calibrate(competent(seed))

    assert found.trust is Trust.GOOD, found.problems
    assert found.model.matrix[0, 0] == pytest.approx(CAMERA.matrix[0, 0], rel=1e-3)
    assert model_discrepancy(found.model, CAMERA).rms_px < 0.3
    assert found.coverage > 0.8


def test_the_promised_uncertainty_is_what_really_happens():
    found = [calibrate(competent(seed)) for seed in range(6)]

    real = [model_discrepancy(one.model, CAMERA).rms_px for one in found]
    promised = [one.uncertainty.picture_px for one in found]
    assert 0.3 < np.mean(real) / np.mean(promised) < 2


@pytest.mark.parametrize("shots", [frontal(1), one_view_again_and_again(1)])
def test_useless_views_have_a_small_error_and_no_trust(shots):
    found = calibrate(shots)

    assert found.rms_px < 0.1
    assert found.trust is Trust.REFUSED
    assert found.problems


def test_a_wrong_board_label_shows_as_a_high_error():
    shots = [
        replace(s, points_mm=s.points_mm * [1, 1.1, 1]) if n % 2 else s
        for n, s in enumerate(competent(1))
    ]

    found = calibrate(shots)

    assert found.trust is not Trust.GOOD


def test_two_pictures_are_refused():
    found = calibrate(competent(1)[:2])

    assert found.trust is Trust.REFUSED
    assert found.model is None
    assert found.problems == ("Only 2 usable pictures; 3 are the least.",)


def test_nothing_at_all_is_refused():
    assert calibrate([]).trust is Trust.REFUSED


@pytest.mark.parametrize("fisheye", [False, True])
def test_random_corners_are_refused_and_never_raise(fisheye):
    random = np.random.default_rng(1)
    shots = [
        replace(s, corners_px=random.uniform(0, 700, s.corners_px.shape))
        for s in competent(1)[:6]
    ]

    assert calibrate(shots, fisheye=fisheye).trust is Trust.REFUSED


def test_a_fisheye_is_found_again():
    wide = CameraModel(
        matrix=np.array([[437.0, 0, 493.0], [0, 436.0, 379.0], [0, 0, 1]]),
        distortion=np.array([0.04, 0.03, -0.02, 0.005]),
        size_px=(1000, 750),
        fisheye=True,
    )

    found = calibrate(competent(2, wide), fisheye=True)

    assert found.trust is Trust.GOOD, found.problems
    real = model_discrepancy(found.model, wide).rms_px
    assert real < 3 * found.uncertainty.picture_px


def test_the_right_camera_is_accepted_with_and_without_a_reference():
    shots = competent(1)

    for reference in (None, CAMERA):
        ruling = judge(calibrate(competent(5)).model, shots, reference)
        assert ruling.accepted, ruling.reasons
        assert ruling.discrepancy_px < 0.5
        assert ruling.rms_px < 0.1


def a_wrong_camera(kind):
    K, D = CAMERA.matrix.copy(), CAMERA.distortion
    if kind == "neighbour":
        K[0, 0] *= 1.012
        K[1, 1] *= 1.012
    elif kind == "no distortion":
        D = np.zeros(5)
    elif kind == "swapped centre":
        K[0, 2], K[1, 2] = K[1, 2], K[0, 2]
    else:
        D = np.array([-0.291, 0.094, 0.0006, -0.0004, 1e6])
    return CameraModel(matrix=K, distortion=D, size_px=SIZE_PX)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("neighbour", "px away from the right camera"),
        ("no distortion", "All its distortion coefficients are zero."),
        ("swapped centre", "cx and cy seem to be swapped."),
        ("exploded", "px away from the right camera"),
    ],
)
def test_a_wrong_camera_is_refused_with_its_reason(kind, reason):
    ruling = judge(a_wrong_camera(kind), competent(1))

    assert not ruling.accepted
    assert any(reason in text for text in ruling.reasons), ruling.reasons


def test_useless_pictures_decide_nothing_without_a_reference():
    shots = one_view_again_and_again(1)

    alone = judge(CAMERA, shots)
    assert not alone.accepted
    assert alone.discrepancy_px is None
    assert "a reference is needed" in alone.reasons[0]
    assert judge(CAMERA, shots, CAMERA).accepted
    assert not judge(a_wrong_camera("neighbour"), shots, CAMERA).accepted


def test_no_picture_decides_nothing():
    ruling = judge(CAMERA, [])

    assert not ruling.accepted
    assert ruling.rms_px is None
    assert "None of the pictures shows the board" in ruling.reasons[0]


def test_a_calibration_of_another_picture_shape_is_refused():
    odd = replace(CAMERA, size_px=(1280, 960))

    ruling = judge(odd, competent(1))

    assert not ruling.accepted
    assert "another shape" in ruling.reasons[0]


def test_two_cameras_are_found_as_they_are_mounted():
    mounting = Pose(
        turn=rotation(np.array([0, 0.05, 0])), at_mm=np.array([-120.0, 2, 1])
    )
    random = np.random.default_rng(3)
    left, right = [], []
    for number in range(15):
        turn = rotation(np.array([*random.uniform(-0.5, 0.5, 2), 0.0]))
        spot = random.uniform(-0.25, 0.25, 2)
        pose = before_the_camera(turn, random.uniform(400, 800), *spot)
        seen_right = Pose(
            turn=mounting.turn @ pose.turn,
            at_mm=mounting.turn @ pose.at_mm + mounting.at_mm,
        )
        left.append(a_shot(f"left{number:02}.png", pose, random))
        right.append(a_shot(f"right{number:02}.png", seen_right, random))

    found = calibrate_stereo(left, right)

    assert found.rig.baseline_mm == pytest.approx(np.linalg.norm([120, 2, 1]), abs=0.2)
    assert found.rig.mounting.turn == pytest.approx(mounting.turn, abs=1e-3)
    assert all(view.used and view.error_px < 0.2 for view in found.views)


def test_stereo_without_enough_pairs_is_refused():
    shots = competent(1)[:2]

    found = calibrate_stereo(shots, shots)

    assert found.rig is None
    assert found.trust is Trust.REFUSED
    assert not any(view.used for view in found.views)


def test_pictures_with_the_same_number_have_no_clear_partner(tmp_path):
    paths = [tmp_path / "a1.png", tmp_path / "b1.png"]

    with pytest.raises(ContentError, match="same number"):
        pairs_of(paths, paths[:1])


def test_poses_are_those_that_the_board_had():
    random = np.random.default_rng(1)
    pose = before_the_camera(rotation(np.array([0.3, -0.2, 0.1])), 500)
    nothing = replace(a_shot("b.png", pose, random), refusal="the board was not found")

    seen, unseen = solve_poses([a_shot("a.png", pose, random), nothing], CAMERA)

    assert seen.pose.turn == pytest.approx(pose.turn, abs=1e-3)
    assert seen.pose.at_mm == pytest.approx(pose.at_mm, abs=0.5)
    assert seen.error_px < 0.1
    assert unseen.pose is None
    assert unseen.reason == "the board was not found"
