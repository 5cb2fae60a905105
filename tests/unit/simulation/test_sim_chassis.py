from collections.abc import Mapping

import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.model import e2e
from examrunner.model.frames import Frames
from examrunner.simulation.bus import Frame
from examrunner.simulation.candidates.bywire_tool import BywireTool
from examrunner.simulation.chassis import CHANNEL, Chassis
from examrunner.simulation.kernel import NS_PER_S


def run(rig: Chassis, seconds: float) -> Frames:
    kernel = rig.base.kernel
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))
    return rig.base.collect()[CHANNEL]


def values(rig: Chassis, frames: Frames, message: str, signal: str) -> np.ndarray:
    layout = rig.base.layouts[CHANNEL][message]
    mine = frames.take(frames.ids == layout.can_id)
    return layout.signals[signal].read(mine.data)


def connected(rig: Chassis, **options: float) -> BywireTool:
    tool = BywireTool(rig, **options)
    tool.connect()
    tool.request_mode("AUTO")
    return tool


def test_every_message_keeps_its_cycle_checksum_and_counter() -> None:
    rig = a_rig("chassis_bywire")
    frames = run(rig, 20)
    for layout in rig.base.layouts[CHANNEL].values():
        if layout.sender == "TOOL":
            continue
        mine = frames.take(frames.ids == layout.can_id)
        cycle_ns = np.diff(mine.t_ns)
        assert abs(cycle_ns.mean() - layout.cycle_ns) < 0.002 * layout.cycle_ns
        assert layout.intact(mine.data).all()
        if layout.data_id is not None:
            counter = mine.data[:, 1] & 0xF
            steps = np.diff(counter.astype(int)) % e2e.COUNTER_MODULUS
            assert (steps == 1).all(), layout.name


def test_the_steering_goes_where_it_is_told_and_reports_it() -> None:
    rig = a_rig("chassis_bywire")
    tool = connected(rig)
    run(rig, 1)
    tool.switch(enabled=True)
    tool.go(60.0)
    frames = run(rig, 8)
    assert abs(values(rig, frames, "RPT_Steer", "RPT_StrAngAct")[-1] - 60) < 0.4
    assert set(values(rig, frames, "RPT_Steer", "RPT_StrState")[30:]) == {1.0}
    assert abs(values(rig, frames, "SAS_Angle", "SAS_Ang")[-1] - 60) < 0.4


def test_without_commands_for_100_ms_the_steering_lets_go() -> None:
    rig = a_rig("chassis_bywire")
    layout = rig.base.layouts[CHANNEL]["CMD_Steer"]
    mode = rig.base.layouts[CHANNEL]["CMD_Mode"]
    counts = {layout.name: 0, mode.name: 0}

    def send(message: object, content: Mapping[str, object]) -> None:
        data = message.pack(content, 1)
        message.protect(data, np.array([counts[message.name]]))
        counts[message.name] += 1
        frame = Frame(can_id=message.can_id, payload=bytes(data[0]))
        rig.base.buses[CHANNEL].transmit(frame)

    for _ in range(30):
        send(mode, {"CMD_DriveModeReq": "AUTO"})
        send(layout, {"CMD_StrEn": "ON", "CMD_StrAngTgt": 5.0})
        run(rig, 0.02)
    assert rig.plant.latest("steer") == 1.0
    for _ in range(12):
        send(mode, {"CMD_DriveModeReq": "AUTO"})
        frames = run(rig, 0.02)
    assert rig.plant.latest("steer") == 3.0
    assert values(rig, frames, "RPT_VCU", "RPT_CtrlTimeout")[-1] == 4.0


def test_commands_with_a_wrong_checksum_are_not_obeyed() -> None:
    rig = a_rig("chassis_bywire")
    tool = connected(rig, spoiled_share=1.0)
    tool.switch(enabled=True)
    tool.go(60.0)
    run(rig, 3)
    assert rig.plant.latest("angle_deg") == 0.0


def test_the_e_stop_ends_automatic_mode() -> None:
    rig = a_rig("chassis_bywire")
    tool = connected(rig)
    tool.switch(enabled=True)
    run(rig, 1)
    assert rig.enabled()
    rig.base.bench.switch("RIG_EStop", 1)
    frames = run(rig, 1)
    assert not rig.enabled()
    assert values(rig, frames, "RPT_VCU", "RPT_VehMode")[-1] == 2.0
    assert values(rig, frames, "RIG_Status", "RIG_EStop")[-1] == 1.0


def test_gains_written_by_diagnostics_change_the_response() -> None:
    rig = a_rig("chassis_bywire", steering={"kp": 1.0})
    assert ask(rig, "EPS", "220210") == "6202100064"
    assert ask(rig, "EPS", "1003") == "5003003201f4"
    assert ask(rig, "EPS", "2E02100190") == "7f2e33"
    seed = int(ask(rig, "EPS", "2701")[4:], 16)
    mixed = seed ^ 0xA5C3A5C3
    key = (mixed << 7 | mixed >> 25) & 0xFFFFFFFF
    assert ask(rig, "EPS", f"2702{key:08X}") == "6702"
    assert ask(rig, "EPS", "2E02100190") == "6e0210"
    assert rig.plant.steering.gains.kp == 4.0
    assert ask(rig, "EPS", "220210") == "6202100190"


def test_an_ecu_is_not_reset_while_its_actuator_is_enabled() -> None:
    rig = a_rig("chassis_bywire")
    tool = connected(rig)
    tool.switch(enabled=True)
    run(rig, 1)
    assert ask(rig, "EPS", "1101") == "7f1122"
    tool.switch(enabled=False)
    run(rig, 1)
    assert ask(rig, "EPS", "1101") == "5101"


@pytest.mark.parametrize("chunk_s", [0.013, 1.7])
def test_the_same_frames_come_in_whatever_chunks_they_are_asked_for(
    chunk_s: float,
) -> None:
    def play(step_s: float) -> Frames:
        rig = a_rig("chassis_bywire", seed=4)
        tool = connected(rig)
        tool.switch(enabled=True)
        kernel, parts = rig.base.kernel, []
        for second, angle in ((2, 30.0), (4, -20.0), (6, 0.0)):
            while kernel.now_ns < second * NS_PER_S:
                wanted = kernel.now_ns + round(step_s * NS_PER_S)
                kernel.run(min(wanted, second * NS_PER_S))
                parts.append(rig.base.collect()[CHANNEL])
            tool.go(angle)
        kernel.run(8 * NS_PER_S)
        return Frames.concatenate([*parts, rig.base.collect()[CHANNEL]])

    coarse, fine = play(10.0), play(chunk_s)
    assert np.array_equal(coarse.t_ns, fine.t_ns)
    assert np.array_equal(coarse.ids, fine.ids)
    assert np.array_equal(coarse.data, fine.data)
