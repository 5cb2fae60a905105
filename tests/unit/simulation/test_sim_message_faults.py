from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rig_at_hand import a_rig, ask

from examrunner.model import e2e
from examrunner.model.frames import Frames
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S
from examrunner.simulation.training_rig import TrainingRig

SAS, SAS_ID = 0x0E0, 0x10E0


def injected(*commands: Mapping[str, object]) -> tuple[TrainingRig, FaultBox]:
    rig = a_rig("body_net")
    rig.base.collect()
    box = FaultBox(rig)
    box.carry_out({"op": "arm"})
    for command in commands:
        assert box.carry_out(command) == "ok"
    return rig, box


def wait(rig: TrainingRig, seconds: float) -> None:
    kernel = rig.base.kernel
    kernel.run(kernel.now_ns + round(seconds * NS_PER_S))


def seen(rig: TrainingRig, seconds: float, can_id: int = SAS) -> Frames:
    wait(rig, seconds)
    frames = rig.base.collect()["HS1"]
    return frames.take(frames.ids == can_id)


def right(frames: Frames, data_id: int = SAS_ID) -> np.ndarray:
    return frames.data[:, 0] == e2e.crc_column(data_id, frames.data)


def steps(frames: Frames) -> np.ndarray:
    return np.diff((frames.data[:, 1] & 0x0F).astype(int)) % e2e.COUNTER_MODULUS


def spoilt(mode: str, **more: object) -> Frames:
    rig, _ = injected({"op": "msg.crc", "message": "SAS_Sts", "mode": mode, **more})
    wait(rig, 0.1)
    rig.base.collect()
    return seen(rig, 20)


def test_a_wrong_data_id_spoils_every_checksum_and_no_counter() -> None:
    frames = spoilt("wrong_id")
    assert not right(frames).any()
    assert right(frames, SAS_ID ^ 1).all()
    assert (steps(frames) == 1).all()


@pytest.mark.parametrize("mode", ["static", "random"])
def test_a_share_of_the_checksums_is_wrong(mode: str) -> None:
    frames = spoilt(mode, share=0.3)
    assert np.mean(~right(frames)) == pytest.approx(0.3, abs=0.04)
    assert (steps(frames) == 1).all()


def test_a_static_checksum_is_the_one_of_the_frame_before() -> None:
    frames = spoilt("static", share=0.3)
    before = e2e.crc_column(SAS_ID, frames.data)[:-1]
    bad = ~right(frames)[1:]
    assert (frames.data[1:, 0][bad] == before[bad]).all()


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [("freeze", {0: 1.0}), ("skip", {1: 0.8, 2: 0.2})],
)
def test_a_counter_stands_still_or_skips_and_the_checksum_fits(
    mode: str, wanted: dict[int, float]
) -> None:
    rig, _ = injected({"op": "msg.counter", "message": "SAS_Sts", "mode": mode})
    wait(rig, 0.1)
    rig.base.collect()
    frames = seen(rig, 20)
    assert right(frames).all()
    for step, share in wanted.items():
        assert np.mean(steps(frames) == step) == pytest.approx(share, abs=0.01)


def test_a_random_counter_stays_within_its_range() -> None:
    rig, _ = injected({"op": "msg.counter", "message": "SAS_Sts", "mode": "random"})
    frames = seen(rig, 5)
    assert (frames.data[:, 1] & 0x0F).max() == 14
    assert right(frames).all()


def test_dropped_frames_leave_a_gap_in_the_counter() -> None:
    rig, _ = injected({"op": "msg.drop", "message": "SAS_Sts", "share": 0.25})
    frames = seen(rig, 20)
    assert len(frames) == pytest.approx(1500, abs=80)
    assert right(frames).all()
    assert (steps(frames) > 1).sum() > 200


def test_late_frames_come_late_and_are_all_there() -> None:
    rig, box = injected({"op": "msg.delay", "message": "SAS_Sts", "ms": 4})
    late = seen(rig, 2).t_ns % (10 * NS_PER_MS)
    box.carry_out({"op": "clear_all"})
    wait(rig, 1)
    rig.base.collect()
    well = seen(rig, 2).t_ns % (10 * NS_PER_MS)
    apart = (np.median(late) - np.median(well)) % (10 * NS_PER_MS)
    assert apart == pytest.approx(4e6, abs=3e5)


def test_coding_the_sender_anew_ends_the_fault() -> None:
    rig, _ = injected({"op": "msg.crc", "message": "SAS_Sts", "mode": "wrong_id"})
    assert ask(rig, "SAS", "22F1A6") == "62f1a601"
    assert ask(rig, "SAS", "2EF1A600") == "7f2e7f"
    assert not right(seen(rig, 1)).any()
    unlock(rig, "SAS")
    assert ask(rig, "SAS", "2EF1A600") == "6ef1a6"
    rig.base.collect()
    assert right(seen(rig, 5)).all()
    assert ask(rig, "SAS", "22F1A6") == "62f1a600"


def unlock(rig: TrainingRig, ecu: str) -> None:
    waiting = rig.base.scan_tool().unlock(ecu)
    kernel = rig.base.kernel
    for pause in waiting:
        kernel.run(kernel.now_ns + pause)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"op": "msg.crc", "mode": "static", "share": 0.3}, "c42883"),
        ({"op": "msg.counter", "mode": "skip"}, "c42882"),
    ],
)
def test_who_listens_stores_a_code_after_two_seconds_and_no_other(
    command: dict[str, object], code: str
) -> None:
    rig, _ = injected({"message": "SAS_Sts", **command})
    wait(rig, 1.9)
    assert ask(rig, "VCU", "190201") == "5902ff"
    wait(rig, 0.2)
    assert ask(rig, "VCU", "190201") == f"5902ff{code}2f"
    assert ask(rig, "ESC", "190201") == "59027f"


def test_few_bad_frames_store_nothing() -> None:
    rig, _ = injected(
        {"op": "msg.crc", "message": "SAS_Sts", "mode": "random", "share": 0.09}
    )
    wait(rig, 5)
    assert ask(rig, "VCU", "190201") == "5902ff"


@pytest.mark.parametrize(
    ("op", "value", "shown"),
    [
        ("sig.freeze", 1.2, 1.2),
        ("sig.offset", -0.5, 0.25),
        ("sig.scale", 2.0, 1.5),
        ("sig.limit", 0.6, 0.6),
        ("sig.noise", 0.2, 0.75),
    ],
)
def test_a_falsified_signal_carries_a_right_checksum(
    op: str, value: float, shown: float
) -> None:
    rig, box = injected({"op": op, "signal": "PED_Sts.PED_App1", "value": value})
    wait(rig, 0.1)
    rig.base.collect()
    frames = seen(rig, 5, 0x0F0)
    assert right(frames, 0x10F0).all()
    volts = rig.base.messages["PED_Sts"].layout.signals["PED_App1"].read(frames.data)
    assert np.mean(volts) == pytest.approx(shown, abs=0.03)
    assert (np.std(volts) > 0.1) == (op == "sig.noise")
    box.repair("PED_App1")
    wait(rig, 0.1)
    rig.base.collect()
    volts = (
        rig.base.messages["PED_Sts"]
        .layout.signals["PED_App1"]
        .read(seen(rig, 1, 0x0F0).data)
    )
    assert np.mean(volts) == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize(
    "command",
    [
        {"op": "msg.crc", "message": "SAS_Sts", "mode": "odd"},
        {"op": "msg.crc", "message": "SAS_Sts", "mode": "static", "share": 1.5},
        {"op": "msg.crc", "message": "ESC_Wheel", "mode": "wrong_id"},
        {"op": "msg.crc", "message": "Nothing", "mode": "wrong_id"},
        {"op": "msg.delay", "message": "SAS_Sts"},
        {"op": "sig.freeze", "signal": "PED_Sts.PED_App9", "value": 1},
        {"op": "sig.freeze", "signal": "PED_Sts.PED_App1"},
        {"op": "vref.short", "channel": 3},
        {"op": "vref.low", "channel": 1},
        {"op": "gw.route", "route": "HS1:0x0D0>MS1:0x2A1", "mode": "off"},
        {"op": "gw.route", "route": "HS1:0x0D0>MS1:0x2A0", "mode": "sometimes"},
        {"op": "gw.route", "route": "HS1:0x0D0>MS1:0x2A0", "mode": "delay", "ms": 1},
    ],
)
def test_a_command_that_makes_no_sense_is_refused(command: dict[str, object]) -> None:
    box = FaultBox(a_rig("body_net"))
    box.carry_out({"op": "arm"})
    assert box.carry_out(command) == "bad_arg"
    assert box.state()["active"] == []


def test_a_rig_without_pedal_and_gateway_refuses_their_faults() -> None:
    box = FaultBox(a_rig("chassis_bywire"))
    box.carry_out({"op": "arm"})
    assert box.carry_out({"op": "vref.short", "channel": 1}) == "bad_arg"
    route = {"route": "HS1:0x0D0>MS1:0x2A0", "mode": "off"}
    assert box.carry_out({"op": "gw.route", **route}) == "bad_arg"


SPOILING = [
    {"op": "msg.crc", "message": "SAS_Sts", "mode": "static", "share": 0.4},
    {"op": "msg.counter", "message": "ESC_Sts", "mode": "skip"},
    {"op": "msg.drop", "message": "VCU_Pwt", "share": 0.3},
    {"op": "msg.delay", "message": "PED_Sts", "ms": 3, "jitter": 9},
    {"op": "sig.noise", "signal": "PED_Sts.PED_App2", "value": 0.1},
]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.02, 1.5), min_size=2, max_size=6))
def test_it_does_not_matter_how_often_spoilt_frames_are_collected(pauses) -> None:
    def played(pieces: list[float]) -> Frames:
        rig, _ = injected(*SPOILING)
        parts = []
        for piece in pieces:
            wait(rig, piece)
            parts.append(rig.base.collect()["HS1"])
        wait(rig, 1)
        parts.append(rig.base.collect()["HS1"])
        return Frames.concatenate(parts)

    whole_s = sum(pauses)
    one, many = played([whole_s]), played(list(pauses))
    count = min(len(one), len(many))
    assert count > 400 * whole_s
    assert (one.t_ns[:count] == many.t_ns[:count]).all()
    assert (one.data[:count] == many.data[:count]).all()
