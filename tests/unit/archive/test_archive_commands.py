import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examrunner.archive.keys import generate_key
from examrunner.archive.writer import RecordingWriter
from examrunner.cli.recording import app
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header

HEADER = Header(attempt_id="a", software={"examrunner": "0"})


def run(*arguments: object) -> tuple[int, dict]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, json.loads(result.stdout) if result.stdout else {}


@pytest.fixture
def rec(tmp_path: Path) -> Path:
    key = generate_key(tmp_path / "key.pem")
    with RecordingWriter(
        tmp_path / "rec", HEADER, channels=["CH1"], cameras=[], key=key
    ) as writer:
        writer.frames("CH1", Frames.of([(1, 2, 0, b"\x03")]))
        writer.close(Ending.FINISHED, "", 5)
    return tmp_path / "rec"


def test_verify_says_yes_and_by_whom(rec: Path, tmp_path: Path):
    status, found = run("verify", rec, "--key", tmp_path / "key.pem.pub")

    assert status == 0
    assert found["holds"]
    assert len(found["signer"]) == 64
    assert found["problems"] == []


def test_verify_says_no_with_status_1_and_where(rec: Path):
    segment = rec / "segment-0001.mcap"
    content = bytearray(segment.read_bytes())
    content[100] ^= 1
    segment.write_bytes(content)

    status, found = run("verify", rec)

    assert status == 1
    (problem,) = found["problems"]
    assert (problem["file"], problem["flush"]) == ("segment-0001.mcap", 0)
    assert problem["from_byte"] <= 100 < problem["to_byte"]


def test_a_name_without_a_recording_is_unusable_input(tmp_path: Path):
    result = CliRunner().invoke(app, ["verify", str(tmp_path / "nothing")])

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 3


def test_recover_closes_what_a_crash_left(tmp_path: Path):
    with RecordingWriter(
        tmp_path / "rec", HEADER, channels=["CH1"], cameras=[]
    ) as writer:
        writer.frames("CH1", Frames.of([(7, 2, 0, b"\x03")]))
    with (tmp_path / "rec" / "segment-0001.mcap").open("ab") as torn:
        torn.write(b"torn")

    status, found = run("recover", tmp_path / "rec")

    assert status == 0
    assert (found["flushes"], found["duration_ns"]) == (2, 7)
    assert found["lost"][0]["bytes"] == 4
    assert run("verify", tmp_path / "rec")[0] == 0


def test_pack_and_unpack_name_what_they_made(rec: Path, tmp_path: Path):
    status, packed = run("pack", rec)
    assert status == 0
    assert packed["file"] == str(tmp_path / "rec.tar")

    status, unpacked = run("unpack", packed["file"], "--out", tmp_path / "again")
    assert status == 0
    assert unpacked == {"digest": packed["digest"], "folder": str(tmp_path / "again")}
