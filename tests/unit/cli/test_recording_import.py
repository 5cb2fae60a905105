import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from examrunner.archive.keys import generate_key
from examrunner.archive.reading import open_recording
from examrunner.archive.writer import RecordingWriter
from examrunner.cli.recording import app
from examrunner.model.frames import Frames
from examrunner.model.recording import Header

LOG = """\
(1700000000.000000) can0 123#0102
(1700000000.010000) can0 123#0103
(1700000000.015000) can0 1ABCDEF0#R4
(1700000000.030000) can0 123#0104
(1700000000.031000) can0 20000040#0004000000000000
(1700000000.032000) can1 200##1000102030405060708090A0B
(1700000009.000000) can1 200##100
"""


def run(*arguments: object) -> dict:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*arguments: object) -> str:
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == 2, result.output
    assert len(result.stderr.strip().splitlines()) == 3
    return result.stderr


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "drive.log"
    path.write_text(LOG)
    return path


def test_show_counts_streams_gaps_and_cycles(tmp_path: Path, log: Path):
    made = run("import", tmp_path / "rec", "--can", f"CH1={log}")

    shown = run("show", tmp_path / "rec")

    assert made["frames"] == 7
    assert shown["digest"] == made["digest"]
    assert shown["duration_s"] == 9.0
    assert shown["ending"] == "imported"
    first, second = shown["streams"]
    assert first == {
        "name": "CH1",
        "kind": "can",
        "count": 5,
        "errors": 1,
        "remote": 1,
        "fd": 0,
        "first_s": 0.0,
        "last_s": 0.031,
        "gaps": [],
    }
    assert (second["name"], second["count"], second["fd"]) == ("CH1.2", 2, 2)
    assert second["gaps"] == [
        {"from_s": 0.032, "to_s": 9.0, "cause": "silence", "lost": None}
    ]
    standard, flexible = shown["identifiers"]
    assert standard["stream"] == "CH1"
    assert (standard["id"], standard["extended"], standard["count"]) == (
        "0x123",
        False,
        3,
    )
    assert standard["cycle_ms"]["mean"] == pytest.approx(15.0)
    assert standard["cycle_ms"]["p99"] == pytest.approx(19.9)
    assert standard["cycle_ms"]["max"] == pytest.approx(20.0)
    assert (flexible["id"], flexible["count"]) == ("0x200", 2)


def test_show_has_a_table_for_people(tmp_path: Path, log: Path):
    run("import", tmp_path / "rec", "--can", f"CH1={log}")

    result = CliRunner().invoke(app, ["show", str(tmp_path / "rec")])

    assert result.exit_code == 0
    assert "2023-11-14T22:13:20" in result.stdout
    assert "CH1 0x123" in result.stdout
    assert "silence: 0.032 s to 9.000 s" in result.stdout


def test_an_identifier_seen_once_has_no_cycle(tmp_path: Path, log: Path):
    log.write_text("(0.0) can0 123#\n")
    run("import", tmp_path / "rec", "--can", f"CH1={log}")

    (identifier,) = run("show", tmp_path / "rec")["identifiers"]

    assert identifier["cycle_ms"] is None


def test_times_that_go_back_are_a_gap_of_the_clock(tmp_path: Path, log: Path):
    log.write_text("(5.0) can0 123#\n(4.0) can0 123#\n")
    run("import", tmp_path / "rec", "--can", f"CH1={log}")

    (stream,) = run("show", tmp_path / "rec")["streams"]

    assert stream["gaps"] == [
        {"from_s": 1.0, "to_s": 0.0, "cause": "clock", "lost": None}
    ]
    assert open_recording(tmp_path / "rec").frames("CH1").t_ns.tolist() == [10**9, 0]


def test_what_a_recorder_lost_is_a_gap(tmp_path: Path):
    with RecordingWriter(
        tmp_path / "rec", Header(software={}), channels=["CH1"], cameras=[]
    ) as writer:
        writer.frames("CH1", Frames.of([(1, 2, 0, b"")]))
        body = {"stream": "CH1", "lost": 7, "from_ns": 10**9, "to_ns": 2 * 10**9}
        writer.event(2 * 10**9, "health", body)

    shown = run("show", tmp_path / "rec")

    assert shown["ending"] is None
    assert shown["streams"][0]["gaps"] == [
        {"from_s": 1.0, "to_s": 2.0, "cause": "lost", "lost": 7}
    ]
    assert shown["streams"][1]["kind"] == "events"


def test_a_damaged_recording_is_shown_up_to_the_damage(tmp_path: Path, log: Path):
    run("import", tmp_path / "rec", "--can", f"CH1={log}")
    segment = tmp_path / "rec" / "segment-0001.mcap"
    content = bytearray(segment.read_bytes())
    content[content.rindex(b"\x0c\x00", 0, len(content) // 2)] ^= 1
    segment.write_bytes(content)

    shown = run("show", tmp_path / "rec")

    assert shown["problem"]
    assert shown["ending"] is None


def test_a_stations_files_come_along(tmp_path: Path, log: Path):
    run("import", tmp_path / "rec", "--station", "hall-a-01", "--can", f"CH1={log}#0")

    recording = open_recording(tmp_path / "rec")
    assert (recording.header.station, recording.header.rig) == (
        "hall-a-01",
        "chassis_bywire",
    )
    assert {"rig.yaml", "ecus.yaml", "dbc/CH1.dbc"} <= set(recording.attachments())


def test_a_rig_type_will_do_for_a_station(tmp_path: Path, log: Path):
    given = ("--can", f"HS1={log}#0", "--can", f"MS1={log}#1")
    run("import", tmp_path / "rec", "--station", "body_net", *given)

    recording = open_recording(tmp_path / "rec")
    assert (recording.header.station, recording.header.rig) == ("", "body_net")
    assert recording.channels == ("HS1", "MS1")
    assert recording.frames("MS1").t_ns.tolist() == [32_000_000, 9 * 10**9]
    assert "dbc/MS1.dbc" in recording.attachments()


def test_a_channel_that_the_rig_lacks_gets_the_nearest_name(tmp_path: Path, log: Path):
    words = refused(
        "import", tmp_path / "rec", "--station", "body_net", "--can", f"HS2={log}"
    )

    assert "no channel 'HS2'" in words
    assert "Did you mean 'HS1'" in words
    assert not (tmp_path / "rec").exists()


def test_answers_and_events_are_kept_with_their_times(tmp_path: Path, log: Path):
    answers, events = tmp_path / "a.json", tmp_path / "e.json"
    answers.write_text(json.dumps({"node": "ESC", "supply": {"value": 3, "unit": "V"}}))
    events.write_text(
        json.dumps(
            [
                {"t_s": 1.5, "op": "start"},
                {"t_s": 8.0, "op": "stop", "reason": "time_up"},
            ]
        )
    )

    run(
        "import",
        tmp_path / "rec",
        "--can",
        f"CH1={log}",
        "--answers",
        answers,
        "--events",
        events,
    )

    recording = open_recording(tmp_path / "rec")
    ops = [(event.t_ns / 1e9, event.body["op"]) for event in recording.events("ops")]
    assert ops == [(1.5, "start"), (8.0, "stop")]
    form = [(event.t_ns / 1e9, event.body) for event in recording.events("form")]
    assert form == [
        (8.0, {"field": "node", "value": "ESC"}),
        (8.0, {"field": "supply", "value": {"value": 3, "unit": "V"}}),
    ]


def test_logs_of_clocks_that_never_met_each_start_at_zero(tmp_path: Path, log: Path):
    other = tmp_path / "other.log"
    other.write_text("(12.5) can0 7FF#\n(13.5) can0 7FF#\n")

    run("import", tmp_path / "rec", "--can", f"A={log}#0", "--can", f"B={other}")

    recording = open_recording(tmp_path / "rec")
    assert recording.frames("B").t_ns.tolist() == [0, 10**9]
    assert recording.header.opened_at == ""


def picture(value: int) -> np.ndarray:
    return np.full((120, 160, 3), value, np.uint8)


def test_pictures_of_a_folder_are_kept_byte_for_byte(tmp_path: Path):
    folder = tmp_path / "stills"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), picture(number * 40))

    run("import", tmp_path / "rec", "--camera", f"front={folder}", "--every-s", 2)
    run("export", tmp_path / "rec", tmp_path / "no.blf", "--pictures", tmp_path / "out")

    pictures = open_recording(tmp_path / "rec").pictures("front")
    assert [p.t_ns for p in pictures] == [0, 2 * 10**9, 4 * 10**9]
    assert [p.data for p in pictures] == [
        (folder / f"{n}.png").read_bytes() for n in range(3)
    ]
    assert (tmp_path / "out" / "front" / "1.png").read_bytes() == pictures[1].data


def test_a_video_gives_stills_at_the_stated_rate(tmp_path: Path):
    video = tmp_path / "work.avi"
    code = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(video), code, 10.0, (160, 120))
    for number in range(25):
        writer.write(picture(number * 10))
    writer.release()

    run("import", tmp_path / "rec", "--camera", f"work_area={video}")

    pictures = open_recording(tmp_path / "rec").pictures("work_area")
    assert [p.t_ns for p in pictures] == [0, 10**9, 2 * 10**9]
    for number, still in enumerate(pictures):
        pixels = cv2.imdecode(np.frombuffer(still.data, np.uint8), cv2.IMREAD_COLOR)
        assert still.media_type == "image/png"
        assert abs(float(pixels.mean()) - number * 100) < 4


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "nothing to import"),
        (("--can", "CH1"), "which file is which stream"),
        (("--can", "CH1=nothing.blf"), "cannot be read"),
        (("--can", "CH1={log}", "--can", "CH1={log}"), "a second time"),
        (("--can", "CH1={log}#7"), "no channel 7"),
        (("--can", "CH1={log}", "--format", "word"), "no log format called 'word'"),
        (("--can", "CH1={log}", "--format", "blf"), "BLF is damaged"),
        (("--can", "CH1={log}", "--can", "CH1.2={log}"), "two logs"),
        (("--can", "CH1={log}", "--station", "hall-z"), "no station 'hall-z'"),
        (("--camera", "front=nowhere"), "no such folder or video"),
        (("--camera", "front={log}"), "video cannot be used"),
        (("--camera", "front={empty}"), "no PNG or JPEG"),
        (("--can", "CH1={log}", "--events", "{log}"), "JSON"),
        (("--can", "CH1={log}", "--answers", "{empty}"), "cannot be read"),
    ],
)
def test_what_cannot_be_imported_is_said_and_leaves_nothing(
    tmp_path: Path, log: Path, given: tuple[str, ...], said: str
):
    empty = tmp_path / "empty"
    empty.mkdir()
    words = [word.format(log=log, empty=empty) for word in given]

    assert said in refused("import", tmp_path / "rec", *words)
    assert not [p for p in tmp_path.iterdir() if "rec" in p.name]
    assert log.read_text() == LOG


def test_an_existing_recording_is_never_overwritten(tmp_path: Path, log: Path):
    digest = run("import", tmp_path / "rec", "--can", f"CH1={log}")["digest"]

    assert "already" in refused("import", tmp_path / "rec", "--can", f"CH1={log}")
    assert run("show", tmp_path / "rec")["digest"] == digest


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, log: Path):
    words = refused("import", log / "rec", "--can", f"CH1={log}")

    assert "drive.log" in words


def test_export_names_the_losses_and_only_the_wanted_channel(tmp_path: Path, log: Path):
    run("import", tmp_path / "rec", "--can", f"CH1={log}")

    told = run("export", tmp_path / "rec", tmp_path / "a.asc", "--channel", "CH1")
    again = run("import", tmp_path / "again", "--can", f"CH1={tmp_path / 'a.asc'}")

    assert told["losses"] == ["asc keeps error frames without their class and data."]
    assert again["frames"] == 5
    assert "no CAN channel 'CH9'" in refused(
        "export", tmp_path / "rec", tmp_path / "b.asc", "--channel", "CH9"
    )


def test_an_imported_time_of_day_comes_back_on_export(tmp_path: Path, log: Path):
    run("import", tmp_path / "rec", "--can", f"CH1={log}")
    run("export", tmp_path / "rec", tmp_path / "again.log")

    lines = (tmp_path / "again.log").read_text().splitlines()

    assert lines[0] == "(1700000000.000000) CH1 123#0102 R"
    assert lines[4] == "(1700000000.031000) CH1 20000040#0004000000000000 R"
    assert lines[5] == "(1700000000.032000) CH1.2 200##1000102030405060708090A0B R"


def test_nothing_called_so_is_no_recording(tmp_path: Path):
    generate_key(tmp_path / "key.pem")

    assert "no recording" in refused("show", tmp_path / "nothing")
    refused("show", tmp_path / "key.pem")
