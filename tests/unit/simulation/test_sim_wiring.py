import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rig_at_hand import a_rig, ask

from examrunner.model.frames import ERROR
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.wiring.harness import (
    NOBODY,
    OVERLOAD_OHM,
    Harness,
    Short,
    Wire,
)

ESC = {0x0D0, 0x0D4, 0x402}
SAS = {0x0E0, 0x403}
PED = {0x0F0, 0x404}
FAST = {0x0C0, 0x1A0, 0x3C0, 0x401, 0x405, 0x5F0} | ESC | SAS | PED


class Bench:
    """A bench with one fault, after a while."""

    def __init__(self, command: dict[str, object], seconds: int = 10) -> None:
        self.rig = a_rig("body_net")
        self.box = FaultBox(self.rig)
        self.box.carry_out({"op": "arm"})
        wait(self.rig, 1)
        self.rig.base.collect()
        assert self.box.carry_out(command) == "ok"
        wait(self.rig, 1)
        self.rig.base.collect()
        wait(self.rig, seconds)
        frames = self.rig.base.collect()["HS1"]
        bad = (frames.flags & ERROR) > 0
        self.errors_per_s = bad.sum() / seconds
        self.ids = set(np.unique(frames.ids[~bad]).tolist())

    def codes(self, ecu: str) -> str:
        return ask(self.rig, ecu, "190209")

    def voltages(self) -> tuple[float, float]:
        measured = self.box.measure()
        return measured["HS1.v_h"], measured["HS1.v_l"]

    def ohm(self, quantity: str = "HS1.r_hl") -> float:
        self.rig.base.turn_key("OFF")
        return self.box.measure()[quantity]


def wait(rig: TrainingRig, seconds: float) -> None:
    kernel = rig.base.kernel
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))


def test_an_open_stub_silences_its_node_and_makes_bursts_of_error_frames() -> None:
    bench = Bench({"op": "bus.open", "bus": "HS1", "line": "H", "at": "ESC"})
    assert bench.ids == FAST - ESC
    assert 140 < bench.errors_per_s < 170
    assert "c12187" in bench.codes("VCU")
    assert ask(bench.rig, "ESC", "3E00") == ""
    assert bench.voltages() == (2.6, 2.4)
    assert bench.ohm() == 60.0
    assert bench.ohm("ESC.r_hl") == OVERLOAD_OHM
    assert bench.ohm("SAS.r_hl") == 60.0


def test_an_open_backbone_leaves_the_nodes_on_the_testers_side() -> None:
    bench = Bench({"op": "bus.open", "bus": "HS1", "line": "L", "at": "ESC-SAS"})
    assert bench.ids == FAST - SAS - PED
    assert 0 < bench.errors_per_s < 10
    assert "c12687" in bench.codes("GW")
    assert "d10787" in bench.codes("GW")
    assert bench.ohm() == bench.ohm("PED.r_hl") == 120.0


@pytest.mark.parametrize(
    ("a", "b", "voltages", "to_rail"),
    [
        ("H", "GND", (0.0, 0.1), "HS1.r_h_gnd"),
        ("L", "VBAT", (11.9, 12.0), "HS1.r_l_bat"),
    ],
)
def test_some_shorts_kill_the_bus(
    a: str, b: str, voltages: tuple[float, float], to_rail: str
) -> None:
    bench = Bench({"op": "bus.short", "bus": "HS1", "a": a, "b": b})
    assert bench.ids == set()
    assert bench.errors_per_s == 0
    assert bench.codes("VCU") == ""
    assert bench.voltages() == voltages
    assert bench.ohm() == 60.0
    assert bench.ohm(to_rail) < 5
    bench.rig.base.turn_key("ON")
    assert bench.box.repair("HS1.backbone")
    wait(bench.rig, 1)
    assert "c00188" in bench.codes("VCU")
    assert "c12187" not in bench.codes("VCU")


@pytest.mark.parametrize(
    ("a", "b", "voltages"),
    [("L", "GND", (0.3, 0.0)), ("H", "VBAT", (12.0, 11.2))],
)
def test_other_shorts_spoil_some_frames_and_lose_a_node_now_and_then(
    a: str, b: str, voltages: tuple[float, float]
) -> None:
    bench = Bench({"op": "bus.short", "bus": "HS1", "a": a, "b": b}, seconds=30)
    assert bench.ids == FAST
    assert 0.01 < bench.errors_per_s / 490 < 0.05
    assert "d10787" in bench.codes("VCU")
    assert bench.voltages() == voltages


def test_wires_that_touch_leave_no_resistance_and_no_difference() -> None:
    bench = Bench({"op": "bus.short", "bus": "HS1", "a": "H", "b": "L"})
    assert bench.ids == set()
    assert bench.voltages() == (2.5, 2.5)
    assert bench.ohm() < 5


def test_a_missing_terminator_shows_only_in_the_resistance() -> None:
    bench = Bench({"op": "bus.term", "bus": "HS1", "end": "B", "on": False})
    assert bench.ids == FAST
    assert bench.errors_per_s == 0
    assert len(bench.codes("GW")) == len("59027f")
    assert bench.ohm() == 120.0


def test_a_third_terminator_gives_forty_ohm() -> None:
    bench = Bench({"op": "bus.res", "bus": "HS1", "ohm": 120})
    assert bench.ids == FAST
    assert bench.ohm() == 40.0


@pytest.mark.parametrize(
    "command",
    [
        {"op": "bus.swap", "bus": "HS1", "node": "SAS"},
        {"op": "node.bitrate", "node": "SAS", "kbit": 250},
    ],
)
def test_a_node_that_never_succeeds_goes_bus_off_again_and_again(
    command: dict[str, object],
) -> None:
    bench = Bench(command)
    assert bench.ids == FAST - SAS
    assert 140 < bench.errors_per_s < 170
    assert bench.ohm() == 60.0


def test_a_control_unit_that_is_bus_off_blames_nobody_else() -> None:
    bench = Bench({"op": "node.bitrate", "node": "VCU", "kbit": 250})
    assert bench.box.repair("VCU.bit_rate")
    wait(bench.rig, 1)
    assert "c00188" in bench.codes("VCU")
    assert "c12187" not in bench.codes("VCU")
    assert "c10087" in bench.codes("ESC")


def test_the_gateway_tells_how_its_buses_are() -> None:
    bench = Bench({"op": "bus.swap", "bus": "HS1", "node": "SAS"})
    assert ask(bench.rig, "GW", "220A03") == "620a030100"
    bench.box.carry_out({"op": "clear_all"})
    assert ask(bench.rig, "GW", "220A03") == "620a030000"


def test_a_loose_supply_may_hit_a_frame_at_each_edge() -> None:
    loose = {"op": "node.power", "node": "ESC", "on": False}
    command = {"op": "intermittent", "fault": loose, "on_s": 4, "off_s": 1, "seed": 2}
    bench = Bench(command, seconds=60)
    awake = bench.rig.base.electrics.nodes["ESC"].awake
    edges = len(awake.changes(0, bench.rig.base.kernel.now_ns))
    assert 0 < bench.errors_per_s * 60 <= 2 * edges


COMMANDS: list[dict[str, object]] = [
    {"op": "bus.open", "bus": "HS1", "line": "H", "at": "VCU-ESC"},
    {"op": "bus.open", "bus": "HS1", "line": "L", "at": "PED"},
    {"op": "bus.short", "bus": "HS1", "a": "H", "b": "GND"},
    {"op": "bus.short", "bus": "HS1", "a": "L", "b": "GND"},
    {"op": "bus.term", "bus": "HS1", "end": "A", "on": False},
    {"op": "bus.swap", "bus": "HS1", "node": "GW"},
    {"op": "bus.res", "bus": "HS1", "ohm": 30},
    {"op": "node.bitrate", "node": "ESC", "kbit": 125},
]


@settings(max_examples=15)
@given(st.lists(st.sampled_from(COMMANDS), max_size=6))
def test_whatever_was_broken_all_is_well_when_it_is_cleared(
    commands: list[dict[str, object]],
) -> None:
    rig = a_rig("body_net")
    box = FaultBox(rig)
    before = box.measure()
    box.carry_out({"op": "arm"})
    for command in commands:
        assert box.carry_out(command) == "ok"
        wait(rig, 0.2)
    box.carry_out({"op": "clear_all"})
    assert box.measure() == before
    wait(rig, 0.5)
    rig.base.collect()
    wait(rig, 2)
    frames = rig.base.collect()["HS1"]
    assert set(np.unique(frames.ids).tolist()) == FAST
    assert not (frames.flags & ERROR).any()


@given(
    opened=st.sets(
        st.tuples(st.sampled_from(["X", "Y", "X-Y", "Y-Z"]), st.sampled_from("HL"))
    ),
    ends=st.sets(st.sampled_from("AB")),
    extra=st.lists(st.floats(1, 1e6), max_size=3),
)
def test_nobody_is_heard_across_an_open_wire_and_no_resistance_is_negative(
    opened: set[tuple[str, str]], ends: set[str], extra: list[float]
) -> None:
    wires = {(place, Wire(line)) for place, line in opened}
    harness = Harness(
        backbone=("X", "Y", "Z"), opened=wires, lost_ends=ends, extra_ohm=extra
    )
    for node in harness.backbone:
        assert 0 < harness.resistance_ohm(node) <= OVERLOAD_OHM
    places = {place for place, _ in opened}
    if "X-Y" in places and harness.group("X") != NOBODY:
        assert harness.group("X") != harness.group("Y")
    assert (harness.group("X") == NOBODY) >= ("X" in places)


def test_a_plug_that_is_pulled_ends_the_error_frames_of_its_node() -> None:
    bench = Bench({"op": "node.bitrate", "node": "SAS", "kbit": 250})
    node = bench.rig.base.electrics.nodes["SAS"]
    node.plugged = False
    node.update()
    wait(bench.rig, 1)
    bench.rig.base.collect()
    wait(bench.rig, 5)
    assert not (bench.rig.base.collect()["HS1"].flags & ERROR).any()


def test_a_pulled_battery_takes_everything_but_the_bench_controller() -> None:
    rig = a_rig("body_net")
    rig.base.connect_battery(False)
    wait(rig, 1)
    rig.base.collect()
    wait(rig, 2)
    assert set(rig.base.collect()["HS1"].ids.tolist()) == {0x5F0}
    assert FaultBox(rig).measure()["supply_v"] == 0.0
    assert FaultBox(rig).measure()["HS1.r_hl"] == 60.0


def test_fd_without_a_terminator_fails_in_the_data_phase() -> None:
    rig = a_rig("adas_bench")
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    command = {"op": "bus.term", "bus": "CH1", "end": "A", "on": False}
    assert box.carry_out(command) == "ok"
    rig.base.collect()
    wait(rig, 20)
    frames = rig.base.collect()["CH1"]
    assert 10 < ((frames.flags & ERROR) > 0).sum() / 20 < 30


@pytest.mark.parametrize(
    "command",
    [
        {"op": "bus.open", "bus": "HS9", "line": "H", "at": "ESC"},
        {"op": "bus.open", "bus": "HS1", "line": "GND", "at": "ESC"},
        {"op": "bus.open", "bus": "HS1", "line": "H", "at": "ESC-PED"},
        {"op": "bus.short", "bus": "HS1", "a": "GND", "b": "VBAT"},
        {"op": "bus.short", "bus": "HS1", "a": "H", "b": "H"},
        {"op": "bus.term", "bus": "HS1", "end": "C", "on": False},
        {"op": "bus.swap", "bus": "HS1", "node": "BCM"},
        {"op": "node.bitrate", "node": "ESC", "kbit": 500},
        {"op": "node.bitrate", "node": "ESC", "kbit": 33},
    ],
)
def test_wires_that_are_not_there_cannot_be_broken(command: dict[str, object]) -> None:
    box = FaultBox(a_rig("body_net"))
    box.carry_out({"op": "arm"})
    assert box.carry_out(command) == "bad_arg"


def test_a_bus_without_any_terminator_carries_nothing() -> None:
    harness = Harness(backbone=("X", "Y"), lost_ends={"A", "B"})
    assert harness.resistance_ohm() == OVERLOAD_OHM
    assert harness.group("X") == NOBODY


def test_a_short_through_much_resistance_changes_only_the_reading() -> None:
    short = Short(wires=frozenset({Wire.H, Wire.L}), ohm=240.0)
    harness = Harness(backbone=("X", "Y"), shorts=[short])
    assert harness.resistance_ohm() == 48.0
    assert not harness.dead
    assert harness.voltages_v() == (2.6, 2.4)
