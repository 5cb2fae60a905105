import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rig_at_hand import a_rig, ask

from examrunner.simulation.chassis import CHANNEL, Chassis
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.rollers import RAMP_MPS2, Roller
from examrunner.simulation.wheels import WHEELS

SWAP = {"op": "sensor.swap", "sensors": ["FL", "FR"]}


def after(rig: Chassis, seconds: float) -> dict[str, float]:
    """Let time pass; the last speeds that the bus carried, NaN for not available."""
    kernel = rig.base.kernel
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))
    frames = rig.base.collect()[CHANNEL]
    layout = rig.base.layouts[CHANNEL]["ABS_WheelSpeed"]
    data = frames.take(frames.ids == layout.can_id).data
    read = {w: layout.signals[f"ABS_Spd{w}"].read(data)[-1] for w in WHEELS}
    return {w: np.nan if v > 65.5345 else float(v) for w, v in read.items()}


def swapped() -> Chassis:
    rig = a_rig("chassis_bywire")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    assert box.carry_out(SWAP) == "ok"
    after(rig, 2.0)
    return rig


def codes(rig: Chassis) -> dict[str, int]:
    answer = bytes.fromhex(ask(rig, "ABS", "1902FF"))[3:]
    return {answer[i : i + 3].hex(): answer[i + 3] for i in range(0, len(answer), 4)}


def test_a_roller_ramps_and_its_way_is_the_integral_of_its_speed() -> None:
    roller = Roller()
    roller.set(NS_PER_S, 4.0)
    roller.set(2 * NS_PER_S, 1.0)
    times = np.arange(0, 5 * NS_PER_S, NS_PER_S // 1000)
    speeds = roller.speed_mps(times)
    assert speeds.max() == pytest.approx(2.0)
    assert speeds[-1] == 1.0
    assert [roller.speed_at(int(t)) for t in times[::97]] == list(speeds[::97])
    summed = np.concatenate(([0.0], np.cumsum(0.5 * (speeds[1:] + speeds[:-1])))) / 1000
    assert np.abs(roller.travelled_m(times) - summed).max() < 1e-6


def test_one_roller_moves_its_own_channel_and_no_other() -> None:
    rig = a_rig("chassis_bywire")
    rig.wheels.drive({"RL": 2.0})
    shown = after(rig, 3.0)
    assert shown["RL"] == pytest.approx(2.0 * 0.999, abs=0.001)
    assert {shown[w] for w in ("FL", "FR", "RR")} == {0.0}
    assert rig.base.gauges["RL.roller_mps"]() == 2.0
    assert rig.base.gauges["rollers.turning"]() == 1.0


def test_swapped_sensors_move_each_others_channels_until_exchanged_again() -> None:
    rig = swapped()
    rig.wheels.drive({"FL": 2.0})
    assert after(rig, 3.0)["FR"] == pytest.approx(2.0, abs=0.01)
    rig.wheels.exchange("FL", "FR")
    assert after(rig, 1.0)["FL"] == pytest.approx(2.0, abs=0.01)


def test_the_abs_checks_a_channel_once_its_wheel_has_turned() -> None:
    rig = swapped()
    assert codes(rig) == {"403164": 0x2F, "403464": 0x2F}
    assert ask(rig, "ABS", "14FFFFFF") == "54"
    after(rig, 5.0)
    assert codes(rig)["403164"] == 0x50
    rig.wheels.drive({"FR": 2.0})
    after(rig, 5.0)
    assert codes(rig)["403164"] == 0x2F
    assert codes(rig)["403464"] == 0x50
    rig.wheels.exchange("FL", "FR")
    assert ask(rig, "ABS", "14FFFFFF") == "54"
    rig.wheels.drive(dict.fromkeys(WHEELS, 0.0))
    after(rig, 3.0)
    rig.wheels.drive(dict.fromkeys(WHEELS, 3.0))
    after(rig, 8.0)
    assert codes(rig).keys() & {"403164", "403464", "403764", "403a64"} == set()


def test_an_open_connector_says_not_available_and_stores_a_code() -> None:
    rig = a_rig("chassis_bywire")
    rig.wheels.plug("FL", on=False)
    shown = after(rig, 1.0)
    assert np.isnan(shown["FL"])
    assert shown["FR"] == 0.0
    assert codes(rig) == {"403113": 0x2F}
    assert rig.base.gauges["FL.plug"]() == 0.0
    assert ask(rig, "ABS", "220701").startswith("620701ffff0000")


def test_a_wrong_circumference_makes_all_speeds_wrong_until_it_is_written() -> None:
    wheels = {"circumference_mm": 2000.0, "stored_mm": 1900.0}
    rig = a_rig("chassis_bywire", wheels=wheels)
    rig.wheels.drive(dict.fromkeys(WHEELS, 5.0))
    assert after(rig, 4.0)["FL"] == pytest.approx(4.75, abs=0.001)
    assert ask(rig, "ABS", "220705") == "6207054a38"
    ask(rig, "ABS", "1003")
    seed = int(ask(rig, "ABS", "2701")[4:], 16) ^ 0xA5C3A5C3
    key = (seed << 7 | seed >> 25) & 0xFFFFFFFF
    ask(rig, "ABS", f"2702{key:08X}")
    assert ask(rig, "ABS", "2E07054E20") == "6e0705"
    assert after(rig, 1.0)["FL"] == pytest.approx(5.0, abs=0.001)
    assert rig.speed_mps == 5.0


@pytest.mark.parametrize(
    "sensors", [["FL"], ["FL", "FL"], ["FL", "XX"], "FL", None, ["FL", "FR", "RL"]]
)
def test_a_swap_needs_two_sensors_of_the_rig(sensors: object) -> None:
    box = FaultBox(a_rig("chassis_bywire"))
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "sensor.swap", "sensors": sensors}) == "bad_arg"


def test_nothing_is_injected_while_a_roller_turns() -> None:
    rig = a_rig("chassis_bywire")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    rig.wheels.drive({"FL": 1.0})
    after(rig, 1.0)
    assert box.carry_out(SWAP) == "interlock"


@given(
    st.lists(
        st.tuples(st.floats(0.01, 5.0), st.floats(0.0, 10.0)), min_size=1, max_size=8
    )
)
def test_a_roller_never_jumps_whatever_it_is_told(
    settings: list[tuple[float, float]],
) -> None:
    roller, now_ns = Roller(), 0
    for after_s, speed_mps in settings:
        now_ns += round(after_s * NS_PER_S)
        roller.set(now_ns, speed_mps)
    times = np.arange(0, now_ns + 10 * NS_PER_S, NS_PER_S // 50)
    speeds, ways = roller.speed_mps(times), roller.travelled_m(times)
    assert np.abs(np.diff(speeds)).max() <= RAMP_MPS2 / 50 + 1e-6
    assert np.diff(ways).min() >= -1e-9
    assert speeds[-1] == pytest.approx(settings[-1][1])
