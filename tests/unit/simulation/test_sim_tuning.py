import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.simulation.candidates.bywire_tool import BRAKE, DRIVE, BywireTool
from examrunner.simulation.chassis import CHANNEL, Chassis
from examrunner.simulation.kernel import NS_PER_S


def seen(rig: Chassis, seconds: float, message: str, signal: str) -> np.ndarray:
    kernel = rig.base.kernel
    rig.base.collect()
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))
    frames = rig.base.collect()[CHANNEL]
    layout = rig.base.layouts[CHANNEL][message]
    return layout.signals[signal].read(frames.take(frames.ids == layout.can_id).data)


def enabled(rig: Chassis, handle: object) -> BywireTool:
    tool = BywireTool(rig, handle)
    tool.connect()
    tool.request_mode("AUTO")
    tool.switch(enabled=True)
    seen(rig, 1.0, "RPT_VCU", "RPT_VehMode")
    return tool


def write(rig: Chassis, ecu: str, request: str) -> str:
    ask(rig, ecu, "1003")
    seed = int(ask(rig, ecu, "2701")[4:], 16) ^ 0xA5C3A5C3
    ask(rig, ecu, f"2702{(seed << 7 | seed >> 25) & 0xFFFFFFFF:08X}")
    return ask(rig, ecu, request)


def test_the_brakes_gain_decides_how_fast_pressure_builds_up() -> None:
    rig = a_rig("chassis_bywire", brake={"kp": 1.0, "dead_time_s": 0.04})
    tool = enabled(rig, BRAKE)
    assert ask(rig, "EHB", "220310") == "6203100064"
    tool.go(3.0)
    slow = seen(rig, 1.0, "RPT_Brake", "RPT_BrkPressAct")
    tool.go(0.0)
    seen(rig, 6.0, "RPT_Brake", "RPT_BrkPressAct")
    assert write(rig, "EHB", "2E0310012C") == "6e0310"
    tool.go(3.0)
    fast = seen(rig, 1.0, "RPT_Brake", "RPT_BrkPressAct")
    assert slow[-1] < 2.2
    assert fast[-1] == pytest.approx(3.0, abs=0.05)


def test_the_drive_turns_wheels_in_gear_d_with_the_park_brake_released_only() -> None:
    rig = a_rig("chassis_bywire")
    tool = enabled(rig, DRIVE)
    tool.go(1.0)
    assert seen(rig, 2.0, "RPT_VCU", "RPT_VehSpd").max() == 0.0
    tool.take_gear()
    tool.shift("D", "RELEASE")
    assert seen(rig, 4.0, "RPT_VCU", "RPT_VehSpd")[-1] > 0.7
    assert seen(rig, 1.0, "RPT_Gear", "RPT_GearAct")[-1] == 4.0
    tool.shift("P", "APPLY")
    assert seen(rig, 2.0, "RPT_VCU", "RPT_VehSpd")[-1] == 0.0
    assert seen(rig, 1.0, "RPT_Park", "RPT_ParkAct")[-1] == 1.0


def test_an_integral_part_takes_away_what_a_proportional_one_leaves() -> None:
    rig = a_rig("chassis_bywire", drive={"kp": 60.0})
    tool = enabled(rig, DRIVE)
    tool.take_gear()
    tool.shift("D", "RELEASE")
    tool.go(2.0)
    left = 2.0 - seen(rig, 8.0, "RPT_VCU", "RPT_VehSpd")[-1]
    assert left == pytest.approx(66.0 / 12.0 / 60.0, abs=0.02)
    assert write(rig, "MCU", "2E03510FA0") == "6e0351"
    assert seen(rig, 6.0, "RPT_VCU", "RPT_VehSpd")[-1] == pytest.approx(2.0, abs=0.01)
    assert ask(rig, "MCU", "220341").startswith("620341")
