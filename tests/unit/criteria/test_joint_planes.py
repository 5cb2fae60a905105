"""Kinds about boards that camera and lidar see at the same time."""

import base64
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.board_rest import BoardRest
from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.holdout_reproj import HoldoutReproj
from examrunner.criteria.planes import PlaneSource, consistency_mm
from examrunner.criteria.pose_conventions import BODY_TO_OPTICAL
from examrunner.criteria.poses import Pose
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.reproj_rms import ReprojRms
from examrunner.criteria.scales import Scale
from examrunner.criteria.view_diversity import NormalsPart, ViewDiversity
from examrunner.criteria.views import ViewRules
from examrunner.criteria.views_valid import ViewsValid
from examrunner.criteria.wording import both
from examrunner.model.camera import CameraModel, rotation, rotation_vector
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import BoardView, Edit, Timeline
from examrunner.simulation.candidates.lidar_tool import PlanePair, solve
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

FRONT = CameraModel(
    matrix=np.array([[900.0, 0, 640], [0, 900.0, 360], [0, 0, 1]]),
    distortion=np.zeros(5),
    size_px=(1280, 720),
)
LIDAR = Pose(
    turn=rotation(np.array([0.01, -0.02, 0.015])) @ BODY_TO_OPTICAL,
    at_mm=np.array([30.0, -200.0, -100.0]),
)
HIDDEN = [
    {
        "normal": [0.0, math.sin(a), -math.cos(a)],
        "distance_mm": -3000 * math.cos(a),
        "lidar_centroid_mm": (
            LIDAR.turn.T @ (np.array([0, 0, 3000.0]) - LIDAR.at_mm)
        ).tolist(),
    }
    for a in (0.0, 0.5)
]
CASE = Case(
    reference={
        "front": {
            "camera_matrix": FRONT.matrix.tolist(),
            "distortion": FRONT.distortion.tolist(),
            "size_px": [1280, 720],
        },
        "sharp": 1000,
        "hidden": HIDDEN,
    }
)
GRID = np.array([[x * 30.0, y * 30.0, 0.0] for y in range(7) for x in range(10)])
VIEWS = ViewRules(camera="front", reference="front", sharpness="sharp")
AXES = ("x", "y", "z")
PLANE = PlaneSource(
    inliers="L.inl",
    normal=("L.nx", "L.ny", "L.nz"),
    centroid=("L.cx", "L.cy", "L.cz"),
)
VARIED = [(0, 0, 0), (30, 0, 0), (-30, 5, 40), (0, 30, 0), (5, -30, 60), (25, 25, 80)]


def still(t_s, tilt, shift=(0.0, 0.0, 0.0), z=800.0, sharpness=1000.0):
    """A board before the camera: its view and the plane that the lidar sees."""
    about_x, about_y, x = tilt
    turn = rotation(np.radians([about_x, about_y, 0.0]))
    centre = np.array([x, 0.0, z]) + np.array(shift)
    placed = (GRID - GRID.mean(axis=0)) @ turn.T + centre
    view = BoardView(
        camera="front",
        picture=f"{t_s}",
        t_ns=ns(t_s),
        size_px=(1280, 720),
        ids=np.arange(len(GRID), dtype=np.int32),
        corners_px=FRONT.project(placed),
        points_mm=GRID,
        sharpness=sharpness,
        saturated=0.0,
    )
    back = LIDAR.turn.T
    return view, back @ turn[:, 2], back @ (centre - LIDAR.at_mm)


def heard(stills, *, inliers=500.0, late_s=0.0, form=(), health=None, case=CASE):
    times = [view.t_ns / 1e9 + late_s for view, _, _ in stills]
    rows = {"L.inl": [inliers] * len(stills)}
    for i, axis in enumerate(AXES):
        rows[f"L.n{axis}"] = [normal[i] for _, normal, _ in stills]
        rows[f"L.c{axis}"] = [centre[i] for _, _, centre in stills]
    timeline = Timeline(
        duration_ns=ns(100),
        signals={
            name: a_series(name, zip(times, values, strict=True))
            for name, values in rows.items()
        },
        messages={"L": a_message("L", times, cycle_s=0.1)},
        views=tuple(view for view, _, _ in stills),
        form=form,
        **({} if health is None else {"health": health}),
    )
    return a_hearing(timeline, case=case)


def stills(tilts=VARIED):
    return [still(10 + 5 * i, tilt) for i, tilt in enumerate(tilts)]


def pose_file(pose):
    content = {
        "rotation_vector": rotation_vector(pose.turn).tolist(),
        "translation": pose.at_mm.tolist(),
    }
    text = base64.b64encode(json.dumps(content).encode()).decode()
    value = {"name": "t.json", "media_type": "x", "base64": text}
    return Edit(t_ns=ns(60), field="file", value=value)


JOINT = ViewsValid(views=VIEWS, joint=PLANE, score=Scale(full=6, zero=3))


@pytest.mark.parametrize(
    ("count", "outcome"),
    [(6, Outcome.MET), (5, Outcome.PARTLY_MET), (3, Outcome.NOT_MET)],
)
def test_joint_poses_are_counted(count, outcome):
    found = JOINT.judge(heard(stills(VARIED[:count])))
    assert found.outcome is outcome
    assert found.measured.value == count
    assert "with a lidar plane" in both(found.reason)["en"]


@pytest.mark.parametrize(
    ("more", "joint"),
    [
        ({"inliers": 199.0}, 0),
        ({"inliers": 200.0}, 6),
        ({"late_s": 0.2}, 6),
        ({"late_s": 0.21}, 0),
    ],
)
def test_a_plane_needs_points_and_the_same_time(more, joint):
    assert JOINT.judge(heard(stills(), **more)).measured.value == joint


def test_a_repeated_pose_is_one_joint_pose():
    twice = stills([VARIED[0], VARIED[0], VARIED[1]])
    assert JOINT.judge(heard(twice)).measured.value == 2


def test_planes_that_the_recorder_lost_are_not_measured():
    lost = losses(("CH1", 9.0, 40.0))
    found = JOINT.judge(heard(stills(), late_s=0.5, health=lost))
    assert found.outcome is Outcome.NOT_MEASURED
    well = JOINT.judge(heard(stills(), health=lost))
    assert well.outcome is Outcome.MET


def test_without_stills_nothing_is_met():
    for kind in (JOINT, NORMALS, PLANES):
        assert kind.judge(heard([])).reason.key == "views.none"


NORMALS = ViewDiversity(views=VIEWS, normals=NormalsPart(joint=PLANE))


def test_boards_that_lean_every_way_have_diverse_normals():
    found = NORMALS.judge(heard(stills()))
    assert found.outcome is Outcome.MET
    assert found.measured.value > 0.05


@pytest.mark.parametrize(
    ("tilt", "outcome"),
    [(20, Outcome.MET), (10, Outcome.PARTLY_MET), (4, Outcome.NOT_MET)],
)
def test_hardly_tilted_boards_have_parallel_normals(tilt, outcome):
    tilts = [(tilt, 0, 0), (-tilt, 0, 40), (0, tilt, 0), (0, -tilt, 40)]
    found = NORMALS.judge(heard(stills(tilts)))
    assert found.outcome is outcome
    # The normals' component across the axis: half of the boards have sin(tilt).
    spread = math.sin(math.radians(tilt)) ** 2 / 2
    assert found.measured.value == pytest.approx(spread, rel=1e-3)
    share = math.log(spread / 0.005) / math.log(10)
    assert found.fraction == pytest.approx(min(1, max(0, share)), abs=1e-3)


def test_one_joint_pose_has_no_diversity():
    assert NORMALS.judge(heard(stills(VARIED[:1]))).fraction == 0
    assert NORMALS.judge(heard(stills(), inliers=5.0)).measured.value == 0


def test_limits_of_normals_make_sense():
    assert NormalsPart(joint=PLANE, full=0.01, zero=0.05).problem()
    assert not NormalsPart(joint=PLANE).problem()


PLANES = ReprojRms(
    attachment="file", views=VIEWS, joint=PLANE, score=Scale(full=15, zero=40)
)


@pytest.mark.parametrize(
    ("off_mm", "outcome"),
    [
        (0, Outcome.MET),
        (15, Outcome.MET),
        (27, Outcome.PARTLY_MET),
        (41, Outcome.NOT_MET),
    ],
)
def test_planes_agree_with_a_right_pose(off_mm, outcome):
    pose = Pose(turn=LIDAR.turn, at_mm=LIDAR.at_mm + np.array([0, 0, off_mm]))
    found = PLANES.judge(
        heard(stills([(0, 0, x) for x in (0, 40, 80)]), form=(pose_file(pose),))
    )
    assert found.outcome is outcome
    assert found.measured.value == pytest.approx(off_mm, abs=0.05)
    assert found.measured.unit == "mm"


def test_planes_without_a_file_or_without_planes_are_not_met():
    assert PLANES.judge(heard(stills())).reason.key == "model.nothing"
    none = PLANES.judge(heard(stills(), inliers=3.0, form=(pose_file(LIDAR),)))
    assert none.reason.key == "views.none_valid"
    lost = losses(("CH1", 9.0, 40.0))
    away = heard(stills(), late_s=0.5, form=(pose_file(LIDAR),), health=lost)
    assert PLANES.judge(away).outcome is Outcome.NOT_MEASURED


HOLDOUT = HoldoutReproj(
    attachment="file",
    reference="hidden",
    samples="planes",
    score=Scale(full=15, zero=50),
    cap=1000,
)


@pytest.mark.parametrize(
    ("turned_deg", "outcome"),
    [(0.0, Outcome.MET), (0.8, Outcome.PARTLY_MET), (3.0, Outcome.NOT_MET)],
)
def test_hidden_planes_show_a_wrong_turn(turned_deg, outcome):
    turn = rotation(np.radians([turned_deg, 0, 0])) @ LIDAR.turn
    form = (pose_file(Pose(turn=turn, at_mm=LIDAR.at_mm)),)
    found = HOLDOUT.judge(heard([], form=form))
    assert found.outcome is outcome, found.measured
    assert "2 hidden samples" in both(found.reason)["en"]


def test_hidden_planes_need_a_file_and_a_case():
    assert HOLDOUT.judge(heard([])).reason.key == "model.nothing"
    for reference in ({}, {"hidden": []}, {"hidden": ["x"]}, {"hidden": [{}]}):
        with pytest.raises(MissingError):
            HOLDOUT.judge(
                heard([], form=(pose_file(LIDAR),), case=Case(reference=reference))
            )


def test_a_wild_plane_costs_no_more_than_the_cap():
    far = [(np.array([0, 0, -1.0]), 1e9, np.zeros(3))]
    assert consistency_mm(LIDAR, far, 1000.0) == 1000.0


def corner_case(focal):
    hidden = []
    for tilt in VARIED:
        view, _, _ = still(0, tilt)
        corners = view.corners_px.tolist()
        hidden.append({"points_mm": GRID.tolist(), "corners_px": corners})
    content = {
        "camera_matrix": [[focal, 0, 640], [0, focal, 360], [0, 0, 1]],
        "distortion": [0, 0, 0, 0, 0],
        "image_size": [1280, 720],
    }
    text = base64.b64encode(json.dumps(content).encode()).decode()
    value = {"name": "k.json", "media_type": "x", "base64": text}
    form = (Edit(t_ns=ns(60), field="file", value=value),)
    return heard([], form=form, case=Case(reference={"hidden": hidden}))


CORNERS = HoldoutReproj(
    attachment="file",
    reference="hidden",
    samples="corners",
    score=Scale(full=0.3, zero=1.0),
    cap=20,
)


def test_hidden_stills_are_explained_by_the_right_camera():
    found = CORNERS.judge(corner_case(900.0))
    assert found.outcome is Outcome.MET
    assert (found.measured.unit, round(found.measured.value, 2)) == ("px", 0)
    assert CORNERS.judge(corner_case(700.0)).fraction < 0.3
    assert "hidden stills" in both(CORNERS.rule())["en"]


REST = EventDwell(board=BoardRest(views=VIEWS), score=Scale(full=1.0, zero=0.0))


def pairs(rest_s, shift=(0.05, 0.0, 0.0)):
    found = []
    for number, tilt in enumerate(VARIED[:4]):
        at = 10 + 5 * number
        found += [still(at, tilt), still(at + rest_s, tilt, shift)]
    return found


@pytest.mark.parametrize(
    ("rest_s", "fraction"), [(1.0, 1), (1.4, 1), (0.5, 0.5), (0.0, 0)]
)
def test_a_board_rests_as_long_as_its_stills_agree(rest_s, fraction):
    found = REST.judge(heard(pairs(rest_s)))
    assert found.fraction == pytest.approx(fraction)
    assert found.details["poses"] == 4


def test_a_board_that_moves_between_its_stills_does_not_rest():
    assert REST.judge(heard(pairs(1.2, (1.9, 0.0, 0.0)))).fraction == 1
    assert REST.judge(heard(pairs(1.2, (2.1, 0.0, 0.0)))).fraction == 0


def test_a_single_still_shows_no_rest():
    found = REST.judge(heard(stills()))
    assert (found.outcome, found.measured.value) == (Outcome.NOT_MET, 0)
    assert "long enough at 0 of 6 poses" in both(found.reason)["en"]


def test_rest_is_asked_of_a_predicate_or_of_a_board():
    score = Scale(full=1.0, zero=0.0)
    predicate = Predicate(signal="A.x", min=0)
    board = BoardRest(views=VIEWS)
    assert EventDwell(score=score).problem()
    assert EventDwell(score=score, predicate=predicate, board=board).problem()
    assert not EventDwell(score=score, predicate=predicate).problem()
    assert not REST.problem()


@given(st.integers(min_value=0, max_value=99))
def test_a_bench_tool_finds_the_lidar_again(seed):
    random = np.random.default_rng(seed)
    found = []
    for _ in range(6):
        normal = random.normal(0, 0.5, 3) + np.array([0, 0, -1.0])
        normal /= np.linalg.norm(normal)
        centre = random.normal(0, 60, 3) + np.array([0, 0, 800.0])
        found.append(
            PlanePair(
                camera_normal=normal,
                camera_centre_mm=centre,
                lidar_normal=LIDAR.turn.T @ normal,
                lidar_centre_mm=LIDAR.turn.T @ (centre - LIDAR.at_mm),
            )
        )
    pose = solve(found)
    assert pose.turn == pytest.approx(LIDAR.turn, abs=1e-6)
    assert pose.at_mm == pytest.approx(LIDAR.at_mm, abs=1e-2)
