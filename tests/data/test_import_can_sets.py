"""Every CAN and UDS set, imported by the command, against its expected answer."""

import csv
import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from examrunner.archive.formats.detection import read_log
from examrunner.archive.reading import open_recording
from examrunner.cli.recording import app
from examrunner.model.frames import (
    BRS,
    ERROR,
    ESI,
    EXTENDED,
    FD,
    OWN,
    REMOTE,
    Frames,
)

SIX = {
    "candump.log.gz": "candump",
    "GVRET_Log.csv.gz": "gvret",
    "CRTD_Log.txt.gz": "crtd",
    "BusMasterLog.log.gz": "busmaster",
    "MicrochipLog.log.gz": "microchip",
    "GenericID_Log.csv.gz": "csv",
}
PYTHON_CAN = (
    "test_CanMessage.asc",
    "test_CanMessage.blf",
    "test_CanMessage.trc",
    "test_CanMessage_V1_1.trc",
    "test_CanMessage_V2_1.trc",
    "logfile_errorframes.asc",
    "test_CanErrorFrames.asc",
    "test_CanFdMessage.asc",
    "test_CanFdMessage.blf",
    "test_CanRemoteMessage.asc",
    "single_frame.asc",
    "test_CanMessage.asc.gz",
    "issue_1299.asc",
)


def expected_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text())


def imported(rec: Path, *logs: str) -> dict[str, Any]:
    """What `recording show` says after `recording import`."""
    given = [word for log in logs for word in ("--can", log)]
    for arguments in (["import", str(rec), *given], ["show", str(rec)]):
        result = CliRunner().invoke(app, [*arguments, "--json"])
        assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def sequence_sha256(channels: Mapping[int, Frames]) -> str:
    """The sets' rule: channel, identifier and data, in order of time."""
    lines = []
    for number, frames in channels.items():
        for t_ns, can_id, flags, length, data in zip(
            frames.t_ns.tolist(),
            frames.ids.tolist(),
            frames.flags.tolist(),
            frames.length.tolist(),
            frames.data,
            strict=True,
        ):
            digits = 8 if flags & EXTENDED else 3
            payload = data[:length].tobytes().hex().upper()
            lines.append((t_ns, f"{number} {can_id:0{digits}X}#{payload}\n"))
    lines.sort(key=lambda line: line[0])
    return hashlib.sha256("".join(text for _, text in lines).encode()).hexdigest()


def assert_overview(rec: Path, shown: dict[str, Any], overview: dict[str, Any]) -> None:
    streams = shown["streams"]
    assert sum(stream["count"] for stream in streams) == overview["frames"]
    assert sum(stream["errors"] for stream in streams) == overview["error"]
    assert sum(stream["remote"] for stream in streams) == overview["remote"]
    assert sum(stream["fd"] for stream in streams) == overview["fd"]
    assert shown["duration_s"] == pytest.approx(overview["duration_s"], abs=2e-6)
    assert shown["ending"] == "imported"
    assert min(stream["first_s"] for stream in streams) == 0
    assert len(shown["identifiers"]) == overview["ids"]
    recording = open_recording(rec)
    frames = [recording.frames(name) for name in recording.channels]
    numbered = dict(zip(overview["channels"], frames, strict=True))
    assert sequence_sha256(numbered) == overview["sequence_sha256"]


def assert_cycles(shown: dict[str, Any], per_id: dict[str, Any]) -> None:
    """`channel:identifier` of the set, each of our channels in its order."""
    streams = [stream["name"] for stream in shown["streams"]]
    numbers = sorted({key.split(":")[0] for key in per_id})
    found = {
        (streams.index(each["stream"]), int(each["id"], 16)): each
        for each in shown["identifiers"]
    }
    for key, wanted in per_id.items():
        number, identifier = key.split(":")
        mine = found[numbers.index(number), int(identifier, 16)]
        assert mine["count"] == wanted["count"], key
        assert mine["extended"] == (len(identifier) == 8), key
        if wanted.get("cycle_ms"):
            for name in ("mean", "max"):
                assert mine["cycle_ms"][name] == pytest.approx(
                    wanted["cycle_ms"][name], abs=2e-3
                ), key


def test_a_candump_of_a_real_car_gives_its_counts_and_cycles(
    shared_data: Path, tmp_path: Path
):
    folder = shared_data / "can/icsim-recording"
    expected = expected_of(folder)

    shown = imported(tmp_path / "rec", f"CH1={folder / 'sample-can.log'}")

    assert_overview(tmp_path / "rec", shown, expected["overview"])
    assert_cycles(shown, expected["per_id"])


@pytest.mark.parametrize(
    ("name", "file"),
    [("j1939-truck", "00000001-60B621D9.MF4"), ("kona-uds", "00000170.MF4")],
)
def test_an_mf4_gives_the_frames_that_asammdf_extracts(
    shared_data: Path, tmp_path: Path, name: str, file: str
):
    folder = shared_data / "can" / name
    expected = expected_of(folder)

    shown = imported(tmp_path / "rec", f"CAN={folder / file}")

    assert_overview(tmp_path / "rec", shown, expected["overview"])
    assert_cycles(shown, expected["per_id"])


def test_a_benign_and_an_attacked_drive_differ_only_where_the_set_says(
    shared_data: Path, tmp_path: Path
):
    folder = shared_data / "can/attack-crysys-const"
    expected = expected_of(folder)
    benign_path = folder / "S-1-1-benign.log.gz"
    attacked_path = folder / "S-1-1-malicious-CONST-msg-mod-0x410-0.4-0.6.log.gz"

    shown = imported(tmp_path / "rec", f"CH1={benign_path}")
    (benign,) = read_log(benign_path).channels.values()
    (attacked,) = read_log(attacked_path).channels.values()

    assert_overview(tmp_path / "rec", shown, expected["benign_overview"])
    assert_cycles(shown, expected["benign_per_id"])
    wanted = expected["expected"]
    assert len(attacked) == wanted["frames_attacked"]
    assert np.array_equal(benign.t_ns, attacked.t_ns) == wanted["same_times"]
    changed = np.flatnonzero((benign.data != attacked.data).any(axis=1))
    assert len(changed) == wanted["changed_frames"]
    assert set(benign.ids[changed].tolist()) == {0x410}
    assert (attacked.data[changed, 2] == 0xCD).all()


@pytest.mark.parametrize("file", SIX)
def test_six_formats_of_one_capture_give_one_sequence(
    shared_data: Path, tmp_path: Path, file: str
):
    folder = shared_data / "can/logformats/savvycan-one-capture-six-formats"
    expected = expected_of(folder)

    log = read_log(folder / file)
    shown = imported(tmp_path / "rec", f"CH1={folder / file}")

    (frames,) = log.channels.values()
    rows = zip(frames.ids, frames.length, frames.data, strict=True)
    # This set's rule names no channel, and its importers pad no identifier.
    sequence = "".join(
        f"{can_id:03X}#{data[:length].tobytes().hex().upper()}\n"
        for can_id, length, data in rows
    )
    assert log.format == SIX[file]
    assert hashlib.sha256(sequence.encode()).hexdigest() == expected["sequence_sha256"]
    assert shown["streams"][0]["count"] == 12974
    counts = {int(each["id"], 16): each["count"] for each in shown["identifiers"]}
    assert len(counts) == expected["distinct_ids"]
    for identifier, count in expected["top_ids"].items():
        assert counts[int(identifier, 16)] == count
    first, last = (
        expected["files"][file.removesuffix(".gz")][k] for k in ("first", "last")
    )
    if isinstance(first[0], float):
        assert frames.t_ns[0] == round(first[0] * 1e9)
        assert frames.t_ns[-1] == round(last[0] * 1e9)


def test_a_csv_without_times_says_so(shared_data: Path):
    folder = shared_data / "can/logformats/savvycan-one-capture-six-formats"

    log = read_log(folder / "GenericID_Log.csv.gz")

    assert "no times" in log.notes[0]
    assert not log.channels[0].t_ns.any()


def test_a_cl2000_log_tells_what_the_logger_itself_sent(
    shared_data: Path, tmp_path: Path
):
    folder = shared_data / "can/logformats/cl2000"
    expected = expected_of(folder)

    shown = imported(tmp_path / "rec", f"OBD={folder / 'canlogger-cl2000.txt'}")

    frames = open_recording(tmp_path / "rec").frames("OBD")
    assert len(frames) == expected["frames"]
    counts = {
        f"{int(each['id'], 16):X}": each["count"] for each in shown["identifiers"]
    }
    assert counts == expected["ids"]
    assert (frames.flags[frames.ids == 0x7DF] == OWN).all()
    assert not frames.flags[frames.ids == 0x7E8].any()
    payloads = [data[1 : 1 + data[0]].tobytes().hex().upper() for data in frames.data]
    delays_ms = np.diff(frames.t_ns)[::2] / 1e6
    for number, obd in enumerate(expected["obd"]):
        assert payloads[2 * number : 2 * number + 2] == [
            obd["request"],
            obd["response"],
        ]
        assert delays_ms[number] == expected["response_delay_ms"][obd["request"]]


@pytest.mark.parametrize("file", PYTHON_CAN)
def test_python_cans_own_files_read_as_python_can_reads_them(
    shared_data: Path, file: str
):
    folder = shared_data / "can/logformats/python-can"
    expected = expected_of(folder)["files"][file]

    log = read_log(folder / file)

    rows = sorted(
        (
            (int(frames.t_ns[n]), number, frames.take(slice(n, n + 1)))
            for number, frames in log.channels.items()
            for n in range(len(frames))
        ),
        key=lambda row: row[0],
    )
    assert len(rows) == expected["count"]
    for (t_ns, number, frame), message in zip(rows, expected["messages"], strict=True):
        flags = int(frame.flags[0])
        assert t_ns / 1e9 == pytest.approx(message["t"], abs=1e-6)
        assert number == message["channel"]
        assert frame.ids[0] == int(message["id"], 16)
        told = {
            "remote": REMOTE,
            "error": ERROR,
            "fd": FD,
            "brs": BRS,
            "esi": ESI,
        }
        assert {k: bool(flags & bit) for k, bit in told.items()} == {
            k: message[k] for k in told
        }
        assert bool(flags & OWN) != message["rx"]
        # The peer calls every error frame extended: that is only its default.
        assert bool(flags & EXTENDED) == (message["ext"] and not message["error"])
        length = int(frame.length[0])
        if message["remote"]:
            assert length == message["dlc"]
            continue
        # Where the peer's length is not that of its data (32 with 8 bytes in
        # issue_1299, 51 in test_CanMessage.blf), the bytes that are there count.
        assert length == len(message["data"]) // 2
        assert frame.data[0, :length].tobytes().hex().upper() == message["data"]


CAPTURES = {
    "scapy-canfd": "canfd.pcap.gz",
    "scapy-ecu-trace": "ecu_trace.pcap.gz",
    "scapy-gmlan-trace": "gmlan_trace.pcap.gz",
}


@pytest.mark.parametrize("name", CAPTURES)
def test_captures_give_the_frames_that_scapy_reads(
    shared_data: Path, tmp_path: Path, name: str
):
    folder = shared_data / "uds" / name
    expected = expected_of(folder)

    shown = imported(tmp_path / "rec", f"CAN={folder / CAPTURES[name]}")

    assert_overview(tmp_path / "rec", shown, expected["overview"])
    counts = {
        f"{int(each['id'], 16):03X}": each["count"] for each in shown["identifiers"]
    }
    assert counts == expected["ids"]
    frames = open_recording(tmp_path / "rec").frames("CAN")
    with gzip.open(folder / "frames.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    for n, row in enumerate(rows):
        assert frames.ids[n] == int(row["id"], 16)
        payload = frames.data[n, : frames.length[n]].tobytes()
        assert payload.hex().upper() == row["data"]


def test_a_cooked_capture_says_what_was_sent_which_scapy_does_not_read(
    shared_data: Path,
):
    """The set calls all four frames received; the capture holds two sent ones."""
    log = read_log(shared_data / "uds/scapy-canfd/canfd.pcap.gz")

    assert ((log.channels[0].flags & OWN) != 0).tolist().count(True) == 2


def test_a_capture_in_the_wrong_byte_order_is_turned_round_as_a_whole(
    shared_data: Path,
):
    """0x3C9 read the wrong way round would pass for an extended remote frame."""
    log = read_log(shared_data / "uds/scapy-gmlan-trace/gmlan_trace.pcap.gz")

    frames = log.channels[0]
    assert not frames.flags.any()
    assert int((frames.ids == 0x3C9).sum()) == 21
