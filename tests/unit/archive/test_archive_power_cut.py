"""What a disk holds at one instant, while a writer goes on.

A loop device is stopped in mid-work by copying its image: unsynced pages of the file
system inside are not in it, as after a power cut. Needs root; where a file system
cannot be mounted the test says so.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from examrunner.archive.reading import open_recording
from examrunner.archive.recover import recover
from examrunner.model.errors import RecordingError

pytestmark = pytest.mark.slow

WRITER = """
import sys
from pathlib import Path
from examrunner.archive.writer import RecordingWriter
from examrunner.model.frames import Frames
from examrunner.model.recording import Header

writer = RecordingWriter(
    Path(sys.argv[1]), Header(attempt_id="a", software={}), channels=["CH1"],
    cameras=[], sync=sys.argv[2] == "sync", segment_bytes=30_000,
)
number = 0
while True:
    writer.frames("CH1", Frames.of([(number, 1, 0, bytes(8))] * 20))
    number += 1
    print(number, flush=True)
"""


def run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    at.mkdir(exist_ok=True)
    run("mount", "-o", "loop,commit=600", image, at)
    try:
        yield at
    finally:
        run("umount", at)


def formatted(image: Path) -> None:
    run("mkfs.ext4", "-q", "-F", image)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(32 << 20)
    try:
        formatted(path)
        with mounted(path, tmp_path / "probe"):
            pass
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no loop device can be mounted here: {error}")
    return path


def cut_after(image: Path, acknowledged: int, mode: str) -> tuple[Path, int]:
    """The disk at one instant, and what the writer had acknowledged by then."""
    copy = image.with_name("cut.img")
    formatted(image)  # an earlier writer's files would be taken for this one's
    with mounted(image, image.with_name("live")) as live:
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(live / "rec"), mode],
            stdout=subprocess.PIPE,
            text=True,
        )
        with child:
            for line in child.stdout:
                if int(line) >= acknowledged:
                    break
            # Without the stop the copy would be of no single moment.
            child.send_signal(signal.SIGSTOP)
            shutil.copyfile(image, copy)
            child.send_signal(signal.SIGKILL)
            rest = [x for x in child.stdout.read().splitlines(True) if x.endswith("\n")]
    return copy, int((rest or [line])[-1])


def kept_in(copy: Path) -> int:
    """Batches that recovery finds on the disk."""
    with mounted(copy, copy.with_name("after")) as after:
        try:
            recover(after / "rec", software={})
        except RecordingError:
            return 0
        numbers = np.unique(open_recording(after / "rec").frames("CH1").t_ns)
    assert numbers.tolist() == list(range(len(numbers)))
    return len(numbers)


@pytest.mark.parametrize("acknowledged", [1, 3, 17, 40, 90, 200])
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    image: Path, acknowledged: int
):
    copy, promised = cut_after(image, acknowledged, "sync")

    assert kept_in(copy) >= promised


def test_the_power_cut_is_real_because_an_unsynced_writer_loses(image: Path):
    for more in range(20):  # a cut just after the end of a segment loses nothing
        copy, promised = cut_after(image, 200 + 7 * more, "unsynced")
        if kept_in(copy) < promised:
            return
    pytest.fail("20 cuts of an unsynced writer lost nothing")
