import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.model.placement import Placement
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.fault_box import BAD_ARG, OK, FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.uds_session import key_of


def a_bench(**ultrasonic: object) -> AdasBench:
    rig = a_rig("adas_bench", ultrasonic=ultrasonic)
    assert isinstance(rig, AdasBench)
    return rig


def plate_at(rig: AdasBench, mm: float) -> None:
    rig.base.bodies.place("plate", Placement(at_mm=(3600.0 + mm, 0.0, 500.0)))


def shown(rig: AdasBench, seconds: float = 20.0) -> dict[str, np.ndarray]:
    """What the bus carries during the next seconds, by signal."""
    kernel, layout = rig.base.kernel, rig.base.layouts["CH1"]["USSC_Distance"]
    rig.base.collect()
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))
    frames = rig.base.collect()["CH1"]
    data = frames.data[frames.ids == layout.can_id]
    return {name: signal.read(data) for name, signal in layout.signals.items()}


def unlock(rig: AdasBench) -> None:
    ask(rig, "USSC", "1003")
    seed = int(ask(rig, "USSC", "2701")[4:], 16)
    assert ask(rig, "USSC", f"2702{key_of(seed):08X}") == "6702"


def test_a_sensor_shows_its_own_error_and_the_speed_of_sound():
    rig = a_bench(errors_mm=[35, -20, 0, 15], assumed_c=7)
    plate_at(rig, 1000)
    found = shown(rig)
    means = [found[f"USSC_D0{n}"].mean() for n in (1, 2, 3, 4)]
    warm = 1000 * 0.0017 * 16
    assert means == pytest.approx(
        [1035 + warm, 980 + warm, 1000 + warm, 1015 + warm], abs=1
    )
    assert found["USSC_D01"].std() == pytest.approx(3.0, abs=0.6)
    assert set(found["USSC_AirTemp"]) == {7.0}


def test_stored_offset_and_temperature_correct_what_is_shown():
    rig = a_bench()
    plate_at(rig, 1500)
    assert ask(rig, "USSC", "220505") == "62050507"
    assert ask(rig, "USSC", "2E050517") == "7f2e7f"
    unlock(rig)
    assert ask(rig, "USSC", "2E050517") == "6e0505"
    assert ask(rig, "USSC", "2E05110023") == "6e0511"
    assert ask(rig, "USSC", "2E0512FFEC") == "6e0512"
    found = shown(rig)
    assert found["USSC_D01"].mean() == pytest.approx(1500, abs=1)
    assert found["USSC_D02"].mean() == pytest.approx(1500, abs=1)
    assert set(found["USSC_AirTemp"]) == {23.0}


def test_the_distances_can_be_read_on_request():
    rig = a_bench(assumed_c=23)
    plate_at(rig, 800)
    answer = ask(rig, "USSC", "220510")
    assert answer.startswith("620510")
    numbers = [int(answer[6 + 4 * n : 10 + 4 * n], 16) for n in range(12)]
    assert numbers[:4] == pytest.approx([835, 780, 800, 815], abs=12)


def test_what_is_too_near_is_blind():
    rig = a_bench()
    plate_at(rig, 150)
    found = shown(rig, 1)
    assert set(found["USSC_S01"]) == {2}
    assert set(found["USSC_D01"]) == {0xFFFF}
    assert set(found["USSC_S05"]) == {0}


def test_a_broken_wire_shows_no_echo_and_stores_a_code_until_it_is_repaired():
    rig = a_bench()
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "sensor.open", "sensor": 3}) == OK
    found = shown(rig, 3)
    assert set(found["USSC_S03"]) == {1}
    assert set(found["USSC_D03"]) == {0xFFFF}
    assert set(found["USSC_S02"]) == {0}
    assert "5c03132f" in ask(rig, "USSC", "190209")
    unlock(rig)
    assert ask(rig, "USSC", "31010501") == "71010501"
    assert ask(rig, "USSC", "31030501") == "71030501030004"
    assert box.repair("USSC.sensor3")
    assert set(shown(rig, 3)["USSC_S03"]) == {0}
    assert "5c03132e" in ask(rig, "USSC", "190209")


def test_missing_calibration_is_stored_until_the_four_front_offsets_are_written():
    rig = a_bench()
    assert "5c00542f" in ask(rig, "USSC", "190209")
    unlock(rig)
    for did in ("0511", "0512", "0513", "0514"):
        ask(rig, "USSC", f"2E{did}0000")
    ask(rig, "USSC", "14FFFFFF")
    shown(rig, 3)
    assert ask(rig, "USSC", "190209") == "59027f"


@pytest.mark.parametrize("sensor", [0, 13, "left", True])
def test_a_sensor_that_does_not_exist_cannot_be_opened(sensor: object):
    box = FaultBox(a_bench())
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "sensor.open", "sensor": sensor}) == BAD_ARG


def test_a_rig_without_such_sensors_refuses():
    box = FaultBox(a_rig("body_net"))
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "sensor.open", "sensor": 1}) == BAD_ARG
