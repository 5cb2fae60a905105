import time

import cv2
import numpy as np
import pytest

from examrunner.bench.board_pictures import Studio, a_camera
from examrunner.criteria.poses import Pose
from examrunner.decode.vision import board_view, sighting
from examrunner.decode.vision.boards import (
    board_label,
    charuco_board,
    is_ambiguous,
    parse_board,
)
from examrunner.decode.vision.smoothness import fitting_corners
from examrunner.decode.vision.views import find_board, hull_quality
from examrunner.model.camera import rotation
from examrunner.model.errors import ContentError
from examrunner.model.recording import Picture

SIZE_PX = (960, 540)
CHESSBOARD = parse_board("chessboard:9x6:25mm")
CHARUCO = parse_board("charuco:11x8:30mm:22mm:DICT_5X5_100")
EXAM_PX = (1280, 720)


@pytest.fixture(scope="module")
def chess_studio():
    return Studio(a_camera(SIZE_PX))


@pytest.fixture(scope="module")
def charuco_studio():
    return Studio(a_camera(EXAM_PX))


def turned_about_the_axis(degrees, *, distance_mm=420):
    turn = rotation(np.array([0.2, 0, 0])) @ rotation(
        np.array([0, 0, np.radians(degrees)])
    )
    centre = np.array([100.0, 62.5, 0])
    return Pose(turn=turn, at_mm=np.array([0, 0, distance_mm]) - turn @ centre)


def a_picture(gray, *, suffix=".png"):
    _, data = cv2.imencode(suffix, gray)
    return Picture(
        t_ns=7,
        stream="front",
        name="still-0001",
        purpose="still",
        media_type="image/png",
        data=data.tobytes(),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_chessboard_corners_lie_where_the_lens_puts_them(chess_studio, seed):
    for picture in chess_studio.pictures(CHESSBOARD, 4, seed):
        found = find_board(picture.gray, CHESSBOARD)
        off = np.linalg.norm(found.px - picture.corners_px, axis=1)
        assert off.max() < 0.2
        assert np.sqrt((off**2).mean()) < 0.08


@pytest.mark.parametrize("degrees", [0, 60, 89, 91, 135, 179, 181, 270])
def test_corner_order_belongs_to_the_board_however_it_is_turned(chess_studio, degrees):
    picture = chess_studio.picture(CHESSBOARD, turned_about_the_axis(degrees), seed=1)

    found = find_board(picture.gray, CHESSBOARD)

    assert found.px == pytest.approx(picture.corners_px, abs=0.3)


def test_charuco_corners_lie_where_the_lens_puts_them(charuco_studio):
    for picture in charuco_studio.pictures(CHARUCO, 3, seed=3):
        found = find_board(picture.gray, CHARUCO)
        assert len(found.ids) >= 66
        off = np.linalg.norm(found.px - picture.corners_px[found.ids], axis=1)
        assert np.sqrt((off**2).mean()) < 0.1


def test_a_board_that_is_half_outside_shows_the_corners_inside(charuco_studio):
    turn = rotation(np.array([0.3, 0.1, 0.0]))
    pose = Pose(turn=turn, at_mm=np.array([60.0, -120.0, 330.0]))
    picture = charuco_studio.picture(CHARUCO, pose, seed=1)

    found = find_board(picture.gray, CHARUCO)

    assert 12 <= len(found.ids) < 70
    off = np.linalg.norm(found.px - picture.corners_px[found.ids], axis=1)
    assert off.max() < 0.5


def test_a_steep_view_is_found(charuco_studio):
    turn = rotation(np.array([0.0, 1.05, 0.0]))
    pose = Pose(turn=turn, at_mm=np.array([-90.0, -120.0, 420.0]))
    picture = charuco_studio.picture(CHARUCO, pose, seed=1)

    found = find_board(picture.gray, CHARUCO)

    assert len(found.ids) >= 35
    off = np.linalg.norm(found.px - picture.corners_px[found.ids], axis=1)
    assert np.sqrt((off**2).mean()) < 0.4
    assert off.max() < 1.2


def test_a_corner_that_does_not_fit_the_others_is_left_out():
    random = np.random.default_rng(1)
    places = np.array([[x, y] for y in range(7) for x in range(10)], dtype=float)
    pose = turned_about_the_axis(20)
    points = np.column_stack([places * 25, np.zeros(70)])
    corners = a_camera(SIZE_PX).project(pose.place(points))
    corners += random.normal(0, 0.1, corners.shape)
    corners[[3, 44]] += [2.5, -1.5]

    fitting = fitting_corners(places, corners)

    assert np.flatnonzero(~fitting).tolist() == [3, 44]


@pytest.mark.parametrize("suffix", [":legacy", ""])
def test_a_board_of_the_other_layout_says_so(suffix):
    label = "charuco:5x8:40mm:20mm:DICT_6X6_250"
    printed = parse_board(label + suffix)
    image = charuco_board(printed, legacy=printed.legacy).generateImage(
        (500, 800), marginSize=40
    )
    expected = parse_board(label + (":legacy" if not suffix else ""))

    assert len(find_board(image, printed).ids) == 28
    found = find_board(image, expected)
    assert not len(found.ids)
    assert "':legacy'" in found.hint


@pytest.mark.parametrize(
    ("label", "hint"),
    [
        ("charuco:5x6:40mm:20mm:DICT_6X6_250", "markers 15, 16 are in the picture"),
        ("charuco:7x5:40mm:20mm:DICT_6X6_250", "17 of its 17 markers"),
    ],
)
def test_a_board_that_is_not_the_labelled_one_gives_no_corners(label, hint):
    printed = parse_board("charuco:5x7:40mm:20mm:DICT_6X6_250")
    image = charuco_board(printed, legacy=False).generateImage(
        (500, 700), marginSize=40
    )

    found = find_board(image, parse_board(label))

    assert not len(found.ids)
    assert hint in found.hint


@pytest.mark.parametrize("board", [CHESSBOARD, CHARUCO], ids=["chess", "charuco"])
@pytest.mark.parametrize("kind", ["noise", "dark", "squares", "flat"])
def test_a_picture_without_a_board_ends_soon(board, kind):
    random = np.random.default_rng(1)
    rows, columns = np.mgrid[:1080, :1920]
    gray = {
        "noise": random.integers(0, 256, (1080, 1920)),
        "dark": np.clip(random.normal(5, 2, (1080, 1920)), 0, 255),
        "squares": (rows // 6 + columns // 6) % 2 * 200 + 20,
        "flat": np.full((1080, 1920), 90),
    }[kind].astype(np.uint8)
    start_s = time.process_time()

    found = find_board(gray, board)

    assert not len(found.ids)
    assert time.process_time() - start_s < 10


def test_a_board_view_says_what_criteria_ask(chess_studio):
    picture = chess_studio.pictures(CHESSBOARD, 1, 5)[0]
    view = board_view(a_picture(picture.gray), CHESSBOARD)

    assert (view.camera, view.picture, view.t_ns) == ("front", "still-0001", 7)
    assert view.size_px == SIZE_PX
    assert view.ids.tolist() == list(range(54))
    assert view.points_mm[10] == pytest.approx([25, 25, 0])
    assert view.corners_px.dtype == np.float64
    assert view.sharpness > 100
    assert view.saturated < 0.02


def test_the_same_picture_gives_the_same_view(charuco_studio):
    picture = a_picture(charuco_studio.pictures(CHARUCO, 1, 5)[0].gray)
    first, second = (board_view(picture, CHARUCO) for _ in range(2))

    assert first.corners_px.tobytes() == second.corners_px.tobytes()
    assert first.sharpness == second.sharpness


def test_a_view_without_a_board_has_no_corners_and_no_sharpness():
    view = board_view(a_picture(np.full((200, 300), 90, np.uint8)), CHESSBOARD)

    assert len(view.ids) == len(view.corners_px) == len(view.points_mm) == 0
    assert np.isnan(view.sharpness)


def test_blur_lowers_sharpness_and_glare_is_counted(chess_studio):
    picture = chess_studio.pictures(CHESSBOARD, 1, 5)[0]
    sharp, _ = hull_quality(picture.gray, picture.corners_px)
    blurred, _ = hull_quality(
        cv2.GaussianBlur(picture.gray, (0, 0), 1.5), picture.corners_px
    )
    bright = cv2.convertScaleAbs(picture.gray, alpha=1.0, beta=60)
    _, saturated = hull_quality(bright, picture.corners_px)

    assert blurred < 0.5 * sharp
    assert 0.3 < saturated < 0.7


def test_markers_on_people_are_sighted():
    scene = np.full((360, 640), 200, np.uint8)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_1000)
    for place, number in enumerate((910, 901, 902)):
        marker = cv2.aruco.generateImageMarker(dictionary, number, 60)
        scene[150:210, 60 + 150 * place : 120 + 150 * place] = marker

    found = sighting(a_picture(scene), "DICT_4X4_1000")

    assert found.ids.tolist() == [901, 902, 910]
    assert found.corners_px.shape == (3, 4, 2)
    assert found.corners_px[2, 0] == pytest.approx([59.5, 149.5], abs=1)
    assert not len(sighting(a_picture(np.full_like(scene, 200)), "DICT_4X4_1000").ids)


@pytest.mark.parametrize(
    "label",
    [
        "chessboard:9x6:25mm",
        "charuco:5x7:40mm:20mm:DICT_6X6_250",
        "charuco:5x7:40mm:20mm:DICT_6X6_250:legacy",
        "chessboard:9x6:12.5mm",
    ],
)
def test_a_label_is_read_and_written(label):
    assert board_label(parse_board(label)) == label


def test_other_units_are_millimetres_in_the_end():
    assert parse_board("chessboard:9x6:2.5cm") == CHESSBOARD
    assert parse_board("chessboard:9x6:0.025m") == CHESSBOARD


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("", "not the label of a board"),
        ("chessboard", "not the label of a board"),
        ("chessboard:9x6", "not the label of a board"),
        ("chessboard:9x6:25mm:legacy", "not the label of a board"),
        ("charuco:5x7:40mm:20mm:DICT_6X6_250:old", "not the label of a board"),
        ("chessboard:9x6:25", "not a length with its unit"),
        ("chessboard:9x6:0mm", "not between"),
        ("chessboard:9by6:25mm", "columns x rows"),
        ("chessboard:2x6:25mm", "not between 3x3 and 60x60"),
        ("chessboard:900x600:25mm", "not between 3x3 and 60x60"),
        ("charuco:5x7:40mm:40mm:DICT_6X6_250", "not smaller than its squares"),
        ("charuco:5x7:40mm:20mm:DICT_9X9_250", "no marker dictionary"),
        ("charuco:5x7:40mm:20mm:__doc__", "no marker dictionary"),
        ("charuco:30x30:40mm:20mm:DICT_6X6_50", "only 50 markers"),
    ],
)
def test_an_impossible_label_is_refused(label, problem):
    with pytest.raises(ContentError, match=problem):
        parse_board(label)


def test_a_board_that_looks_the_same_upside_down_is_known():
    assert is_ambiguous(parse_board("chessboard:8x6:25mm"))
    assert not is_ambiguous(CHESSBOARD)
    assert not is_ambiguous(CHARUCO)
