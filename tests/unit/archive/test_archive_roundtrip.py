from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from examrunner.archive.flushing import FlushingFrames
from examrunner.archive.reading import open_recording
from examrunner.archive.verify import verify
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header, Picture

HEADER = Header(
    attempt_id="0193-a", station="stand-1", nonce="c0ffee", software={"examrunner": "0"}
)
SHORT = Frames.of([(5, 0x123, 0, b"\x01\x02"), (9, 0x1ABCDEFF, 1, b"")])
LONG = Frames.of([(11, 0x200, 8 | 16, bytes(range(64)))])
PICTURE = Picture(
    t_ns=1_500_000_007,
    stream="front",
    name="still-0001",
    purpose="still",
    media_type="image/png",
    data=b"\x89PNG and so on" * 100,
)


def writer(folder: Path, **changes: object) -> RecordingWriter:
    options = {"channels": ["CH1", "CH2"], "cameras": ["front"], **changes}
    return RecordingWriter(folder, HEADER, **options)


def same(left: Frames, right: Frames) -> bool:
    return all(
        np.array_equal(getattr(left, name), getattr(right, name))
        for name in ("t_ns", "ids", "flags", "length", "data")
    )


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    with writer(tmp_path / "rec", key=Ed25519PrivateKey.generate()) as recording:
        recording.attach("rubric.yaml", "application/yaml", b"id: C06\n")
        recording.frames("CH1", SHORT)
        recording.event(3, "ops", {"op": "start"})
        recording.frames("CH1", LONG)
        recording.picture(PICTURE)
        recording.event(4, "form", {"field": "gain", "value": "1,5 Ω"})
        recording.close(Ending.FINISHED, "The candidate handed in.", 2_000_000_000)
    return tmp_path / "rec"


def test_what_was_written_is_read(closed: Path):
    recording = open_recording(closed)

    assert recording.header == HEADER
    assert recording.ending is Ending.FINISHED
    assert recording.reason == "The candidate handed in."
    assert recording.duration_ns == 2_000_000_000
    assert (recording.channels, recording.cameras) == (("CH1", "CH2"), ("front",))
    assert same(recording.frames("CH1"), Frames.concatenate([SHORT, LONG]))
    assert len(recording.frames("CH2")) == 0
    assert list(recording.pictures("front")) == [PICTURE]
    assert [(e.number, e.stream, e.t_ns) for e in recording.events()] == [
        (0, "ops", 3),
        (1, "form", 4),
    ]
    assert recording.events("form")[0].body == {"field": "gain", "value": "1,5 Ω"}
    assert recording.attachments() == {"rubric.yaml": b"id: C06\n"}


def test_an_unclosed_recording_is_read_up_to_its_last_flush(tmp_path: Path):
    with writer(tmp_path / "rec") as recording:
        recording.frames("CH1", SHORT)

    found = open_recording(tmp_path / "rec")

    assert found.ending is None
    assert found.header == HEADER
    assert same(found.frames("CH1"), SHORT)


def test_writing_goes_on_in_a_new_segment_after_a_restart(tmp_path: Path):
    with writer(tmp_path / "rec") as before:
        before.frames("CH1", SHORT)
        before.event(1, "ops", {"op": "start"})
    with (tmp_path / "rec" / "segment-0001.mcap").open("ab") as torn:
        torn.write(b"\x05half a record")
    with writer(tmp_path / "rec") as after:
        event = after.event(12, "ops", {"op": "resume"})
        after.frames("CH1", LONG)
        after.close(Ending.TIME_UP, "Time was up.", 20)

    found = open_recording(tmp_path / "rec")

    assert event.number == 1
    assert same(found.frames("CH1"), Frames.concatenate([SHORT, LONG]))
    assert found.signed is not None
    (lost,) = found.signed.manifest.lost
    assert (lost.segment, lost.bytes) == ("segment-0001.mcap", 14)


def test_a_segment_that_a_crash_left_empty_is_no_obstacle(tmp_path: Path):
    (tmp_path / "rec").mkdir()
    (tmp_path / "rec" / "segment-0001.mcap").write_bytes(b"")
    with writer(tmp_path / "rec") as recording:
        recording.frames("CH1", SHORT)
        recording.close(Ending.FINISHED, "", 20)

    assert same(open_recording(tmp_path / "rec").frames("CH1"), SHORT)
    assert verify(tmp_path / "rec").holds


def test_frames_are_gathered_into_flushes_of_100_ms_or_4096(tmp_path: Path):
    def frame(t_ns: int) -> Frames:
        return Frames.of([(t_ns, 1, 0, b"")])

    with writer(tmp_path / "rec", sync=False) as recording:
        front = FlushingFrames(recording, "CH1")
        flushed = []
        for t_ms in (0, 40, 99, 100, 150, 260):
            front.add(frame(t_ms * 1_000_000))
            flushed.append(len(open_recording(tmp_path / "rec").frames("CH1")))
        front.add(Frames.concatenate([frame(261_000_000)] * 4096))
        flushed.append(len(open_recording(tmp_path / "rec").frames("CH1")))
        front.add(frame(262_000_000))
        front.flush()
        flushed.append(len(open_recording(tmp_path / "rec").frames("CH1")))

    assert flushed == [0, 0, 0, 4, 4, 6, 4102, 4103]


def test_a_full_segment_is_followed_by_a_new_one(tmp_path: Path):
    with writer(tmp_path / "rec", segment_bytes=3000) as recording:
        for _ in range(20):
            recording.frames("CH1", SHORT)
        recording.close(Ending.FINISHED, "", 100)

    found = open_recording(tmp_path / "rec")

    assert found.signed is not None
    assert len(found.signed.manifest.segments) > 2
    assert found.signed.manifest.lost == ()
    assert same(found.frames("CH1"), Frames.concatenate([SHORT] * 20))


@pytest.mark.parametrize(
    ("header", "channels", "problem"),
    [
        (Header(attempt_id="other", software={}), ["CH1", "CH2"], "holds attempt"),
        (HEADER, ["CH1"], "was opened with channels"),
    ],
)
def test_another_attempt_cannot_be_written_into_the_same_folder(
    tmp_path: Path, header: Header, channels: list[str], problem: str
):
    writer(tmp_path / "rec").abandon()

    with pytest.raises(RecordingError, match=problem):
        RecordingWriter(tmp_path / "rec", header, channels=channels, cameras=["front"])


def test_a_closed_recording_takes_nothing_more(closed: Path):
    with pytest.raises(RecordingError, match="is closed"):
        writer(closed)


def test_what_a_recording_lacks_is_named_with_what_it_has(closed: Path):
    with pytest.raises(RecordingError, match=r"no CAN channel 'CH3'[\s\S]*CH1, CH2"):
        open_recording(closed).frames("CH3")


def test_a_batch_of_more_frames_than_a_message_holds_is_split(tmp_path: Path):
    many = Frames(
        t_ns=np.arange(150_000, dtype=np.int64),
        ids=np.arange(150_000, dtype=np.uint32),
        flags=np.zeros(150_000, np.uint8),
        length=np.full(150_000, 8, np.uint8),
        data=np.zeros((150_000, 8), np.uint8),
    )
    with writer(tmp_path / "rec", sync=False) as recording:
        recording.frames("CH2", many)
        recording.close(Ending.IMPORTED, "", 150_000)

    assert same(open_recording(tmp_path / "rec").frames("CH2"), many)


@given(
    rows=st.lists(
        st.tuples(
            st.integers(-(2**63), 2**63 - 1),
            st.integers(0, 2**29 - 1),
            st.integers(0, 127),
            st.binary(max_size=64),
        )
    )
)
def test_any_frames_survive(tmp_path_factory: pytest.TempPathFactory, rows: list):
    folder = tmp_path_factory.mktemp("any") / "rec"
    frames = Frames.of(rows)
    with writer(folder, sync=False) as recording:
        recording.frames("CH1", frames)
        recording.close(Ending.FINISHED, "", 0)

    found = open_recording(folder).frames("CH1")

    assert same(found, frames) or len(rows) == 0
