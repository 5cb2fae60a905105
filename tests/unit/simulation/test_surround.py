import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rig_at_hand import a_rig, ask

from examrunner.model.placement import Placement
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.fault_box import BAD_ARG, OK, FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.sensors.mat_position import (
    distances_to,
    hubs_of,
    position_of,
)
from examrunner.simulation.uds_session import key_of

HUBS = hubs_of(2700.0, 1600.0, 1600.0)


@given(st.floats(4000, 7000), st.floats(-150, 150), st.floats(-6, 6))
def test_six_right_distances_tell_where_the_mat_lies(x, y, yaw):
    found = position_of(distances_to((x, y, yaw), HUBS), HUBS)
    assert found == pytest.approx((x, y, yaw), abs=1e-4)


@given(st.lists(st.integers(1, 65535), min_size=6, max_size=6))
def test_any_distances_that_can_be_written_are_borne(distances):
    found = position_of(np.array(distances, np.float64), HUBS)
    assert found is None or len(found) == 3


def erased() -> tuple[AdasBench, FaultBox]:
    rig = a_rig("adas_bench")
    assert isinstance(rig, AdasBench)
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "cal.erase", "ecu": "SVC"}) == OK
    rig.base.kernel.run(rig.base.kernel.now_ns + NS_PER_S)
    return rig, box


def write(rig: AdasBench, distances: np.ndarray) -> None:
    ask(rig, "SVC", "1003")
    seed = int(ask(rig, "SVC", "2701")[4:], 16)
    assert ask(rig, "SVC", f"2702{key_of(seed):08X}") == "6702"
    dimensions = struct.pack(">6H", 2700, 1600, 1600, 900, 1800, 1500).hex()
    assert ask(rig, "SVC", f"2E0321{dimensions}") == "6e0321"
    stated = struct.pack(">6H", *(round(mm) for mm in distances)).hex()
    assert ask(rig, "SVC", f"2E0322{stated}") == "6e0322"


def calibrate(rig: AdasBench, routine: str) -> str:
    assert ask(rig, "SVC", f"3101{routine}") == f"7101{routine}"
    return ask(rig, "SVC", f"3103{routine}").removeprefix(f"7103{routine}")


def test_what_was_erased_is_seen_and_stored_until_it_is_taken_back():
    rig, box = erased()
    assert not rig.surround.calibrated()
    assert min(rig.surround.seams_mm().values()) > 50
    codes = ask(rig, "SVC", "190209")
    assert all(code in codes for code in ("5f1054", "5f1154", "5f1254", "5f1354"))
    assert box.repair("SVC.calibration")
    assert rig.surround.calibrated()
    assert max(rig.surround.seams_mm().values()) < 15


def test_a_routine_needs_the_mat_and_its_distances():
    rig, _ = erased()
    assert calibrate(rig, "0310") == "04"
    rig.base.bodies.place("mat", Placement(at_mm=(5000.0, 0.0, 0.0)))
    assert calibrate(rig, "0310") == "04"
    write(rig, distances_to((5000.0, 0.0, 0.0), HUBS))
    assert calibrate(rig, "0310") == "02"
    rig.base.bodies.place("mat", None)
    assert calibrate(rig, "0311") == "04"


def test_right_distances_make_good_seams_even_of_a_mat_that_lies_askew():
    rig, _ = erased()
    rig.base.bodies.place("mat", Placement(at_mm=(5000.0, 22.0, 0.0), yaw_deg=0.8))
    write(rig, distances_to((5000.0, 22.0, 0.8), HUBS))
    for routine in ("0310", "0311", "0312", "0313"):
        assert calibrate(rig, routine) == "02"
    assert rig.surround.calibrated()
    assert max(rig.surround.seams_mm().values()) < 7


def test_what_the_distances_are_off_stays_in_the_seams_of_that_side():
    rig, _ = erased()
    rig.base.bodies.place("mat", Placement(at_mm=(5000.0, 22.0, 0.0), yaw_deg=0.8))
    write(rig, distances_to((5000.0, 0.0, 0.0), HUBS))
    for routine in ("0310", "0312"):
        assert calibrate(rig, routine) == "02"
    seams = rig.surround.seams_mm()
    misfit = np.hypot(22, 2200 * np.radians(0.8))
    assert seams["FL"] == pytest.approx(4 + misfit, abs=1.5)
    assert seams["FR"] > 50
    assert not rig.surround.calibrated()


def test_a_mat_far_from_where_it_is_said_to_be_is_not_accepted():
    rig, _ = erased()
    rig.base.bodies.place("mat", Placement(at_mm=(5000.0, 400.0, 0.0)))
    write(rig, distances_to((5000.0, 0.0, 0.0), HUBS))
    assert calibrate(rig, "0310") == "05"
    assert rig.surround.seams_mm()["FL"] > 50


def test_only_control_units_with_a_calibration_can_lose_it():
    box = FaultBox(a_rig("adas_bench"))
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "cal.erase", "ecu": "USSC"}) == BAD_ARG
