from pathlib import Path

import numpy as np
import pytest
from played_attempts import fractions, judged

from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.criteria.geometry import turn_between_deg
from examrunner.criteria.planes import consistency_mm
from examrunner.criteria.submitted_poses import reference_pose
from examrunner.model.case import Case
from examrunner.simulation.lidar_references import lidar_references
from examrunner.simulation.sensors.lidar import mounting_of


def test_who_tilts_the_board_every_way_earns_everything(tmp_path: Path) -> None:
    score = judged("C08", "adas_bench", "competent", tmp_path, "exam_b")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


def test_who_only_nods_the_board_fixes_no_pose(tmp_path: Path) -> None:
    score = judged("C08", "adas_bench", "sloppy", tmp_path, "practice_a")
    assert score["verdict"] == "fail"
    assert 38.0 <= float(score["points"]["low"]) <= 59.9
    earned = fractions(score)
    assert earned["B1"] == pytest.approx(0.667, abs=0.01)
    assert earned["B3"] == pytest.approx(0.5, abs=0.01)
    assert (earned["A3"], earned["B2"]) == (0.0, 0.0)
    # The residual of the own poses shows nothing of it.
    assert (earned["C3"], earned["D1"], earned["D2"]) == (1.0, 1.0, 1.0)


def test_who_hands_in_the_drawing_fails(tmp_path: Path) -> None:
    score = judged("C08", "adas_bench", "cheating", tmp_path, "exam_a")
    assert score["verdict"] == "fail"
    assert float(score["points"]["high"]) == pytest.approx(36.6, abs=0.2)
    earned = fractions(score)
    assert earned["C1"] == pytest.approx(0.3, abs=0.01)
    assert earned["C2"] == pytest.approx(0.9, abs=0.01)
    nothing = ("A2", "A3", "B1", "B2", "B3", "C3", "C4")
    assert {earned[line] for line in nothing} == {0.0}


RUBRIC = read_rubric(SearchPath.of().find("rubric", "C08"))


@pytest.mark.parametrize("variant", RUBRIC.variants)
def test_the_drawing_is_wrong_for_every_variant(variant: str) -> None:
    case = Case(reference=lidar_references(RUBRIC.variants[variant]))
    right, drawn = reference_pose(case, "lidar_in_camera"), mounting_of({})
    assert turn_between_deg(right.turn, drawn.turn) == pytest.approx(1.2, abs=0.001)
    assert np.linalg.norm(right.at_mm - drawn.at_mm) == pytest.approx(35, abs=0.1)
    planes = [
        tuple(np.array(plane[key]) for key in plane)
        for plane in case.reference["lidar_holdout"]
    ]
    assert consistency_mm(drawn, planes, 1000) > 50
    assert consistency_mm(right, planes, 1000) == pytest.approx(0, abs=1e-3)
