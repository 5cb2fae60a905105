"""Every bit and every length of what a station wrote of an exam.

A recording that a crash left open is the journal of an attempt: nothing but its own
chain says whether it is as it was written.
"""

import json
import random
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from examrunner.archive.layout import DIGITS, segment_name
from examrunner.archive.mcap_records import MESSAGE
from examrunner.archive.reading import open_recording
from examrunner.archive.recover import recover
from examrunner.archive.salvage import salvaged
from examrunner.archive.scan import DamageError, records, scan
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Header

SIZE = 50_000
FLUSHES = 14
LONGEST_CHAIN_TEXT = DIGITS + 24


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An unclosed segment of 50 KB: frames, answers, operations."""
    folder = tmp_path_factory.mktemp("journal") / "recording"
    chance = random.Random(1)
    with RecordingWriter(
        folder, Header(attempt_id="a", software={}), channels=["CH1"], cameras=[]
    ) as writer:
        for number in range(FLUSHES - 1):
            rows = [(n, 0x123, 0, chance.randbytes(8)) for n in range(135)]
            if number % 3:
                writer.frames("CH1", Frames.of(rows))
            else:
                value = chance.randbytes(2000).hex()
                writer.event(number, "form", {"field": "a", "value": value})
    content = (folder / segment_name(1)).read_bytes()
    assert abs(len(content) - SIZE) < 8_000
    return content


def ends(segment: bytes) -> list[int]:
    """One past the last byte of each flush."""
    view = memoryview(segment)
    whole = scan(view)
    assert whole.flushes == FLUSHES
    found = [
        end
        for opcode, start, end in _records(view)
        if opcode == MESSAGE and b'{"flush":' in bytes(view[start:end][:40])
    ]
    assert found[-1] == whole.kept_bytes == len(segment)
    return found


def _records(view: memoryview) -> Iterator[tuple[int, int, int]]:
    with suppress(DamageError):  # it was never closed
        yield from records(view, 8)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_flipped_bit_is_noticed_and_all_before_it_is_used(
    segment: bytes,
) -> None:
    bounds = ends(segment)
    altered = bytearray(segment)
    view = memoryview(altered)
    wrong = []
    for at in range(len(segment)):
        flush = bisect_right(bounds, at)
        for bit in range(8):
            altered[at] ^= 1 << bit
            found = scan(view)
            if (found.flushes, bool(found.problem)) != (flush, True):
                wrong.append((at, bit, found.flushes, flush))
            altered[at] ^= 1 << bit
    assert wrong == []


@pytest.mark.slow
def test_behind_every_damaged_byte_whole_flushes_are_salvaged(segment: bytes) -> None:
    bounds = ends(segment)
    altered = bytearray(segment)
    view = memoryview(altered)
    wrong = []
    for at in range(len(segment)):
        flush = bisect_right(bounds, at)
        altered[at] ^= 1 << at % 8
        start = bounds[flush - 1] if flush else 0
        found = [each.flush for each in salvaged(view, start)]
        altered[at] ^= 1 << at % 8
        # A damaged chain record is also what the next flush is compared with.
        in_record = at >= bounds[flush] - LONGEST_CHAIN_TEXT
        expected = range(flush + (2 if in_record else 1), FLUSHES)
        if found[-len(expected) :] != list(expected) and len(expected):
            wrong.append((at, found, list(expected)))
        if len(found) > len(expected) + in_record or flush in found:
            wrong.append((at, found, list(expected)))
    assert wrong == []


@pytest.mark.slow
def test_every_truncation_keeps_all_whole_flushes_before_it(segment: bytes) -> None:
    bounds = ends(segment)
    view = memoryview(segment)
    for length in range(len(segment)):
        found = scan(view[:length])
        assert found.flushes == bisect_right(bounds, length)
        assert found.kept_bytes == (bounds[found.flushes - 1] if found.flushes else 0)


def test_recovery_says_what_is_salvaged_and_deletes_nothing(
    segment: bytes, tmp_path: Path
) -> None:
    bounds = ends(segment)
    damaged = bytearray(segment)
    damaged[bounds[4] + 100] ^= 1
    folder = tmp_path / "recording"
    folder.mkdir()
    (folder / segment_name(1)).write_bytes(damaged)
    recovery = recover(folder, software={})
    assert recovery.flushes == 5
    assert recovery.salvaged == FLUSHES - 6
    assert (folder / segment_name(1)).read_bytes() == bytes(damaged)
    assert open_recording(folder).chain.flushes == 5


def test_writing_goes_on_in_a_new_segment_behind_a_damaged_one(
    segment: bytes, tmp_path: Path
) -> None:
    bounds = ends(segment)
    damaged = bytearray(segment)
    damaged[bounds[4] + 100] ^= 1
    folder = tmp_path / "recording"
    folder.mkdir()
    (folder / segment_name(1)).write_bytes(damaged)
    with RecordingWriter(
        folder, Header(attempt_id="a", software={}), channels=["CH1"], cameras=[]
    ) as writer:
        writer.event(99, "form", {"field": "b", "value": 1})
    fields = [e.body["field"] for e in open_recording(folder).events("form")]
    assert fields[-1] == "b"
    assert (folder / segment_name(1)).read_bytes() == bytes(damaged)


def test_a_recording_of_which_nothing_is_whole_is_kept_and_refused(
    segment: bytes, tmp_path: Path
) -> None:
    folder = tmp_path / "recording"
    folder.mkdir()
    content = json.dumps("nothing").encode()
    (folder / segment_name(1)).write_bytes(content)
    with pytest.raises(RecordingError, match="no whole flush"):
        recover(folder, software={})
    assert (folder / segment_name(1)).read_bytes() == content
