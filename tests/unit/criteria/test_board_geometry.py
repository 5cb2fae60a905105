import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.criteria.geometry import (
    model_discrepancy,
    pose_difference,
    reprojection,
    resized,
)
from examrunner.criteria.poses import Pose, board_pose
from examrunner.model.camera import CameraModel, rotation

SIZE_PX = (1280, 720)
MATRIX = np.array([[905.4, 0, 642.3], [0, 903.1, 357.6], [0, 0, 1]])
DISTORTION = np.array([-0.291, 0.094, 0.0006, -0.0004, -0.012])
FRONT = CameraModel(matrix=MATRIX, distortion=DISTORTION, size_px=SIZE_PX)
WIDE = CameraModel(
    matrix=np.array([[437.3, 0, 493.3], [0, 435.9, 378.8], [0, 0, 1]]),
    distortion=np.array([0.0366, 0.0467, -0.0394, 0.0112]),
    size_px=(1000, 750),
    fisheye=True,
)
BOARD_MM = np.array([[x * 30.0, y * 30.0, 0.0] for y in range(7) for x in range(10)])
CENTRE_MM = BOARD_MM.mean(axis=0)


def a_pose(seed):
    random = np.random.default_rng(seed)
    turn = rotation(random.normal(0, 0.4, 3))
    place = np.array([*random.normal(0, 60, 2), random.uniform(350, 900)])
    return Pose(turn=turn, at_mm=place - turn @ CENTRE_MM)


@pytest.mark.parametrize("model", [FRONT, WIDE], ids=["pinhole", "fisheye"])
@pytest.mark.parametrize("seed", range(10))
def test_a_pose_is_found_again_from_the_corners_that_it_shows(model, seed):
    pose = a_pose(seed)
    found = board_pose(BOARD_MM, model.project(pose.place(BOARD_MM)), model)

    degrees, millimetres = pose_difference(pose, found, CENTRE_MM)
    assert degrees < 1e-6
    assert millimetres < 1e-5


@pytest.mark.parametrize("seed", range(10))
def test_a_pose_from_noisy_corners_is_the_one_that_opencv_finds(seed):
    noise = np.random.default_rng(seed).normal(0, 0.2, (70, 2))
    corners = FRONT.project(a_pose(seed).place(BOARD_MM)) + noise
    _, turn, place = cv2.solvePnP(BOARD_MM, corners, MATRIX, DISTORTION)
    turn, place = cv2.solvePnPRefineLM(
        BOARD_MM, corners, MATRIX, DISTORTION, turn, place
    )

    found = board_pose(BOARD_MM, corners, FRONT)

    assert found.turn == pytest.approx(cv2.Rodrigues(turn)[0], abs=1e-6)
    assert found.at_mm == pytest.approx(place.ravel(), abs=1e-3)


def test_corners_on_a_line_tell_no_pose():
    line = BOARD_MM[:10]
    corners = FRONT.project(a_pose(1).place(line))

    assert board_pose(line, corners, FRONT) is None
    assert reprojection([(line, corners)], FRONT).rms_px == 20


def test_three_corners_tell_no_pose():
    assert board_pose(BOARD_MM[:3], np.zeros((3, 2)), FRONT) is None


def test_the_error_of_a_view_is_the_root_of_the_mean_squared_distance():
    corners = FRONT.project(a_pose(3).place(BOARD_MM))
    noisy = corners + np.random.default_rng(5).normal(0, 0.3, corners.shape)

    found = reprojection([(BOARD_MM, corners), (BOARD_MM, noisy)], FRONT)

    assert found.corners == 140
    assert found.per_view_px[0] < 1e-6
    assert found.per_view_px[1] == pytest.approx(0.3 * math.sqrt(2), rel=0.2)
    assert found.rms_px == pytest.approx(found.per_view_px[1] / math.sqrt(2))


def test_one_wild_corner_costs_no_more_than_the_cap():
    corners = FRONT.project(a_pose(3).place(BOARD_MM))
    corners[0] += 1e5

    assert reprojection([(BOARD_MM, corners)], FRONT, cap_px=5).rms_px <= 5


def test_a_model_agrees_with_itself():
    assert model_discrepancy(FRONT, FRONT).rms_px < 1e-9


def test_an_offset_that_a_mounting_explains_costs_little():
    turned = CameraModel(
        matrix=MATRIX + np.array([[0, 0, 4.0], [0, 0, -3.0], [0, 0, 0]]),
        distortion=np.zeros(5),
        size_px=SIZE_PX,
    )
    straight = CameraModel(matrix=MATRIX, distortion=np.zeros(5), size_px=SIZE_PX)

    found = model_discrepancy(turned, straight)

    assert found.rms_px < 0.7  # 5 px without the rotation


def test_a_neighbours_camera_is_some_pixels_away():
    neighbour = CameraModel(
        matrix=MATRIX * np.array([[1.012], [1.012], [1]])
        - np.array([[0, 0, 1.7], [0, 0, -1.7], [0, 0, 0]]),
        distortion=DISTORTION,
        size_px=SIZE_PX,
    )

    assert 4 < model_discrepancy(neighbour, FRONT).rms_px < 6


def test_a_model_without_its_distortion_is_far_away():
    bare = CameraModel(matrix=MATRIX, distortion=np.zeros(5), size_px=SIZE_PX)

    found = model_discrepancy(bare, FRONT)

    assert 40 < found.rms_px < 50
    assert found.worst_px == 100


@pytest.mark.parametrize("k3", [1e3, -1e3, 1e30, -1e30])
def test_an_exploded_model_costs_the_cap_and_nothing_else(k3):
    wild = CameraModel(
        matrix=MATRIX, distortion=np.array([0, 0, 0, 0, k3]), size_px=SIZE_PX
    )

    assert model_discrepancy(wild, FRONT).rms_px > 40
    corners = FRONT.project(a_pose(3).place(BOARD_MM))
    assert reprojection([(BOARD_MM, corners)], wild).rms_px > 1


def test_the_same_lens_on_a_smaller_picture_agrees():
    assert resized(resized(FRONT, (640, 360)), SIZE_PX).matrix == pytest.approx(MATRIX)
    assert model_discrepancy(resized(FRONT, (640, 360)), FRONT).rms_px < 1e-9


@pytest.mark.parametrize(
    ("vector", "tilt_deg", "about_x_deg", "about_y_deg"),
    [
        ((0, 0, 0.7), 0, 0, 0),
        ((0.5, 0, 0), 28.65, 28.65, 0),
        ((-0.5, 0, 0), 28.65, -28.65, 0),
        ((0, 0.4, 0), 22.92, 0, 22.92),
        ((math.pi, 0, 0), 0, 0, 0),
    ],
)
def test_a_tilt_has_a_size_and_two_signs(vector, tilt_deg, about_x_deg, about_y_deg):
    pose = Pose(turn=rotation(np.array(vector, float)), at_mm=np.zeros(3))

    assert pose.tilt_deg == pytest.approx(tilt_deg, abs=0.01)
    assert pose.about_x_deg == pytest.approx(about_x_deg, abs=0.01)
    assert pose.about_y_deg == pytest.approx(about_y_deg, abs=0.01)


@given(
    matrix=st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4),
    terms=st.lists(st.floats(-1e9, 1e9), min_size=5, max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_any_finite_model_is_judged_and_never_raises(matrix, terms):
    fx, fy, cx, cy = matrix
    odd = CameraModel(
        matrix=np.array([[abs(fx) + 1, 0, cx], [0, abs(fy) + 1, cy], [0, 0, 1]]),
        distortion=np.array(terms),
        size_px=SIZE_PX,
    )
    corners = FRONT.project(a_pose(3).place(BOARD_MM))

    assert 0 <= model_discrepancy(odd, FRONT).rms_px <= 100
    assert 0 <= reprojection([(BOARD_MM, corners)], odd).rms_px <= 20
