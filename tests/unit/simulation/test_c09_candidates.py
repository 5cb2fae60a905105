from pathlib import Path

import numpy as np
import pytest
from played_attempts import fractions, judged

from examrunner.simulation.kernel import NS_PER_S, Kernel
from examrunner.simulation.turntable import Turntable


def test_who_rests_measures_and_turns_earns_everything(tmp_path: Path) -> None:
    score = judged("C09", "adas_bench", "competent", tmp_path, "exam_b")
    assert score["verdict"] == "pass"
    assert float(score["points"]["low"]) >= 97.0
    assert not score["flags"]


def test_who_hurries_and_measures_badly_passes_without_glory(tmp_path: Path) -> None:
    score = judged("C09", "adas_bench", "sloppy", tmp_path, "exam_a")
    assert score["verdict"] == "pass"
    assert 70.9 <= float(score["points"]["low"]) <= 74.7
    earned = fractions(score)
    assert earned["B1"] == pytest.approx(0.11, abs=0.03)
    assert earned["C1"] == pytest.approx(0.79, abs=0.03)
    assert earned["C2"] == pytest.approx(0.68, abs=0.08)
    assert earned["C3"] == pytest.approx(0.53, abs=0.08)
    assert (earned["A3"], earned["B2"], earned["B4"]) == (0.0, 0.5, 0.5)


def test_who_copies_a_label_and_turns_nothing_fails(tmp_path: Path) -> None:
    score = judged("C09", "adas_bench", "cheating", tmp_path, "practice_b")
    assert score["verdict"] == "fail"
    assert float(score["points"]["high"]) == pytest.approx(41.7, abs=0.8)
    earned = fractions(score)
    assert earned["C1"] == pytest.approx(0.667, abs=0.01)
    nothing = ("A3", "B1", "B2", "B4", "C2", "C3", "C4")
    assert {earned[line] for line in nothing} == {0.0}


def at(*seconds: float) -> np.ndarray:
    return np.round(np.array(seconds) * NS_PER_S).astype(np.int64)


def test_a_table_ramps_turns_and_stops() -> None:
    kernel = Kernel()
    table = Turntable(kernel, angle_deg=350.0)
    kernel.run(NS_PER_S)
    table.turn(10.0)
    kernel.run(11 * NS_PER_S)
    table.turn(-10.0)
    kernel.run(21 * NS_PER_S)
    table.turn(0.0)
    times = at(0.5, 1.25, 6.0, 11.0, 11.5, 12.0, 21.0, 30.0)
    speeds = [0, 5, 10, 10, 0, -10, -10, 0]
    assert table.speed_dps(times) == pytest.approx(speeds)
    ways = table.way_deg(times)
    # 0.5 s of ramp up, then down through standstill, then to rest.
    assert ways[3] == pytest.approx(0.5 * 5 + 9.5 * 10)
    assert ways[5] - ways[3] == pytest.approx(2 * 0.5 * 5)
    angles = table.angle_deg(times)
    assert angles[5] == pytest.approx(angles[3])
    assert angles[7] == pytest.approx(angles[3] - 90 - 0.5 * 5)
    assert table.signals(times)["RIG_TblAng"].max() < 360.0


def test_a_table_turns_no_faster_than_its_motor() -> None:
    table = Turntable(Kernel())
    table.turn(500.0)
    assert table.speed_dps(at(10.0)) == pytest.approx([30.0])
