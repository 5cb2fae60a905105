from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.archive.column_file import PAGE_BYTES, checksum
from examrunner.archive.columns import cache_path, columns_of, errors_of, remotes_of
from examrunner.archive.reading import Recording, open_recording
from examrunner.archive.writer import RecordingWriter
from examrunner.model.frames import ERROR, EXTENDED, FD, REMOTE, Frames
from examrunner.model.recording import Ending, Header

SECOND = 1_000_000_000


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    options = {"channels": ["CH1", "CH2"], "cameras": [], "sync": False}
    with RecordingWriter(tmp_path / "rec", Header(software={}), **options) as writer:
        writer.frames(
            "CH1",
            Frames.of(
                [
                    (0, 0x10, 0, b"\x05\x01"),
                    (1, 0x20, FD, bytes(range(48))),
                    (2, 0x10, EXTENDED, b"\x09"),
                    (3, 0x04, ERROR, b"\0" * 8),
                    (4, 0x10, REMOTE, b""),
                    (SECOND - 1, 0x10, 0, b"\x03\x02"),
                    (SECOND, 0x10, 0, b"\x07\x07"),
                ]
            ),
        )
        writer.frames("CH2", Frames.of([(5, 0x10, 0, b"\x01")]))
        writer.close(Ending.FINISHED, "", 2 * SECOND)
    return open_recording(tmp_path / "rec")


def test_frames_are_laid_out_by_channel_identifier_and_format(recording: Recording):
    columns = columns_of(recording)

    assert list(columns) == [
        ("CH1", 0x10, False),
        ("CH1", 0x20, False),
        ("CH1", 0x10, True),
        ("CH2", 0x10, False),
    ]
    assert columns["CH1", 0x10, False].t_ns.tolist() == [0, SECOND - 1, SECOND]
    assert columns["CH1", 0x10, False].data.shape == (3, 8)
    assert columns["CH1", 0x20, False].data.shape == (1, 64)
    assert columns["CH1", 0x10, True].data[0, 0] == 9


def test_error_and_remote_frames_have_a_place_of_their_own(recording: Recording):
    assert {name: f.t_ns.tolist() for name, f in errors_of(recording).items()} == {
        "CH1": [3]
    }
    assert remotes_of(recording)["CH1"].ids.tolist() == [0x10]


def test_each_second_has_its_smallest_and_largest_bytes(recording: Recording):
    seconds = columns_of(recording).seconds(("CH1", 0x10, False))

    assert seconds.second.tolist() == [0, 1]
    assert seconds.start.tolist() == [0, 2]
    assert seconds.minimum[:, :2].tolist() == [[3, 1], [7, 7]]
    assert seconds.maximum[:, :2].tolist() == [[5, 2], [7, 7]]


def test_an_identifier_that_was_not_received_is_missing_not_empty(
    recording: Recording,
):
    with pytest.raises(KeyError):
        columns_of(recording)["CH1", 0x7FF, False]


def test_every_flipped_byte_of_the_cache_leaves_the_columns_right(
    recording: Recording,
):
    right = {key: frames.data.copy() for key, frames in columns_of(recording).items()}
    whole = cache_path(recording).read_bytes()
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x40
        cache_path(recording).write_bytes(damaged)

        columns = columns_of(recording)

        assert list(columns) == list(right), at
        for key, data in right.items():
            assert np.array_equal(columns[key].data, data), at
            columns.seconds(key)


def test_a_cache_of_another_recording_is_replaced(recording: Recording):
    columns_of(recording)
    cache_path(recording).write_bytes(
        cache_path(recording).read_bytes().replace(b"digest", b"dagest")
    )

    assert len(columns_of(recording)) == 4


@pytest.mark.parametrize("size", [0, 5, 100, -1])
def test_a_cut_cache_is_rebuilt(recording: Recording, size: int):
    columns_of(recording)
    whole = cache_path(recording).read_bytes()
    cache_path(recording).write_bytes(whole[:size])

    columns = columns_of(recording)

    assert columns["CH1", 0x10, False].data[0, 0] == 5
    assert cache_path(recording).read_bytes() == whole


def test_without_a_place_to_write_columns_are_kept_in_memory(recording: Recording):
    (cache_path(recording) / "in-the-way").mkdir(parents=True)

    columns = columns_of(recording)

    assert columns["CH2", 0x10, False].data[0, 0] == 1
    assert sorted(p.name for p in recording.path.parent.iterdir()) == [
        "rec",
        "rec.columns",
    ]


@given(pages=st.integers(1, 3), rest=st.integers(0, 40), data=st.data())
def test_the_cache_checksum_notices_flips_and_exchanged_pages(
    pages: int, rest: int, data: st.DataObject
):
    random = np.random.default_rng(pages * 100 + rest)
    content = bytearray(random.bytes(pages * PAGE_BYTES + rest))
    right = checksum(bytes(content))
    flipped = content.copy()
    flipped[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(
        st.integers(1, 255)
    )
    exchanged = content[PAGE_BYTES:] + content[:PAGE_BYTES]

    assert checksum(bytes(flipped)) != right
    assert checksum(bytes(exchanged)) != right or exchanged == content
