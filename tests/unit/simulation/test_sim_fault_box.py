from itertools import pairwise

import numpy as np
import pytest
from rig_at_hand import a_rig, ask

from examrunner.model.frames import ERROR
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.fault_box_port import FaultBoxPort, code_of
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.truth_log import TruthLog

OFFLINE = {"op": "node.power", "args": {"node": "ESC", "on": False}}
LOOSE = {
    "op": "intermittent",
    "args": {"fault": {**OFFLINE}, "on_s": 12, "off_s": 3, "seed": 5},
}


def wait(rig: TrainingRig, seconds: float) -> None:
    kernel = rig.base.kernel
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))


def test_nothing_is_injected_before_the_box_is_armed() -> None:
    box = FaultBox(a_rig("body_net"))
    assert box.carry_out(OFFLINE) == "not_armed"
    assert box.carry_out({"op": "arm"}) == "ok"
    assert box.carry_out(OFFLINE) == "ok"
    assert box.carry_out({"op": "disarm"}) == "ok"
    assert box.carry_out(OFFLINE) == "not_armed"


@pytest.mark.parametrize(
    "command",
    [
        {"op": "node.power", "args": {"node": "NOBODY", "on": False}},
        {"op": "node.ground_r", "args": {"node": "ESC"}},
        {"op": "node.ground_r", "args": {"node": "ESC", "ohm": -3}},
        {"op": "intermittent", "args": {"on_s": 3}},
        {"op": "explode"},
        {"op": "measure", "args": {"quantity": "mood"}},
    ],
)
def test_a_wrong_argument_changes_nothing(command: dict[str, object]) -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    before = box.measure()
    assert box.carry_out(command) == "bad_arg"
    assert box.measure() == before
    assert box.state()["active"] == []


def test_with_the_e_stop_pressed_the_interlock_refuses() -> None:
    rig = a_rig("chassis_bywire")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    rig.base.bench.switch("RIG_EStop", 1)
    command = {"op": "node.power", "args": {"node": "SAS", "on": False}}
    assert box.carry_out(command) == "interlock"


def test_the_e_stop_takes_every_fault_away() -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    box.carry_out(OFFLINE)
    rig.base.bench.switch("RIG_EStop", 1)
    assert box.state()["active"] == []
    assert box.measure()["ESC.supply_v"] > 12


def test_a_node_without_supply_is_silent_until_it_is_repaired() -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    rig.base.collect()
    assert box.carry_out(OFFLINE) == "ok"
    assert box.measure()["ESC.supply_v"] == 0.0
    wait(rig, 1)
    rig.base.collect()
    wait(rig, 2)
    assert not {0x0D0, 0x0D4, 0x402} & set(rig.base.collect()["HS1"].ids.tolist())
    assert not box.repair("SAS.supply")
    assert box.repair("ESC.supply")
    wait(rig, 1)
    assert {0x0D0, 0x0D4, 0x402} <= set(rig.base.collect()["HS1"].ids.tolist())
    assert box.state()["repairs"] == 2


def test_an_open_ground_shows_the_supply_at_the_ground_pin() -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    box.carry_out({"op": "node.ground_r", "node": "PED", "ohm": 1_000_000})
    measured = box.measure()
    assert measured["PED.supply_v"] > 12
    assert measured["PED.ground_v"] > 12
    assert measured["ESC.ground_v"] < 0.1
    box.carry_out({"op": "clear_all"})
    assert box.measure()["PED.ground_v"] < 0.1


def test_resistance_is_only_measured_on_a_dead_bus() -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    assert "HS1.r_hl" not in box.measure()
    assert box.measure()["HS1.v_h"] == pytest.approx(2.6)
    rig.base.turn_key("OFF")
    assert box.measure()["HS1.r_hl"] == 60.0
    assert box.carry_out({"op": "measure", "args": {"quantity": "HS1.r_hl"}}) == "ok"


def test_a_loose_contact_drops_out_again_and_again_the_same_way_every_time() -> None:
    def drop_outs() -> list[tuple[int, bool]]:
        rig = a_rig("body_net", seed=3)
        box = FaultBox(rig)
        box.carry_out({"op": "arm"})
        assert box.carry_out(LOOSE) == "ok"
        wait(rig, 240)
        return list(
            rig.base.electrics.nodes["ESC"].awake.changes(0, rig.base.kernel.now_ns)
        )

    changes = drop_outs()
    gaps_s = [
        (after[0] - before[0]) / NS_PER_S
        for before, after in pairwise(changes)
        if not before[1]
    ]
    assert 14 <= len(gaps_s) <= 28
    assert min(gaps_s) >= 0.3
    assert max(gaps_s) <= 3.3
    assert drop_outs() == changes


def test_a_command_needs_the_right_code_and_a_fresh_nonce() -> None:
    rig = a_rig("body_net")
    log = TruthLog(rig.base.kernel, rig.base)
    port = FaultBoxPort(FaultBox(rig), b"secret", supervised=False, log=log)
    command: dict[str, object] = {"seq": 4, "op": "arm", "args": {}, "nonce": "a1"}
    assert port.answer({**command, "mac": "0" * 64})["result"] == "bad_mac"
    signed = {**command, "mac": code_of(command, b"secret")}
    answer = port.answer(signed)
    assert (answer["seq"], answer["result"]) == (4, "ok")
    assert port.answer(signed)["result"] == "bad_mac"


def test_the_log_tells_every_change_once_however_late_it_is_asked() -> None:
    rig = a_rig("body_net")
    base = rig.base
    log = TruthLog(base.kernel, base)
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    base.kernel.run(1_050_000_000)
    box.carry_out({"op": "node.power", "node": "ESC", "on": False})
    base.kernel.run(3_000_000_000)
    first, *changes = log.after(-1)
    assert first[0] == 1_000_000_000
    assert first[1]["ESC.supply_v"] > 10
    assert [t_ns for t_ns, _ in changes] == [1_100_000_000]
    assert changes[0][1]["ESC.supply_v"] == 0
    assert log.after(1_100_000_000) == []


def test_the_self_test_moves_every_relay_and_leaves_nothing_behind() -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    before = box.measure()
    assert box.carry_out({"op": "selftest"}) == "ok"
    assert box.measure() == before
    wait(rig, 3)
    rig.base.collect()
    wait(rig, 2)
    frames = rig.base.collect()["HS1"]
    assert len(np.unique(frames.ids)) == 13
    assert not (frames.flags & ERROR).any()
    assert len(ask(rig, "VCU", "190208")) == len("5902ff")


def test_a_relay_that_sticks_is_found_by_the_self_test_and_by_its_read_back() -> None:
    box = FaultBox(a_rig("body_net"), stuck=("HS1.end_B",))
    assert box.carry_out({"op": "selftest"}) == "readback_fail"
    box.carry_out({"op": "arm"})
    command = {"op": "bus.term", "bus": "HS1", "end": "B", "on": False}
    assert box.carry_out(command) == "readback_fail"


def test_the_self_test_waits_until_no_fault_is_set() -> None:
    box = FaultBox(a_rig("body_net"))
    box.carry_out({"op": "arm"})
    box.carry_out(OFFLINE)
    assert box.carry_out({"op": "selftest"}) == "interlock"
    box.carry_out({"op": "clear_all"})
    assert box.carry_out({"op": "selftest"}) == "ok"


def test_faults_end_when_their_time_is_over_unless_another_command_came() -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    box.carry_out({**OFFLINE, "ttl_s": 3})
    wait(rig, 2)
    box.carry_out({"op": "state", "ttl_s": 3})
    wait(rig, 2.5)
    assert box.state()["active"] != []
    wait(rig, 1)
    assert box.state()["active"] == []


@pytest.mark.parametrize("ttl_s", [-1, "3", True, float("inf"), float("nan")])
def test_a_time_that_makes_no_sense_is_refused(ttl_s: object) -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    port = FaultBoxPort(
        box, b"", supervised=False, log=TruthLog(rig.base.kernel, rig.base)
    )
    assert port.answer({"op": "arm", "ttl_s": ttl_s})["result"] == "bad_arg"
    assert box.carry_out({"op": "arm", "ttl_s": ttl_s}) == "bad_arg"
    assert not box.armed


def test_a_box_does_only_what_its_rig_lists() -> None:
    box = FaultBox(a_rig("adas_bench"))
    box.carry_out({"op": "arm"})
    command = {"op": "bus.swap", "bus": "CH1", "node": "FCAM"}
    assert box.carry_out(command) == "bad_arg"
