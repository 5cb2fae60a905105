import struct

import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.model.placement import Placement
from examrunner.simulation.adas import AdasBench
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.sensors.aiming_target import features
from examrunner.simulation.sensors.radar import BACKLASH_DEG, DEG_PER_TURN

RIGHT_STAND = Placement(at_mm=(4400.0, 0.0, 1200.0))
RIGHT_REFLECTOR = Placement(at_mm=(6100.0, 0.0, 500.0))


@pytest.fixture
def bench() -> AdasBench:
    rig = a_rig("adas_bench", front_camera={"mounted_deg": [0.8, -0.4, 0.1]})
    assert isinstance(rig, AdasBench)
    return rig


def injected(bench: AdasBench, *commands: dict[str, object]) -> FaultBox:
    box = FaultBox(bench)
    assert box.carry_out({"op": "arm"}) == "ok"
    for command in commands:
        assert box.carry_out(command) == "ok"
    later(bench)
    return box


def later(bench: AdasBench, seconds: float = 3.0) -> None:
    kernel = bench.base.kernel
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))


def aimed(bench: AdasBench, stand: Placement | None) -> str:
    """Status of the aiming routine with the stand there."""
    bench.base.bodies.place("target_stand", stand)
    assert ask(bench, "FCAM", "31010301").startswith("7101")
    return ask(bench, "FCAM", "31030301")[8:10]


def angles(bench: AdasBench) -> tuple[float, ...]:
    return tuple(
        value / 100
        for value in struct.unpack(
            ">3h", bytes.fromhex(ask(bench, "FCAM", "221003")[6:])
        )
    )


def status(bench: AdasBench, ecu: str, code: str) -> int:
    listed = ask(bench, ecu, "1902FF")[6:]
    rows = {
        listed[i : i + 6]: int(listed[i + 6 : i + 8], 16)
        for i in range(0, len(listed), 8)
    }
    return rows.get(code, 0)


def test_the_camera_finds_its_mounting_when_the_stand_is_right(
    bench: AdasBench,
) -> None:
    assert aimed(bench, RIGHT_STAND) == "02"
    assert angles(bench) == pytest.approx((0.8, -0.4, 0.1), abs=0.1)


def test_a_stand_beside_the_thrust_line_is_stored_as_a_crooked_camera(
    bench: AdasBench,
) -> None:
    assert aimed(bench, Placement(at_mm=(4400.0, 120.0, 1200.0))) == "02"
    yaw, pitch, _ = angles(bench)
    assert yaw == pytest.approx(0.8 - np.degrees(np.arctan2(120, 3000)), abs=0.1)
    assert pitch == pytest.approx(-0.4, abs=0.1)


@pytest.mark.parametrize(
    ("stand", "expected", "state"),
    [
        (None, "03", 4),
        (Placement(at_mm=(4000.0, 0.0, 1200.0)), "03", 4),
        (Placement(at_mm=(4400.0, 0.0, 1200.0), yaw_deg=12.0), "03", 4),
        (Placement(at_mm=(4400.0, 260.0, 1200.0)), "05", 5),
        (Placement(at_mm=(4400.0, 0.0, 1400.0)), "05", 5),
    ],
)
def test_the_routine_refuses_what_it_cannot_use_and_stores_nothing(
    bench: AdasBench, stand: Placement | None, expected: str, state: int
) -> None:
    before = angles(bench)
    assert aimed(bench, stand) == expected
    assert angles(bench) == before
    assert bench.front_camera._state.latest == state


def test_an_erased_calibration_heals_by_aiming(bench: AdasBench) -> None:
    box = injected(bench, {"op": "cal.erase", "ecu": "FCAM"})
    assert status(bench, "FCAM", "5a6754") & 0x01
    assert aimed(bench, RIGHT_STAND) == "02"
    later(bench)
    assert not status(bench, "FCAM", "5a6754") & 0x01
    found = angles(bench)
    box.clear_all()
    assert angles(bench) == found


def test_clearing_gives_an_untouched_calibration_back(bench: AdasBench) -> None:
    before = angles(bench)
    box = injected(bench, {"op": "cal.set", "ecu": "FCAM", "deg": 4.6})
    assert status(bench, "FCAM", "5a6778") & 0x01
    assert angles(bench)[0] == pytest.approx(before[0] + 4.6)
    box.clear_all()
    assert angles(bench) == before


def test_a_bent_camera_is_only_noticed_by_aiming(bench: AdasBench) -> None:
    box = injected(bench, {"op": "mech.misalign", "sensor": "FCAM", "deg": 1.0})
    assert angles(bench)[0] == pytest.approx(0.8)
    assert aimed(bench, RIGHT_STAND) == "02"
    assert angles(bench)[0] == pytest.approx(1.8, abs=0.1)
    box.clear_all()
    assert bench.front_camera.mounted_deg[0] == pytest.approx(0.8)


def test_what_the_camera_sees_moves_against_its_mounting() -> None:
    ahead = Placement(at_mm=(3000.0, 0.0, 0.0))
    straight = features(ahead, (0.0, 0.0, 0.0))
    assert straight.mean(axis=0)[:2] == pytest.approx([640, 360])
    left = features(ahead, (1.0, 0.0, 0.0)).mean(axis=0)
    assert left[0] == pytest.approx(640 + 905 * np.tan(np.radians(1.0)), abs=0.5)


def measured(bench: AdasBench, reflector: Placement | None = RIGHT_REFLECTOR) -> float:
    bench.base.bodies.place("reflector", reflector)
    assert ask(bench, "FRAD", "31010302").startswith("7101")
    assert ask(bench, "FRAD", "31030302")[8:10] == "02"
    content = bytes.fromhex(ask(bench, "FRAD", "220302"))
    return float(struct.unpack(">h", content[3:5])[0]) / 100


def test_the_radar_adds_its_bracket_to_where_the_reflector_is(
    bench: AdasBench,
) -> None:
    injected(bench, {"op": "mech.misalign", "sensor": "FRAD", "deg": 2.35})
    assert status(bench, "FRAD", "5b7878") & 0x01
    assert measured(bench) == pytest.approx(2.40, abs=0.2)
    aside = Placement(at_mm=(6100.0, -164.0, 500.0))
    assert measured(bench, aside) == pytest.approx(0.05, abs=0.2)


def test_storing_needs_a_small_measurement(bench: AdasBench) -> None:
    assert ask(bench, "FRAD", "31010303").startswith("7101")
    assert ask(bench, "FRAD", "31030303")[8:10] == "04"
    box = injected(bench, {"op": "mech.misalign", "sensor": "FRAD", "deg": -1.95})
    measured(bench)
    ask(bench, "FRAD", "31010303")
    assert ask(bench, "FRAD", "31030303")[8:10] == "05"
    bench.radar.turn_screw(-1.9 / DEG_PER_TURN)
    assert abs(measured(bench)) < 0.3
    ask(bench, "FRAD", "31010303")
    assert ask(bench, "FRAD", "31030303")[8:10] == "02"
    later(bench)
    assert not status(bench, "FRAD", "5b7878") & 0x01
    kept = bench.radar.bent_deg.latest
    box.clear_all()
    assert bench.radar.bent_deg.latest == kept


def test_without_a_reflector_nothing_is_measured(bench: AdasBench) -> None:
    ask(bench, "FRAD", "31010302")
    assert ask(bench, "FRAD", "31030302")[8:10] == "03"


def test_the_screw_has_slack_after_every_change_of_direction(bench: AdasBench) -> None:
    radar = bench.radar
    radar.turn_screw(1.0)
    first = radar.bent_deg.latest
    radar.turn_screw(1.0)
    assert first - radar.bent_deg.latest == pytest.approx(DEG_PER_TURN)
    radar.turn_screw(-1.0)
    back = radar.bent_deg.latest - (first - DEG_PER_TURN)
    assert back == pytest.approx(DEG_PER_TURN - BACKLASH_DEG)


def test_a_fault_command_for_another_sensor_is_refused(bench: AdasBench) -> None:
    box = FaultBox(bench)
    box.carry_out({"op": "arm"})
    for command in (
        {"op": "cal.erase", "ecu": "ADC"},
        {"op": "cal.set", "ecu": "FRAD", "deg": 1.0},
        {"op": "mech.misalign", "sensor": "SVC", "deg": 1.0},
        {"op": "mech.misalign", "sensor": "FRAD"},
    ):
        assert box.carry_out(command) == "bad_arg"
