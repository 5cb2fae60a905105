from pathlib import Path

import numpy as np
import pytest

from examrunner.archive.reading import open_recording
from examrunner.archive.writer import RecordingWriter
from examrunner.decode.timeline import build_timeline
from examrunner.model.errors import ContentError, MissingError
from examrunner.model.frames import ERROR, EXTENDED, REMOTE, Frames
from examrunner.model.recording import Ending, Header, Picture
from examrunner.model.station import Board, Camera, Channel, Ecu, Rig
from examrunner.model.text import Text
from examrunner.model.timeline import ExchangeOutcome, Quality

MS = 1_000_000
DATABASES = Path(__file__).parents[3] / "dbc"
RIG = Rig(
    name="body_net",
    title=Text(zh="车身网络", en="Body network"),
    channels=(
        Channel(name="HS1", database="body_hs1.dbc", bitrate_bps=500_000),
        Channel(name="MS1", database="body_ms1.dbc", bitrate_bps=250_000),
    ),
    ecus=(Ecu(name="ESC", channel="HS1", request_id=0x7E2, response_id=0x7EA),),
)
VOLTAGE = 0x5F0


def rig_status(volts):
    return bytes([0, 0]) + round(volts * 100).to_bytes(2, "little") + bytes(4)


@pytest.fixture
def writer(tmp_path):
    header = Header(rig="body_net", task="F13", software={"examrunner": "test"})
    with RecordingWriter(
        tmp_path / "rec", header, channels=["HS1", "MS1"], cameras=[], sync=False
    ) as writer:
        for channel, name in (("HS1", "body_hs1.dbc"), ("MS1", "body_ms1.dbc")):
            content = (DATABASES / name).read_bytes()
            writer.attach(f"dbc/{channel}.dbc", "text/plain", content)
        yield writer


def closed(writer, tmp_path, at_ms=1000):
    writer.close(Ending.FINISHED, "done", at_ms * MS)
    return build_timeline(open_recording(tmp_path / "rec"), RIG)


def test_a_message_of_two_channels_is_the_first_ones_unless_named_by_channel(
    writer, tmp_path
):
    writer.frames("HS1", Frames.of([(1 * MS, VOLTAGE, 0, rig_status(12.5))]))
    writer.frames("MS1", Frames.of([(2 * MS, VOLTAGE, 0, rig_status(12.25))]))

    timeline = closed(writer, tmp_path)

    assert timeline.series("HS1:RIG_Status.RIG_SupplyV").values.tolist() == [12.5]
    assert timeline.series("MS1:RIG_Status.RIG_SupplyV").values.tolist() == [12.25]
    assert timeline.series("RIG_Status.RIG_SupplyV").values.tolist() == [12.5]
    assert timeline.message("RIG_Status").channel == "HS1"


def test_a_message_of_one_channel_may_be_named_with_its_channel(writer, tmp_path):
    writer.frames("HS1", Frames.of([(1 * MS, 0x0D4, 0, bytes(8))]))

    timeline = closed(writer, tmp_path)

    assert timeline.message("ESC_Wheel") is timeline.message("HS1:ESC_Wheel")
    bare = timeline.series("ESC_Wheel.ESC_SpdFL")
    assert timeline.series("HS1:ESC_Wheel.ESC_SpdFL") is bare
    with pytest.raises(MissingError):
        timeline.series("MS1:ESC_Wheel.ESC_SpdFL")
    assert len(set(timeline.signals)) == len(timeline.signals)


def test_messages_carry_what_the_database_says_about_them(writer, tmp_path):
    writer.frames("HS1", Frames.of([(1 * MS, 0x0D0, 0, bytes(8))]))

    message = closed(writer, tmp_path).message("ESC_Sts")

    assert (message.channel, message.can_id, message.extended) == ("HS1", 0xD0, False)
    assert (message.cycle_s, message.timeout_s) == (0.01, 0.05)
    assert message.senders == ("ESC",)
    assert len(message.frames) == len(message.crc) == len(message.counter) == 1


def test_a_silent_message_is_empty_and_an_unknown_one_is_missing(writer, tmp_path):
    timeline = closed(writer, tmp_path)

    assert len(timeline.message("PED_Sts").frames) == 0
    assert len(timeline.series("PED_Sts.PED_Pct")) == 0
    assert timeline.series("PED_Sts.PED_Pct").hold_s == 0.05
    with pytest.raises(MissingError, match="PED_Nothing"):
        timeline.series("PED_Sts.PED_Nothing")


def test_identifiers_without_a_description_are_found_by_number(writer, tmp_path):
    writer.frames(
        "HS1",
        Frames.of([(1 * MS, 0x123, 0, b"\x01"), (2 * MS, 0x123, EXTENDED, b"\x02")]),
    )
    writer.frames("MS1", Frames.of([(3 * MS, 0x7AB, 0, b"\x03")]))

    timeline = closed(writer, tmp_path)

    assert timeline.message("0x123").frames.data[0, 0] == 1
    assert timeline.message("0x00000123").frames.data[0, 0] == 2
    assert timeline.message("MS1:0x7AB").frames.data[0, 0] == 3


def test_error_and_remote_frames_are_no_samples(writer, tmp_path):
    writer.frames(
        "HS1",
        Frames.of(
            [
                (1 * MS, 0x40, ERROR, bytes(8)),
                (2 * MS, 0x0D4, REMOTE, b""),
                (3 * MS, 0x0D4, 0, bytes(8)),
            ]
        ),
    )

    timeline = closed(writer, tmp_path)

    assert timeline.series("ESC_Wheel.ESC_SpdFL").t_ns.tolist() == [3 * MS]
    assert timeline.bus["HS1"].t_ns.tolist() == [1 * MS]
    assert timeline.bus["HS1"].classes.tolist() == [0x40]


def test_a_channel_without_error_reporting_says_nothing_about_errors(writer, tmp_path):
    writer.event(0, "health", {"stream": "MS1", "error_reporting": True})

    timeline = closed(writer, tmp_path)

    assert len(timeline.bus["MS1"].t_ns) == 0
    assert "HS1" not in timeline.bus


def test_every_edit_and_submission_is_kept_in_order(writer, tmp_path):
    writer.event(1 * MS, "form", {"field": "node", "value": "SAS"})
    writer.event(2 * MS, "form", {"field": "node", "value": "ESC", "submit": True})
    writer.event(3 * MS, "form", {"submit": True})

    form = closed(writer, tmp_path).form

    assert [(e.field, e.value, e.submit) for e in form] == [
        ("node", "SAS", False),
        ("node", "ESC", True),
        ("", None, True),
    ]


def test_operations_keep_their_name_and_what_they_say(writer, tmp_path):
    writer.event(1 * MS, "ops", {"op": "phase", "phase": "exam"})
    writer.event(2 * MS, "ops", {"op": "plug", "node": "ESC", "on": False})

    ops = closed(writer, tmp_path).ops

    assert [(op.name, dict(op.body)) for op in ops] == [
        ("phase", {"phase": "exam"}),
        ("plug", {"node": "ESC", "on": False}),
    ]


def test_truth_holds_until_it_changes_and_null_ends_it(writer, tmp_path):
    writer.event(1 * MS, "truth", {"supply_v": 12.6, "HS1.r_hl": 60, "ESC.plug": 1})
    writer.event(500 * MS, "truth", {"HS1.r_hl": None, "ESC.plug": 0})

    timeline = closed(writer, tmp_path)

    resistance = timeline.series("fib.HS1.r_hl")
    assert resistance.unit == "Ohm"
    assert resistance.values[0] == 60
    assert resistance.quality.tolist() == [Quality.OK, Quality.NOT_AVAILABLE]
    assert resistance.hold_s == 1.0
    assert timeline.series("fib.ESC.plug").values.tolist() == [1, 0]
    with pytest.raises(MissingError):
        timeline.series("fib.vref5_v")


def test_losses_and_clock_steps_are_told_apart(writer, tmp_path):
    writer.event(10 * MS, "health", {"down": "HS1", "cause": "unplugged"})
    lost = {"stream": "HS1", "lost": None, "from_ns": 10 * MS, "to_ns": 30 * MS}
    writer.event(30 * MS, "health", lost)
    writer.event(40 * MS, "health", {"clock_step_s": -1.5})
    writer.event(900 * MS, "health", {"down": "MS1", "cause": "unplugged"})
    heartbeat = {"queue_depth": 3, "lost": ["MS1"], "losses": 2}
    writer.event(950 * MS, "health", heartbeat)

    health = closed(writer, tmp_path).health

    assert [(loss.stream, loss.from_ns, loss.to_ns) for loss in health.losses] == [
        ("HS1", 10 * MS, 30 * MS),
        ("MS1", 900 * MS, 1000 * MS),
    ]
    assert [step.by_s for step in health.clock_steps] == [-1.5]


def test_exchanges_know_the_phase_in_which_they_happened(writer, tmp_path):
    writer.event(0, "ops", {"op": "phase", "phase": "pre"})
    writer.event(100 * MS, "ops", {"op": "phase", "phase": "exam"})
    request, answer = (
        bytes.fromhex("023E00CCCCCCCCCC"),
        bytes.fromhex("027E00CCCCCCCCCC"),
    )
    rows = [
        (t * MS, can_id, 0, data)
        for t in (50, 200)
        for can_id, data in ((0x7E2, request), (0x7EA, answer))
    ]
    writer.frames("HS1", Frames.of(rows))

    exchanges = closed(writer, tmp_path).exchanges

    assert [(each.phase, each.outcome) for each in exchanges] == [
        ("pre", ExchangeOutcome.POSITIVE),
        ("exam", ExchangeOutcome.POSITIVE),
    ]


def test_another_database_may_be_used_for_a_channel_or_for_all(writer, tmp_path):
    writer.frames("HS1", Frames.of([(1 * MS, 0x0D4, 0, bytes(7) + b"\x01")]))
    writer.close(Ending.FINISHED, "done", 10 * MS)
    recording = open_recording(tmp_path / "rec")
    other = (
        'VERSION ""\nBU_: A\nBO_ 212 Other: 8 A\n SG_ X : 56|8@1+ (2,0) [0|0] "" A\n'
    )

    of_all = build_timeline(recording, RIG, {"other.dbc": other.encode()})
    of_one = build_timeline(recording, RIG, {"MS1": other.encode()})

    assert of_all.series("Other.X").values.tolist() == [2]
    assert of_all.message("Other").channel == "HS1"
    assert len(of_one.series("Other.X")) == 0
    assert len(of_one.message("0x0D4").frames) == 1
    with pytest.raises(ContentError):
        build_timeline(recording, RIG, {"bad.dbc": b"not a database"})


def test_nothing_is_decoded_before_it_is_asked_for(writer, tmp_path):
    frames = Frames.of([(n * MS, 0x0D4, 0, bytes(8)) for n in range(10)])
    writer.frames("HS1", frames)

    timeline = closed(writer, tmp_path)

    assert timeline.series("ESC_Wheel.ESC_SpdFL") is timeline.series(
        "ESC_Wheel.ESC_SpdFL"
    )
    np.testing.assert_array_equal(
        timeline.message("ESC_Wheel").frames.t_ns, frames.t_ns
    )


def test_a_still_that_cannot_be_read_was_taken_and_shows_no_board(tmp_path):
    board = Board(type="chessboard", columns=9, rows=6, square_mm=25.0)
    camera = Camera(name="front", size_px=(640, 480), role="calibrated", board=board)
    rig = Rig(name="r", title=Text(zh="r", en="r"), channels=(), cameras=(camera,))
    torn = Picture(
        t_ns=5,
        stream="front",
        name="still-0001",
        purpose="still",
        media_type="image/png",
        data=b"\x89PNG\r\n\x1a\n torn",
    )
    with RecordingWriter(
        tmp_path / "rec",
        Header(software={}),
        channels=[],
        cameras=["front"],
        sync=False,
    ) as writer:
        writer.picture(torn)
        writer.close(Ending.FINISHED, "done", 10)

    (view,) = build_timeline(open_recording(tmp_path / "rec"), rig).views

    assert (view.picture, len(view.ids)) == ("still-0001", 0)
