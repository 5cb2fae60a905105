import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.simulation.body import BodyNetwork
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S
from examrunner.simulation.routing_table import HEALTHY, decoded, encoded

SPEED, MOTOR = "HS1:0x0D0>MS1:0x2A0", "HS1:0x0C0>MS1:0x2A0"
WHOLE = encoded(HEALTHY).hex()


def a_bench(*commands: dict[str, object]) -> tuple[BodyNetwork, FaultBox]:
    rig = a_rig("body_net")
    assert isinstance(rig, BodyNetwork)
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    for command in commands:
        assert box.carry_out({"op": "gw.route", **command}) == "ok"
    return rig, box


def wait(rig: BodyNetwork, seconds: float) -> None:
    rig.base.kernel.run(rig.base.kernel.now_ns + round(seconds * NS_PER_S))


def driven(rig: BodyNetwork, seconds: float = 10.0) -> dict[str, np.ndarray]:
    """Times and values of the speed on both buses, and what the cluster shows."""
    rig.road.drive()
    wait(rig, 1)
    rig.base.collect()
    wait(rig, seconds)
    both = rig.base.collect()
    found = {}
    for channel, name, signal in (
        ("HS1", "ESC_Sts", "ESC_VehSpd"),
        ("MS1", "GW_PwtToBody", "GW_VehSpd"),
        ("MS1", "IC_Sts", "IC_DispSpd"),
    ):
        layout = rig.base.messages[name].layout
        frames = both[channel].take(both[channel].ids == layout.can_id)
        found[f"{signal}.t"] = frames.t_ns
        found[signal] = layout.signals[signal].read(frames.data)
        found["strange"] = both["MS1"].ids == 0x2A8
    return found


def latency_ms(seen: dict[str, np.ndarray]) -> float:
    t_ns, values = seen["ESC_VehSpd.t"], seen["ESC_VehSpd"]
    waits = []
    for row in np.flatnonzero(np.diff(values)) + 1:
        late = seen["GW_VehSpd.t"] - t_ns[row]
        equal = np.abs(seen["GW_VehSpd"] - values[row]) < 0.005
        hits = late[equal & (late >= 0) & (late < 600 * NS_PER_MS)]
        waits += [hits[0] / NS_PER_MS] if len(hits) else []
    return float(np.median(waits)) if waits else float("nan")


def written(rig: BodyNetwork, table: str) -> str:
    kernel = rig.base.kernel
    for pause in rig.base.scan_tool().unlock("GW"):
        kernel.run(kernel.now_ns + pause)
    return ask(rig, "GW", "2E0A01" + table)


def test_a_table_survives_being_written_down() -> None:
    assert decoded(bytes.fromhex(WHOLE)) == HEALTHY
    assert decoded(b"") == ()
    assert decoded(bytes.fromhex("03 00 c0 02 02 a0 00")) is None


def test_a_healthy_gateway_passes_every_new_speed_on_in_time() -> None:
    rig, _ = a_bench()
    seen = driven(rig)
    assert 3 < latency_ms(seen) < 60
    assert np.ptp(seen["ESC_VehSpd"]) > 8
    assert np.abs(seen["IC_DispSpd"][-1] - seen["GW_VehSpd"][-1]) <= 0.2
    assert rig.speed_mps == pytest.approx(11 / 3.6, abs=0.1)
    assert ask(rig, "IC", "190201") == "59027f"


def test_a_missing_route_makes_the_speed_unavailable_and_sets_a_code() -> None:
    rig, _ = a_bench({"route": SPEED, "mode": "off"})
    seen = driven(rig)
    assert set(seen["GW_VehSpd"]) == {655.35}
    assert set(seen["IC_DispSpd"]) == {0.0}
    assert ask(rig, "IC", "190201") == "59027fc401872f"


def test_a_wrong_target_moves_the_whole_message() -> None:
    rig, _ = a_bench({"route": SPEED, "mode": "wrong_id", "target": 0x2A8})
    seen = driven(rig)
    assert len(seen["GW_VehSpd"]) == 0
    assert seen["strange"].sum() == pytest.approx(200, abs=3)
    assert ask(rig, "IC", "190201") == "59027fc401872f"


def test_a_slow_route_is_late_by_what_its_table_says() -> None:
    healthy = latency_ms(driven(a_bench()[0]))
    rig, _ = a_bench({"route": SPEED, "mode": "delay", "ms": 250})
    assert latency_ms(driven(rig)) == pytest.approx(healthy + 250, abs=1)
    assert ask(rig, "IC", "190201") == "59027f"


def test_a_route_that_is_never_updated_stands_still() -> None:
    rig, _ = a_bench({"route": SPEED, "mode": "stale"})
    seen = driven(rig)
    assert set(seen["GW_VehSpd"]) == {0.0}
    assert len(seen["GW_VehSpd"]) == pytest.approx(200, abs=3)
    assert ask(rig, "IC", "190201") == "59027f"


def test_the_motor_speed_has_a_route_of_its_own() -> None:
    rig, _ = a_bench({"route": MOTOR, "mode": "off"})
    assert 3 < latency_ms(driven(rig)) < 60
    assert ask(rig, "IC", "190201") == "59027fc401872f"


def test_a_written_table_counts_after_a_restart() -> None:
    rig, _ = a_bench({"route": SPEED, "mode": "off"})
    assert len(ask(rig, "GW", "220A01")) == 2 * (3 + 21)
    assert written(rig, WHOLE) == "6e0a01"
    assert rig.gateway.table != HEALTHY
    assert ask(rig, "GW", "1101") == "5101"
    wait(rig, 1)
    assert rig.gateway.table == HEALTHY
    assert 3 < latency_ms(driven(rig)) < 60


def test_a_wrong_table_breaks_what_was_well_and_nonsense_is_refused() -> None:
    rig, _ = a_bench()
    assert written(rig, WHOLE[:-2]) == "7f2e31"
    assert ask(rig, "GW", "220A01") == "620a01" + WHOLE
    assert written(rig, WHOLE[28:]) == "6e0a01"
    ask(rig, "GW", "1103")
    wait(rig, 2)
    assert ask(rig, "IC", "190201") == "59027fc401872f"


def test_clearing_the_fault_restores_the_table() -> None:
    rig, box = a_bench({"route": SPEED, "mode": "delay"})
    assert box.repair("GW.routing")
    assert ask(rig, "GW", "220A01") == "620a01" + WHOLE


def test_the_fault_box_refuses_while_the_wheels_seem_to_turn() -> None:
    rig, box = a_bench()
    rig.road.drive()
    wait(rig, 2)
    assert box.carry_out({"op": "gw.route", "route": SPEED, "mode": "off"}) == (
        "interlock"
    )
    rig.road.stand()
    wait(rig, 0.2)
    assert box.carry_out({"op": "gw.route", "route": SPEED, "mode": "off"}) == "ok"
