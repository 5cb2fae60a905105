"""Four full 1 Mbit/s buses, a 1080p30 camera and a busy thread: nothing is lost."""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from examrunner.archive.reading import open_recording
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureProcess
from examrunner.model.recording import Ending, Header
from examrunner.model.station import Link
from examrunner.testing.full_buses import speak
from examrunner.testing.mjpeg_peer import MjpegPeer, noisy_jpegs
from examrunner.testing.socketcan_stand_in import StandInBus

SECONDS = int(os.environ.get("EXAMRUNNER_CAPTURE_SECONDS", "60"))
"""600 for the proof by hand."""
CHANNELS = ("CH1", "CH2", "CH3", "CH4")
FULL_HD = (1920, 1080)


def feed(folder: str, seconds: int, talk: Connection) -> None:
    """The rig, in a process of its own."""
    buses = [StandInBus(Path(folder) / name) for name in CHANNELS]
    camera = MjpegPeer(noisy_jpegs(FULL_HD, 7), rate_hz=30)
    talk.send(camera.url)
    talk.recv()
    sent, refused = speak(buses, seconds)
    talk.send((sent, refused, camera.shown))
    talk.recv()
    for bus in buses:
        bus.unplug()
    camera.unplug()


@contextmanager
def rig(folder: Path, seconds: int) -> Iterator[Connection]:
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=feed, args=(str(folder), seconds, theirs))
    process.start()
    try:
        yield ours
        ours.send("done")
        process.join(10)
    finally:
        process.kill()
        process.join()


def processor_s(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_s(capture: CaptureProcess) -> float:
    used = capture.command("state", {}).state["busy_s"]
    assert isinstance(used, float)
    return used


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 120)
def test_four_saturated_buses_a_camera_and_a_busy_thread_lose_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with rig(tmp_path, SECONDS) as talk:
        place = "examrunner.testing.socketcan_stand_in:stand_in"
        camera = Link(
            driver="mjpeg_camera",
            options={"url": talk.recv(), "width_px": 1920, "height_px": 1080},
        )
        plan = Plan(
            folder=tmp_path / "attempt",
            header=Header(software={}),
            can={
                name: Link(driver=place, options={"path": str(tmp_path / name)})
                for name in CHANNELS
            },
            cameras={"front": camera},
            work_area=("front",),
            fault_box=Link(driver="examrunner.testing.busy_box:BusyBox"),
        )
        with CaptureProcess(plan) as capture:
            capture.begin()
            used_s = processor_s(capture.pid) - busy_s(capture)
            began = time.monotonic()
            talk.send("go")
            capture.advance((SECONDS + 2) * 1_000_000_000)
            sent, refused, shown = talk.recv()
            took_s = time.monotonic() - began
            used_s = processor_s(capture.pid) - busy_s(capture) - used_s
            assert capture.health()["losses"] == 0
            capture.end("finished")
            capture.close(Ending.FINISHED, "test")
    share = used_s / took_s
    with capsys.disabled():
        sys.stdout.write(
            f"\n{4 * sent:,} frames of 4 buses in {took_s:.0f} s, {refused} refused, "
            f"{shown} pictures of 1080p: {share:.0%} of one core\n"
        )
    assert refused == 0
    recording = open_recording(tmp_path / "attempt")
    for name in CHANNELS:
        rows = np.ascontiguousarray(recording.frames(name).data[:, :8])
        assert np.array_equal(rows.view(">u8")[:, 0], np.arange(sent))
    # One a second is kept if it differs from the last one, and the film repeats itself.
    assert len(recording.pictures("front")) >= SECONDS // 2
    assert share <= 0.40
