"""The lidar and the navigation unit of the ADAS bench: what each shows and stores."""

import struct
from collections.abc import Callable

import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.model.camera import rotation
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.board_camera import BoardPose, straight_before
from examrunner.simulation.fault_box import OK, FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.uds_session import key_of

ARM_MM = (400, -200, 1000)
Values = dict[str, np.ndarray]


def bench(**differing: object) -> AdasBench:
    rig = a_rig("adas_bench", **differing)
    assert isinstance(rig, AdasBench)
    return rig


def erased(ecu: str, **differing: object) -> tuple[AdasBench, FaultBox]:
    rig = bench(**differing)
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "cal.erase", "ecu": ecu}) == OK
    wait(rig, 1)
    return rig, box


def wait(rig: AdasBench, seconds: float) -> None:
    rig.base.kernel.run(rig.base.kernel.now_ns + round(seconds * NS_PER_S))


def shown(rig: AdasBench, signals: Callable[..., object], seconds: float = 1) -> Values:
    now_ns = rig.base.kernel.now_ns
    times = now_ns - np.arange(round(seconds * 20), dtype=np.int64)[::-1] * 50_000_000
    values = signals(times)
    assert isinstance(values, dict)
    return {name: np.broadcast_to(v, len(times)) for name, v in values.items()}


def stored(rig: AdasBench, ecu: str, code: str) -> bool:
    return code in ask(rig, ecu, "190201")


def unlock(rig: AdasBench, ecu: str) -> None:
    ask(rig, ecu, "1003")
    seed = int(ask(rig, ecu, "2701")[4:], 16)
    assert ask(rig, ecu, f"2702{key_of(seed):08X}") == "6702"


def navigation(**more: object) -> tuple[AdasBench, FaultBox]:
    return erased("INSU", inertial={"lever_arm_mm": list(ARM_MM), **more})


def write_arm(rig: AdasBench, *arm: int) -> None:
    unlock(rig, "INSU")
    assert ask(rig, "INSU", f"2E0601{struct.pack('>3h', *arm).hex()}") == "6e0601"


def circle_mm(rig: AdasBench) -> float:
    """Distance of the position from the table's centre, noise averaged out."""
    position = shown(rig, rig.inertial.messages()["INSU_Position"], 4)
    east, north = position["INSU_EastLoc"].mean(), position["INSU_NorthLoc"].mean()
    return 1000 * float(np.hypot(east, north))


def test_a_rig_comes_calibrated_and_aligned() -> None:
    rig = bench()
    wait(rig, 5)
    assert (
        ask(rig, "INSU", "220601")
        == "620601" + struct.pack(">3h", 412, -185, 1036).hex()
    )
    attitude = shown(rig, rig.inertial.messages()["INSU_Attitude"])
    assert set(attitude["INSU_AlignState"]) == {3.0}
    assert circle_mm(rig) < 8
    assert not stored(rig, "INSU", "5d5454")


def test_what_was_erased_shows_as_a_circle_and_a_code_until_it_is_taken_back() -> None:
    rig, box = navigation()
    assert stored(rig, "INSU", "5d5454")
    wait(rig, 4)
    assert circle_mm(rig) == pytest.approx(np.hypot(400, 200), abs=8)
    box.carry_out({"op": "clear_all"})
    wait(rig, 5)
    assert circle_mm(rig) < 8
    assert not stored(rig, "INSU", "5d5454")


def test_a_lever_arm_that_somebody_wrote_stays() -> None:
    rig, box = navigation()
    write_arm(rig, 445, -200, 1000)
    box.carry_out({"op": "clear_all"})
    wait(rig, 5)
    assert circle_mm(rig) == pytest.approx(45, abs=8)


@pytest.mark.parametrize(
    ("rest_s", "status", "left_dps"),
    [(90, "02", 0.0196), (0, "04", 0.3)],
)
def test_the_bias_falls_with_rest(rest_s: float, status: str, left_dps: float) -> None:
    rig, _ = navigation()
    rig.inertial.resting.touch(touched=not rest_s)
    wait(rig, rest_s or 60)
    unlock(rig, "INSU")
    assert ask(rig, "INSU", "31010601") == "71010601"
    assert ask(rig, "INSU", "31030601")[8:10] == status
    imu = rig.inertial.messages()["INSU_Imu"]
    rig.inertial.resting.touch(touched=False)
    wait(rig, 10)
    mean = float(shown(rig, imu, 9)["INSU_Gz"].mean())
    assert mean == pytest.approx(left_dps, abs=0.015)


def test_alignment_wants_two_turns_with_a_known_arm() -> None:
    rig, _ = navigation()
    attitude = rig.inertial.messages()["INSU_Attitude"]

    def state_after(speed_dps: float, seconds: float) -> float:
        rig.table.turn(speed_dps)
        wait(rig, seconds)
        return float(shown(rig, attitude, 0.05)["INSU_AlignState"][-1])

    assert state_after(30, 40) == 1
    write_arm(rig, *ARM_MM)
    assert state_after(30, 10) == 1
    assert state_after(-30, 4) == 2
    assert state_after(-30, 12) == 3
    ask(rig, "INSU", "1101")
    wait(rig, 2)
    assert state_after(0, 3) == 1


def test_the_emergency_stop_stops_the_table() -> None:
    rig = bench()
    rig.table.turn(20)
    wait(rig, 3)
    rig.base.bench.switch("RIG_EStop", 1)
    wait(rig, 2)
    assert shown(rig, rig.table.signals, 0.05)["RIG_TblRate"][-1] == 0


def test_a_fixed_solution_takes_its_time() -> None:
    rig = bench(inertial={"fixed_after_s": 20})
    assert not rig.inertial.has_fixed_solution
    wait(rig, 25)
    assert rig.inertial.has_fixed_solution
    position = rig.inertial.messages()["INSU_Position"]
    kinds = list(dict.fromkeys(shown(rig, position, 25)["INSU_Fix"].tolist()))
    assert kinds == [0.0, 1.0, 2.0, 5.0, 4.0]


def tilted(rig: AdasBench, about_x_deg: float) -> BoardPose:
    board = rig.lidar.boards.board
    turn = (np.radians(about_x_deg), 0.0, 0.0)
    middle = 0.5 * board.square_mm * np.array([board.columns, board.rows, 0.0])
    shift = np.array([0.0, 0.0, 800.0]) - rotation(np.array(turn)) @ middle
    x, y, z = (float(v) for v in shift)
    return BoardPose(turn=turn, shift_mm=(x, y, z))


def plane(rig: AdasBench, seconds: float = 1) -> Values:
    return shown(rig, rig.lidar.boards.signals, seconds)


def test_the_lidar_sees_the_board_where_it_is_held() -> None:
    rig = bench()
    rig.lidar.see(tilted(rig, 30))
    wait(rig, 2)
    found, mounting = plane(rig), rig.lidar.mounting
    normal = mounting.turn @ [found[f"LIDU_N{a}"].mean() for a in "xyz"]
    centre = mounting.turn @ [found[f"LIDU_C{a}"].mean() for a in "xyz"]
    right = -rotation(np.radians([30.0, 0.0, 0.0]))[:, 2]
    assert np.degrees(np.arccos(normal @ right)) < 1.0
    assert centre + mounting.at_mm == pytest.approx([0, 0, 800], abs=25)
    assert found["LIDU_Inl"].min() >= 200


def test_the_error_of_a_resting_board_does_not_average_out() -> None:
    rig = bench()
    rig.lidar.see(tilted(rig, 20))
    wait(rig, 3)
    within = plane(rig, 2)["LIDU_Cx"]
    assert within.std() < 1.0
    middles = []
    for _ in range(20):
        wait(rig, 1)
        rig.lidar.see(tilted(rig, 20))
        wait(rig, 1)
        middles.append(plane(rig, 0.5)["LIDU_Cx"].mean())
    assert 3.0 < np.std(middles) < 10.0


def test_there_is_no_plane_without_a_board() -> None:
    rig = bench()
    rig.lidar.see(None)
    wait(rig, 1)
    assert set(plane(rig, 0.5)["LIDU_Inl"]) == {0.0}
    assert rig.lidar.boards.measured(rig.base.kernel.now_ns) is None
    board = rig.lidar.boards.board
    rig.lidar.see(straight_before(board, -500.0))
    assert rig.lidar.boards.measured(rig.base.kernel.now_ns) is None


def test_an_erased_lidar_says_so_until_somebody_writes_its_place() -> None:
    rig, box = erased("LIDU")
    assert stored(rig, "LIDU", "5e5454")
    status = rig.lidar.messages()["LIDU_Status"]
    assert set(shown(rig, status, 0.5)["LIDU_CalValid"]) == {0.0}
    unlock(rig, "LIDU")
    assert ask(rig, "LIDU", "31010401") == "71010401"
    assert ask(rig, "LIDU", "31030401")[8:10] == "02"
    block = struct.pack(">6f", 1.2, -1.2, 1.2, 40, -220, -90).hex()
    assert ask(rig, "LIDU", f"2E0401{block}") == "6e0401"
    box.carry_out({"op": "clear_all"})
    wait(rig, 3)
    assert ask(rig, "LIDU", "220401") == f"620401{block}"
    assert set(shown(rig, status, 0.5)["LIDU_CalValid"]) == {1.0}
    assert not stored(rig, "LIDU", "5e5454")


def test_a_lidar_needs_time_to_synchronise() -> None:
    rig = bench(lidar={"synced_after_s": 10})
    assert not rig.lidar.is_synced
    wait(rig, 11)
    assert rig.lidar.is_synced
