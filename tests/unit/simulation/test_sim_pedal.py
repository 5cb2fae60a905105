import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.simulation.body import BodyNetwork
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S

STUCK = {"op": "sig.freeze", "signal": "PED_Sts.PED_App1", "value": 1.2}
OFFSET = {"op": "sig.offset", "signal": "PED_Sts.PED_App2", "value": 0.4}
SHORT = {"op": "vref.short", "channel": 1, "r": 0.5}
LOW = {"op": "vref.low", "channel": 1, "r": 400}


def a_bench(*commands: dict[str, object]) -> tuple[BodyNetwork, FaultBox]:
    rig = a_rig("body_net")
    assert isinstance(rig, BodyNetwork)
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    for command in commands:
        assert box.carry_out(command) == "ok"
    return rig, box


def wait(rig: BodyNetwork, seconds: float) -> None:
    rig.base.kernel.run(rig.base.kernel.now_ns + round(seconds * NS_PER_S))


def codes(rig: BodyNetwork, mask: str = "01") -> str:
    return ask(rig, "VCU", f"1902{mask}").removeprefix("5902ff")


def sweep(rig: BodyNetwork, seconds: float = 5.0) -> None:
    rig.press(1.0, seconds)
    wait(rig, seconds + 1)
    rig.press(0.0, seconds)
    wait(rig, seconds + 1)


def test_both_sensors_follow_the_pedal() -> None:
    rig, _ = a_bench()
    rig.press(1.0, 4.0)
    wait(rig, 2)
    assert rig.base.gauges["PED.app1_v"]() == pytest.approx(0.75 + 3.0 * 0.5)
    assert rig.base.gauges["PED.app2_v"]() == pytest.approx(0.375 + 1.5 * 0.5)
    wait(rig, 3)
    assert ask(rig, "VCU", "220803") == "620803" + (3750).to_bytes(2, "big").hex()
    assert ask(rig, "VCU", "220804") == "620804" + (1875).to_bytes(2, "big").hex()
    assert ask(rig, "VCU", "220805") == "62080513881388"
    assert ask(rig, "VCU", "0149") == f"4149{round(255 * 3.75 / 5):02x}"
    assert ask(rig, "VCU", "014A") == f"414a{round(255 * 1.875 / 5):02x}"
    assert codes(rig) == ""


def test_the_bus_shows_what_the_sensors_say_and_the_torque_follows() -> None:
    rig, _ = a_bench()
    rig.press(1.0, 1.0)
    wait(rig, 2)
    rig.base.collect()
    wait(rig, 1)
    frames = rig.base.collect()["HS1"]
    pedal = rig.base.messages["PED_Sts"].layout.signals
    rows = frames.take(frames.ids == 0x0F0)
    one, two, percent = (
        pedal[name].read(rows.data) for name in ("PED_App1", "PED_App2", "PED_Pct")
    )
    assert np.abs(one - 2 * two).max() < 0.01
    assert percent == pytest.approx(100.0, abs=0.4)


@pytest.mark.parametrize(
    ("fault", "after_s", "expected"),
    [
        (STUCK, 1.1, "213862af"),
        (OFFSET, 1.1, "213862af"),
        (SHORT, 0.6, "012221af064216af"),
        (LOW, 0.6, "064216af"),
    ],
)
def test_each_fault_sets_its_codes_after_its_debounce(
    fault: dict[str, object], after_s: float, expected: str
) -> None:
    rig, _ = a_bench(fault)
    wait(rig, after_s - 0.25)
    assert codes(rig) == ""
    wait(rig, 0.3)
    assert codes(rig) == expected


def test_a_disbelieved_pedal_counts_as_released_and_lights_the_lamp() -> None:
    rig, _ = a_bench(STUCK)
    rig.press(1.0, 1.0)
    wait(rig, 3)
    rig.base.collect()
    wait(rig, 1)
    both = rig.base.collect()
    rows = both["HS1"].take(both["HS1"].ids == 0x0F0)
    percent = rig.base.messages["PED_Sts"].layout.signals["PED_Pct"].read(rows.data)
    assert (percent == 0).all()
    rows = both["MS1"].take(both["MS1"].ids == 0x2E0)
    lamps = rig.base.messages["IC_Sts"].layout.signals["IC_Lamps"].read(rows.data)
    assert set(lamps) == {0x000C}


def test_the_freeze_frame_and_the_counters_can_be_read() -> None:
    rig, _ = a_bench(STUCK)
    wait(rig, 2)
    frozen = ask(rig, "VCU", "1904213862FF")
    assert frozen == "5904213862af" + "0103" + "080304b0" + "08040177" + "080513881388"
    assert ask(rig, "VCU", "190421386201") == frozen
    assert ask(rig, "VCU", "190421386209") == "7f1931"
    assert ask(rig, "VCU", "1906213862FF") == "5906213862af" + "0101" + "0200"
    assert ask(rig, "VCU", "190621386202") == "5906213862af" + "0200"
    assert ask(rig, "VCU", "1904064216FF") == "590406421600"
    assert ask(rig, "VCU", "1904999999FF") == "7f1931"


def test_legislated_codes_are_those_that_are_confirmed() -> None:
    rig, _ = a_bench(SHORT)
    wait(rig, 1)
    assert ask(rig, "VCU", "03") == "4302" + "0122" + "0642"


def test_clearing_before_the_repair_does_not_last() -> None:
    rig, _ = a_bench(STUCK)
    wait(rig, 2)
    assert ask(rig, "VCU", "14FFFFFF") == "54"
    assert codes(rig, "09") == ""
    wait(rig, 1.1)
    assert codes(rig, "09") == "213862af"


def test_agreement_is_only_proven_while_the_pedal_moves() -> None:
    rig, box = a_bench(STUCK)
    wait(rig, 2)
    box.repair("PED_App1")
    ask(rig, "VCU", "14FFFFFF")
    wait(rig, 30)
    assert "21386250" in codes(rig, "50")
    sweep(rig, 1.0)
    assert "21386250" in codes(rig, "50")
    sweep(rig)
    assert "213862" not in codes(rig, "50")
    assert codes(rig, "09") == ""


def test_a_reference_that_is_well_again_is_proven_without_the_pedal() -> None:
    rig, box = a_bench(SHORT)
    wait(rig, 2)
    box.repair("PED.vref1")
    ask(rig, "VCU", "14FFFFFF")
    wait(rig, 3)
    assert "064216" not in codes(rig, "50")
    assert rig.base.gauges["PED.vref1_v"]() == 5.0


def test_with_the_plug_open_nothing_is_tested_or_measured() -> None:
    rig, _ = a_bench(SHORT)
    wait(rig, 2)
    node = rig.base.electrics.nodes["PED"]
    node.plugged = False
    node.update()
    ask(rig, "VCU", "14FFFFFF")
    wait(rig, 3)
    assert "06421650" in codes(rig, "50")
    assert rig.base.gauges["PED.vref1_v"]() == 0.0
