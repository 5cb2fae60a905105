import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.archive.reading import open_recording
from examrunner.archive.recover import recover
from examrunner.archive.verify import verify
from examrunner.archive.writer import RecordingWriter
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header

SOFTWARE = {"examrunner": "0"}
FLUSHES = 12
SEGMENT = "segment-0001.mcap"


def batch(number: int) -> Frames:
    return Frames.of([(number * 10 + n, n, 0, bytes([number])) for n in range(3)])


@pytest.fixture(scope="module")
def unclosed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[int]]:
    """Bytes of an unclosed segment and its size after each flush."""
    folder = tmp_path_factory.mktemp("crash") / "rec"
    header = Header(attempt_id="a", software=SOFTWARE)
    sizes = []
    with RecordingWriter(folder, header, channels=["CH1"], cameras=[]) as writer:
        sizes.append((folder / SEGMENT).stat().st_size)
        for number in range(FLUSHES):
            writer.frames("CH1", batch(number))
            sizes.append((folder / SEGMENT).stat().st_size)
    return (folder / SEGMENT).read_bytes(), sizes


def survives(folder: Path, content: bytes, kept: int) -> None:
    """Recovering ``content`` keeps exactly ``kept`` batches, and no byte changes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / SEGMENT).write_bytes(content)

    found = recover(folder, software=SOFTWARE)

    recording = open_recording(folder)
    expected = Frames.concatenate([batch(n) for n in range(kept)])
    assert recording.ending is Ending.POWER_LOST
    assert np.array_equal(recording.frames("CH1").t_ns, expected.t_ns)
    assert np.array_equal(recording.frames("CH1").data, expected.data)
    assert (folder / SEGMENT).read_bytes() == content
    assert verify(folder).holds
    assert sum(lost.bytes for lost in found.lost) == len(content) - (
        recording.signed.manifest.segments[0].kept_bytes
    )


def test_a_cut_at_each_flush_boundary_loses_only_what_was_not_acknowledged(
    tmp_path: Path, unclosed: tuple[bytes, list[int]]
):
    content, sizes = unclosed
    for kept, size in enumerate(sizes):
        survives(tmp_path / "rec", content[:size], kept)
        survives(tmp_path / "rec", content[: size + 1], kept)
        if kept:
            survives(tmp_path / "rec", content[: size - 1], kept - 1)


def test_a_cut_inside_the_first_flush_leaves_nothing_to_recover(
    tmp_path: Path, unclosed: tuple[bytes, list[int]]
):
    content, sizes = unclosed
    for size in range(0, sizes[0], 13):
        folder = tmp_path / f"cut-{size}"
        folder.mkdir()
        (folder / SEGMENT).write_bytes(content[:size])

        with pytest.raises(RecordingError, match="no whole flush"):
            recover(folder, software=SOFTWARE)
        with pytest.raises(RecordingError):
            open_recording(folder).frames("CH1")


@settings(max_examples=150)
@given(data=st.data())
def test_after_any_cut_followed_by_any_rubbish_the_flushes_before_it_are_kept(
    tmp_path_factory: pytest.TempPathFactory,
    unclosed: tuple[bytes, list[int]],
    data: st.DataObject,
):
    content, sizes = unclosed
    cut = data.draw(st.integers(sizes[0], len(content)))
    rubbish = data.draw(st.binary(max_size=60))
    kept = sum(size <= cut for size in sizes) - 1

    survives(tmp_path_factory.mktemp("any") / "rec", content[:cut] + rubbish, kept)


def test_a_flipped_byte_costs_its_flush_and_what_follows_but_nothing_before(
    tmp_path: Path, unclosed: tuple[bytes, list[int]]
):
    content, sizes = unclosed
    for at in range(sizes[0], len(content), 5):
        damaged = bytearray(content)
        damaged[at] ^= 0x20
        kept = sum(size <= at for size in sizes) - 1

        survives(tmp_path / "rec", bytes(damaged), kept)


def test_a_closed_recording_is_not_recovered(tmp_path: Path):
    header = Header(attempt_id="a", software=SOFTWARE)
    with RecordingWriter(tmp_path / "rec", header, channels=[], cameras=[]) as writer:
        writer.close(Ending.FINISHED, "", 0)

    with pytest.raises(RecordingError, match="no unclosed recording"):
        recover(tmp_path / "rec", software=SOFTWARE)


def test_threads_write_into_one_recording_at_once(tmp_path: Path):
    header = Header(attempt_id="a", software=SOFTWARE)
    with RecordingWriter(
        tmp_path / "rec",
        header,
        channels=["CH1", "CH2"],
        cameras=[],
        segment_bytes=20_000,
    ) as writer:

        def write(channel: str) -> None:
            for number in range(60):
                writer.frames(channel, batch(number))
                writer.event(number, "ops", {"op": channel})

        threads = [threading.Thread(target=write, args=(c,)) for c in ("CH1", "CH2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        writer.close(Ending.FINISHED, "", 1000)

    recording = open_recording(tmp_path / "rec")
    expected = Frames.concatenate([batch(n) for n in range(60)])
    assert verify(tmp_path / "rec").holds
    for channel in ("CH1", "CH2"):
        assert np.array_equal(recording.frames(channel).t_ns, expected.t_ns)
    assert [event.number for event in recording.events()] == list(range(120))


WRITER = """
import sys
from pathlib import Path
from examrunner.archive.writer import RecordingWriter
from examrunner.model.frames import Frames
from examrunner.model.recording import Header

header = Header(attempt_id="a", software={})
writer = RecordingWriter(Path(sys.argv[1]), header, channels=["CH1"], cameras=[])
number = 0
while True:
    rows = [(number, 1, 0, number.to_bytes(4, "big"))] * 50
    writer.frames("CH1", Frames.of(rows))
    number += 1
    print(number, flush=True)
"""


def killed_after(folder: Path, acknowledged: int, extra_s: float) -> int:
    """Kills a writing process with SIGKILL; gives what it had acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with child:
        last = 0
        for line in child.stdout:
            last = int(line)
            if last >= acknowledged:
                break
        threading.Event().wait(extra_s)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().splitlines(keepends=True)
    return max([last, *(int(line) for line in rest if line.endswith("\n"))])


def nothing_acknowledged_is_lost(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged = killed_after(folder, chance.randrange(1, 40), chance.random() / 50)

    recover(folder, software=SOFTWARE)

    numbers = open_recording(folder).frames("CH1").t_ns
    kept, counts = np.unique(numbers, return_counts=True)
    assert kept.tolist() == list(range(len(kept)))
    assert set(counts.tolist()) == {50}
    assert len(kept) >= acknowledged


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path):
    for seed in range(3):
        nothing_acknowledged_is_lost(tmp_path / f"rec-{seed}", seed)


@pytest.mark.slow
def test_a_writer_killed_at_many_moments_loses_nothing(tmp_path: Path):
    for seed in range(100, 200):
        nothing_acknowledged_is_lost(tmp_path / f"rec-{seed}", seed)


class Syncs:
    """What each file held when it was last synced; the next sync may fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: dict[int, int] = {}
        self.fails = False
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, descriptor: int) -> None:
        if self.fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self._fsync(descriptor)
        found = os.fstat(descriptor)
        self.sizes[found.st_ino] = found.st_size

    def hold_all_of(self, path: Path) -> bool:
        found = path.stat()
        return self.sizes.get(found.st_ino, 0) == found.st_size


def a_failed_sync(folder: Path, syncs: Syncs) -> bytes:
    """A recording whose last flush is in the memory of the system only."""
    header = Header(attempt_id="a", software=SOFTWARE)
    with RecordingWriter(folder, header, channels=["CH1"], cameras=[]) as writer:
        writer.event(1, "form", {"field": "a", "value": 1})
        syncs.fails = True
        with pytest.raises(RecordingError, match="the disk refused"):
            writer.event(2, "form", {"field": "b", "value": 2})
        syncs.fails = False
    assert not syncs.hold_all_of(folder / SEGMENT)
    return (folder / SEGMENT).read_bytes()


def test_writing_goes_on_only_after_bytes_that_are_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, syncs = tmp_path / "rec", Syncs(monkeypatch)
    content = a_failed_sync(folder, syncs)
    header = Header(attempt_id="a", software=SOFTWARE)
    with RecordingWriter(folder, header, channels=["CH1"], cameras=[]):
        assert syncs.hold_all_of(folder / SEGMENT)
    assert (folder / SEGMENT).read_bytes() == content


def test_a_recording_is_recovered_only_from_bytes_that_are_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, syncs = tmp_path / "rec", Syncs(monkeypatch)
    content = a_failed_sync(folder, syncs)
    recover(folder, software=SOFTWARE)
    assert syncs.hold_all_of(folder / SEGMENT)
    assert (folder / SEGMENT).read_bytes() == content
