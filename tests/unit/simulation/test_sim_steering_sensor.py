import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.simulation.chassis import CHANNEL, Chassis
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S

BLANK = {"op": "cal.erase", "ecu": "SAS"}


def shown(rig: Chassis, signal: str = "SAS_Ang", seconds: float = 2.0) -> np.ndarray:
    kernel = rig.base.kernel
    rig.base.collect()
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))
    frames = rig.base.collect()[CHANNEL]
    layout = rig.base.layouts[CHANNEL]["SAS_Angle"]
    return layout.signals[signal].read(frames.take(frames.ids == layout.can_id).data)


def broken(*commands: dict[str, object], **differing: object) -> Chassis:
    rig = a_rig("chassis_bywire", **differing)
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    for command in commands:
        assert box.carry_out(command) == "ok"
    shown(rig, seconds=3.0)
    return rig


def status_of(rig: Chassis, ecu: str, code: str) -> int | None:
    answer = bytes.fromhex(ask(rig, ecu, "1902FF"))[3:]
    rows = {answer[i : i + 3].hex(): answer[i + 3] for i in range(0, len(answer), 4)}
    return rows.get(code)


def unlocked(rig: Chassis) -> None:
    ask(rig, "SAS", "1003")
    seed = int(ask(rig, "SAS", "2701")[4:], 16) ^ 0xA5C3A5C3
    key = (seed << 7 | seed >> 25) & 0xFFFFFFFF
    assert ask(rig, "SAS", f"2702{key:08X}") == "6702"


def test_a_calibrated_sensor_shows_the_rack_whoever_turns_the_wheel() -> None:
    rig = a_rig("chassis_bywire")
    rig.pull_wheel(-130.0)
    assert shown(rig)[-1] == pytest.approx(-130.0, abs=0.1)
    assert rig.plant.latest("angle_deg") == -130.0
    rig.pull_wheel(None)
    assert shown(rig)[-1] == pytest.approx(-130.0, abs=0.1)


def test_a_hand_turns_no_further_than_the_lock_and_no_faster_than_a_hand() -> None:
    rig = a_rig("chassis_bywire")
    rig.pull_wheel(900.0)
    assert shown(rig, seconds=1.0)[-1] == pytest.approx(220.0, abs=6.0)
    shown(rig)
    assert rig.plant.latest("angle_deg") == 480.0


def test_without_a_zero_the_mounting_shows_and_a_code_is_stored() -> None:
    rig = broken(BLANK, steering_sensor={"offset_deg": -6.2})
    assert shown(rig)[-1] == pytest.approx(-6.2, abs=0.1)
    assert set(shown(rig, "SAS_Cal")) == {0.0}
    assert status_of(rig, "SAS", "446054") == 0x2F
    assert status_of(rig, "EPS", "446028") is None


def test_the_routine_stores_what_is_straight_now() -> None:
    rig = broken(BLANK)
    rig.pull_wheel(1.5)
    shown(rig)
    unlocked(rig)
    assert ask(rig, "SAS", "31010201") == "71010201"
    assert ask(rig, "SAS", "31030201") == "7103020102"
    assert set(shown(rig, "SAS_Cal")) == {1.0}
    rig.pull_wheel(0.0)
    assert shown(rig)[-1] == pytest.approx(-1.5, abs=0.1)
    assert ask(rig, "SAS", "220202") == "620202003e"


@pytest.mark.parametrize(
    ("turned_deg", "waiting_s", "status"), [(70.0, 2.0, "05"), (200.0, 0.3, "04")]
)
def test_the_routine_refuses_a_turned_and_a_turning_wheel(
    turned_deg: float, waiting_s: float, status: str
) -> None:
    rig = broken(BLANK)
    rig.pull_wheel(turned_deg)
    shown(rig, seconds=waiting_s)
    assert ask(rig, "SAS", "31010201") == "71010201"
    assert ask(rig, "SAS", "31030201") == f"71030201{status}"
    assert set(shown(rig, "SAS_Cal")) == {0.0}


def test_only_the_steering_notices_a_zero_that_is_off() -> None:
    rig = broken({"op": "cal.set", "ecu": "SAS", "deg": 7.4})
    assert shown(rig)[-1] == pytest.approx(7.4, abs=0.1)
    assert status_of(rig, "EPS", "446028") == 0x2F
    assert status_of(rig, "SAS", "446054") is None


def test_a_cleared_code_is_proven_by_the_next_key_cycle_only() -> None:
    rig = broken(BLANK)
    ask(rig, "SAS", "31010201")
    assert ask(rig, "SAS", "14FFFFFF") == "54"
    shown(rig, seconds=5.0)
    assert status_of(rig, "SAS", "446054") == 0x50
    rig.base.turn_key("OFF")
    shown(rig, seconds=1.0)
    rig.base.turn_key("ON")
    shown(rig, seconds=4.0)
    assert status_of(rig, "SAS", "446054") is None


def test_taking_a_fault_away_gives_the_old_zero_back_unless_it_was_calibrated() -> None:
    rig = a_rig("chassis_bywire")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    box.carry_out({"op": "mech.misalign", "sensor": "SAS", "deg": -5.0})
    assert shown(rig)[-1] == pytest.approx(-5.0, abs=0.1)
    box.carry_out(BLANK)
    box.clear_all()
    assert shown(rig)[-1] == pytest.approx(0.0, abs=0.1)
    assert set(shown(rig, "SAS_Cal")) == {1.0}


@pytest.mark.parametrize(
    "command",
    [
        {"op": "cal.erase", "ecu": "ABS"},
        {"op": "cal.set", "ecu": "SAS"},
        {"op": "cal.set", "ecu": "SAS", "deg": True},
        {"op": "mech.misalign", "sensor": "SAS", "deg": 400.0},
    ],
)
def test_arguments_that_make_no_sense_are_refused(command: dict[str, object]) -> None:
    box = FaultBox(a_rig("chassis_bywire"))
    box.carry_out({"op": "arm"})
    assert box.carry_out(command) == "bad_arg"
