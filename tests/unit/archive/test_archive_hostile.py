"""Bytes that nobody wrote in good faith: an error, soon, and in little memory."""

import json
import shutil
import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examrunner.archive import mcap_records as mcap
from examrunner.archive.columns import columns_of
from examrunner.archive.layout import MOST_RECORDS
from examrunner.archive.origin import Origin
from examrunner.archive.reading import open_recording
from examrunner.archive.segment_file import SegmentFile
from examrunner.archive.topics import camera_topic, can_topic, event_topic
from examrunner.archive.verify import verify
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header, Picture

GOLDEN = Path(__file__).parent / "golden" / "format-1"
ORIGIN = Origin(
    segment=1,
    flush=0,
    previous="0" * 64,
    header=Header(software={}),
    channels=("CH1",),
    cameras=("front",),
)


def everything(path: Path) -> object:
    """All that a recording offers, to compare."""
    recording = open_recording(path)
    return (
        recording.header,
        recording.events(),
        recording.attachments(),
        [list(recording.pictures(camera)) for camera in recording.cameras],
        {key: f.data.tobytes() for key, f in columns_of(recording).items()},
        [recording.frames(channel).t_ns.tolist() for channel in recording.channels],
    )


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = tmp_path_factory.mktemp("truth") / "rec"
    shutil.copytree(GOLDEN, folder)
    return everything(folder)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_recording_gives_an_error_or_only_true_content(
    tmp_path: Path, truth: object, data: st.DataObject
):
    shutil.rmtree(tmp_path / "rec", ignore_errors=True)
    shutil.copytree(GOLDEN, tmp_path / "rec")
    path = (
        tmp_path
        / "rec"
        / data.draw(st.sampled_from(sorted(p.name for p in GOLDEN.iterdir())))
    )
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )
    path.write_bytes(content)

    try:
        found = everything(tmp_path / "rec")
    except RecordingError:
        found = truth
        assert not verify(tmp_path / "rec").holds
    assert found == truth


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_bytes_as_a_segment_are_an_error(tmp_path: Path, content: bytes):
    folder = tmp_path / "any"
    folder.mkdir(exist_ok=True)
    (folder / "segment-0001.mcap").write_bytes(mcap.MAGIC + content)

    with pytest.raises(RecordingError):
        everything(folder)


@pytest.mark.parametrize(
    "length", [2**63, 2**64 - 1, 2**40, 2**31], ids=["2^63", "2^64-1", "2^40", "2^31"]
)
@pytest.mark.parametrize("opcode", [mcap.MESSAGE, mcap.METADATA, mcap.ATTACHMENT])
def test_a_lying_length_costs_no_memory(tmp_path: Path, opcode: int, length: int):
    folder = tmp_path / "rec"
    folder.mkdir()
    (folder / "segment-0001.mcap").write_bytes(
        mcap.MAGIC + struct.pack("<BQ", opcode, length) + b"rest"
    )
    tracemalloc.start()
    with pytest.raises(RecordingError):
        everything(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4_000_000


def chained(folder: Path, *messages: tuple[object, bytes]) -> Path:
    """An unclosed recording with a right chain around wrong messages."""
    folder.mkdir()
    segment = SegmentFile(folder, ORIGIN, sync=False)
    for topic, data in messages:
        segment.message(topic, 0, 0, data)
    segment.flush()
    segment.release()
    return folder


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff" * 400,
        b"\0" * 328,
        struct.pack("<64xq", 2**62) + bytes(400),
        struct.pack("<64xq", -1) + bytes(400),
    ],
)
def test_a_batch_that_lies_about_its_rows_is_refused(tmp_path: Path, message: bytes):
    folder = chained(tmp_path / "rec", (can_topic("CH1", 8), message))

    with pytest.raises(RecordingError, match="batch of frames"):
        open_recording(folder).frames("CH1")


@pytest.mark.parametrize(
    "message", [b"", b"\xff" * 30, b"\x12\xff\xff\xff\x7f", b"\x08\x01", b"\x0b\x01"]
)
def test_a_malformed_picture_is_refused(tmp_path: Path, message: bytes):
    folder = chained(tmp_path / "rec", (camera_topic("front"), message))

    with pytest.raises(RecordingError, match="picture"):
        list(open_recording(folder).pictures("front"))


@pytest.mark.parametrize(
    "message", [b"", b"[]", b"{}", b"[" * 100_000, b'{"t_ns":1,"number":0,"body":[]}']
)
def test_a_malformed_event_is_refused(tmp_path: Path, message: bytes):
    folder = chained(tmp_path / "rec", (event_topic("ops"), message))

    with pytest.raises(RecordingError, match="event"):
        open_recording(folder).events()


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[" * 200_000, b'{"manifest": {}}', b"{}", b" " * (5 << 20)],
)
def test_a_malformed_manifest_is_an_error_and_a_finding(tmp_path: Path, content: bytes):
    shutil.copytree(GOLDEN, tmp_path / "rec")
    (tmp_path / "rec" / "manifest.json").write_bytes(content)

    with pytest.raises(RecordingError, match="manifest"):
        open_recording(tmp_path / "rec")
    assert verify(tmp_path / "rec").problems[0].file == "manifest.json"


def test_a_manifest_of_a_billion_flushes_is_answered_at_once(tmp_path: Path):
    with RecordingWriter(
        tmp_path / "rec", Header(software={}), channels=[], cameras=[]
    ) as writer:
        writer.close(Ending.FINISHED, "", 0)
    manifest = tmp_path / "rec" / "manifest.json"
    document = json.loads(manifest.read_bytes())
    document["manifest"]["segments"][0]["flushes"] = 10**9
    document["manifest"]["segments"][0]["sha256"] = "0" * 64
    manifest.write_text(
        json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    )

    assert not verify(tmp_path / "rec").holds


def test_millions_of_empty_records_are_not_followed(tmp_path: Path):
    folder = chained(tmp_path / "rec")
    empty = mcap.record(mcap.MESSAGE, mcap.MESSAGE_HEAD.pack(2, 0, 0, 0))
    channel = mcap.channel(2, 0, "events/ops", "json", {})
    with (folder / "segment-0001.mcap").open("ab") as file:
        file.write(channel + empty * (MOST_RECORDS + 10))

    (_, torn) = verify(folder).problems

    assert "more records" in torn.text
    assert torn.flush == 2


def test_a_name_that_is_no_recording_is_an_error(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("hello")

    for name in ("empty", "text", "nothing"):
        with pytest.raises(RecordingError):
            open_recording(tmp_path / name)


def test_a_disk_that_refuses_stops_the_writer_and_loses_nothing(tmp_path: Path):
    """The limit on a file's size stands for a full disk: the write fails half-way."""
    resource = pytest.importorskip("resource")
    options = {"channels": ["CH1"], "cameras": ["front"]}
    header = Header(attempt_id="a", software={})
    frames = Frames.of([(n, 1, 0, bytes(8)) for n in range(100)])
    writer = RecordingWriter(tmp_path / "rec", header, **options)
    writer.frames("CH1", frames)
    size = (tmp_path / "rec" / "segment-0001.mcap").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, before[1]))
    try:
        with pytest.raises(RecordingError, match="disk refused"):
            writer.frames("CH1", frames)
        with pytest.raises(RecordingError, match="not open any more"):
            writer.frames("CH1", frames)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with RecordingWriter(tmp_path / "rec", header, **options) as again:
        again.picture(
            Picture(
                t_ns=1,
                stream="front",
                name="a",
                purpose="still",
                media_type="image/png",
                data=b"x",
            )
        )
        again.close(Ending.FINISHED, "", 200)

    assert len(open_recording(tmp_path / "rec").frames("CH1")) == 100
    assert verify(tmp_path / "rec").holds
