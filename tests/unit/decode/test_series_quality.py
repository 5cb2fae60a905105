"""Why a sample must not be trusted."""

import numpy as np
import pytest

from examrunner.decode.databases import load_database
from examrunner.decode.matching import Assignment
from examrunner.decode.timeline import sources_of
from examrunner.decode.tracks import MessageTrack, SignalTrack
from examrunner.model.e2e import crc_of
from examrunner.model.frames import Frames
from examrunner.model.timeline import Loss, Quality, Verdict8

NETWORK = """VERSION ""
BU_: EPS
BO_ 256 Steer: 8 EPS
 SG_ Crc : 0|8@1+ (1,0) [0|255] "" EPS
 SG_ Counter : 8|4@1+ (1,0) [0|14] "" EPS
 SG_ Angle : 16|16@1- (0.1,0) [-780|780] "deg" EPS
 SG_ Torque : 32|32@1- (1,0) [0|0] "Nm" EPS
BO_ 257 Info: 8 EPS
 SG_ Page M : 0|8@1+ (1,0) [0|0] "" EPS
 SG_ Version m1 : 8|16@1+ (1,0) [0|0] "" EPS
 SG_ Serial m2 : 8|32@1+ (1,0) [0|0] "" EPS
BA_DEF_ BO_ "E2E_Profile" ENUM "none","J1850_ID16_C4";
BA_DEF_ BO_ "E2E_DataID" INT 0 65535;
BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
BA_DEF_ SG_ "SigSNA" INT -1 2147483647;
BA_DEF_DEF_ "E2E_Profile" "none";
BA_DEF_DEF_ "E2E_DataID" 0;
BA_DEF_DEF_ "GenMsgCycleTime" 10;
BA_DEF_DEF_ "SigSNA" -1;
BA_ "E2E_Profile" BO_ 256 1;
BA_ "E2E_DataID" BO_ 256 258;
BA_ "SigSNA" SG_ 256 Angle 32768;
SIG_VALTYPE_ 256 Torque : 1;
"""
MS = 1_000_000


def steer(counter, angle=0, torque=0.0, *, length=8):
    body = bytes([0, counter]) + angle.to_bytes(2, "little", signed=True)
    body += np.float32(torque).tobytes()
    return (bytes([crc_of(258, body)]) + body[1:])[:length]


def tracks(payloads, *, can_id=256, at_ms=None, losses=()):
    times = range(0, 10 * len(payloads), 10) if at_ms is None else at_ms
    frames = Frames.of(
        (t * MS, can_id, 0, data) for t, data in zip(times, payloads, strict=True)
    )
    sources = sources_of(
        {("CH1", can_id, False): frames},
        ("CH1",),
        [Assignment(database=load_database(NETWORK.encode(), "n.dbc"))],
        losses,
    )
    return MessageTrack(sources), SignalTrack(sources)


def quality(signals, name):
    return [Quality(bits) for bits in signals[name].quality]


def test_a_good_frame_has_good_samples():
    _, signals = tracks([steer(0, -123, 1.5), steer(1, 123, 2.5)])

    assert quality(signals, "Steer.Angle") == [Quality.OK, Quality.OK]
    assert signals["Steer.Angle"].values.tolist() == [-123 * 0.1, 123 * 0.1]
    assert signals["Steer.Torque"].values.tolist() == [1.5, 2.5]
    assert signals["Steer.Angle"].step == 0.1
    assert signals["Steer.Torque"].step == 0.0
    assert signals["Steer.Angle"].hold_s == pytest.approx(0.03)


def test_the_value_that_means_not_available_is_not_out_of_range_too():
    _, signals = tracks([steer(0, -32768), steer(1, 7801), steer(2, -7800)])

    assert quality(signals, "Steer.Angle") == [
        Quality.NOT_AVAILABLE,
        Quality.OUT_OF_RANGE,
        Quality.OK,
    ]


@pytest.mark.parametrize("torque", [np.nan, np.inf, -np.inf])
def test_a_float_that_is_no_number_is_flagged(torque):
    _, signals = tracks([steer(0, 0, torque)])

    assert quality(signals, "Steer.Torque") == [Quality.NOT_A_NUMBER]


def test_a_wrong_checksum_taints_every_signal_of_its_frame():
    broken = bytearray(steer(1))
    broken[0] ^= 1
    messages, signals = tracks([steer(0), bytes(broken), steer(2)])

    assert messages["Steer"].crc.tolist() == [1, 2, 1]
    assert quality(signals, "Steer.Angle") == [Quality.OK, Quality.BAD_CRC, Quality.OK]


def test_the_counter_runs_to_14_and_tells_repeats_skips_and_jumps_apart():
    counters = [13, 14, 0, 0, 2, 5, 9, 15, 3, 4]
    messages, signals = tracks([steer(counter) for counter in counters])

    assert [Verdict8(v) for v in messages["Steer"].counter] == [
        Verdict8.UNKNOWN,
        Verdict8.GOOD,
        Verdict8.GOOD,
        Verdict8.REPEATED,
        Verdict8.SKIPPED,
        Verdict8.SKIPPED,
        Verdict8.BAD,
        Verdict8.BAD,
        Verdict8.UNKNOWN,
        Verdict8.GOOD,
    ]
    bad = [bool(q & Quality.BAD_COUNTER) for q in quality(signals, "Steer.Angle")]
    assert bad == [False, False, False, True, True, True, True, True, False, False]


def test_what_the_recorder_lost_is_not_held_against_the_counter():
    loss = Loss(stream="CH1", from_ns=11 * MS, to_ns=55 * MS)
    other = Loss(stream="CH2", from_ns=0, to_ns=1000 * MS)
    payloads = [steer(0), steer(1), steer(6), steer(9)]

    messages, _ = tracks(payloads, at_ms=[0, 10, 60, 70], losses=[loss, other])

    assert messages["Steer"].counter.tolist() == [
        Verdict8.UNKNOWN,
        Verdict8.GOOD,
        Verdict8.GOOD,
        Verdict8.SKIPPED,
    ]


def test_an_unexpected_step_across_a_loss_is_unknown():
    loss = Loss(stream="CH1", from_ns=11 * MS, to_ns=55 * MS)

    messages, _ = tracks([steer(1), steer(9)], at_ms=[10, 60], losses=[loss])

    assert messages["Steer"].counter.tolist() == [Verdict8.UNKNOWN, Verdict8.UNKNOWN]


def test_a_short_frame_has_the_signals_that_it_holds_and_a_bad_checksum():
    messages, signals = tracks([steer(0, 5, length=6), steer(1, 5)])

    assert messages["Steer"].crc.tolist() == [2, 1]
    torque = signals["Steer.Torque"]
    assert [bool(bits & Quality.SHORT) for bits in torque.quality] == [True, False]
    assert np.isnan(torque.values[0])
    angle = signals["Steer.Angle"]
    assert not (angle.quality & Quality.SHORT).any()
    assert angle.values.tolist() == [0.5, 0.5]


def test_a_page_that_the_database_does_not_know_has_no_samples_but_its_number():
    pages = [bytes([page, 1, 0, 0, 0, 0, 0, 0]) for page in (1, 2, 9, 1)]

    _, signals = tracks(pages, can_id=257)

    assert signals["Info.Page"].raw.tolist() == [1, 2, 9, 1]
    assert signals["Info.Version"].t_ns.tolist() == [0, 30 * MS]
    assert signals["Info.Serial"].t_ns.tolist() == [10 * MS]


def test_a_message_that_was_not_received_has_no_samples_and_is_not_missing():
    _, signals = tracks([steer(0)])

    assert len(signals["Info.Version"]) == 0
    assert "Info.Nothing" not in signals


def test_frames_that_an_importer_left_out_of_order_are_put_in_order():
    _, signals = tracks([steer(1, 20), steer(0, 10)], at_ms=[10, 0])

    assert signals["Steer.Angle"].raw.tolist() == [10, 20]
