"""A station on a disk of a few megabytes, really full."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from examrunner.agent.room import Room, RoomWatch
from examrunner.archive.reading import open_recording
from examrunner.archive.verify import verify
from examrunner.archive.writer import RecordingWriter
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.model.errors import DeliveryError, RecordingError
from examrunner.model.recording import Ending, Header

MIB = 1 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """16 MiB, and nobody else writes there."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    mounting = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounting.returncode != 0:
        reason = f"no small disk can be mounted here: {mounting.stderr.strip()}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, leave_bytes: int = 0) -> Path:
    ballast = disk / "ballast"
    state = os.statvfs(disk)
    size = state.f_bavail * state.f_frsize - leave_bytes
    ballast.write_bytes(bytes(size))
    return ballast


def writer(disk: Path, room: Room) -> RecordingWriter:
    return RecordingWriter(
        disk / "recording",
        Header(attempt_id="a", software={}),
        channels=["CH1"],
        cameras=[],
        reserve=room.reserve,
    )


def test_room_is_warned_of_at_five_exams_and_refused_at_two(disk: Path) -> None:
    said: list[str] = []
    room = Room(data=disk, exam_bytes=MIB)
    watch = RoomWatch(room, said.append)
    assert watch.is_enough()
    assert said == []
    assert room.reserve.path.stat().st_blocks * 512 >= MIB
    for left, enough in ((5, True), (4, True), (2, True), (1, False)):
        ballast = fill(disk, left * MIB)
        assert room.exams() == left
        assert watch.is_enough() is enough
        assert bool(watch.alert) is (left < 5)
        ballast.unlink()
    assert watch.is_enough()
    assert watch.alert == ""
    assert said == [
        "disk nearly full: room for 4 exams",
        "disk nearly full: room for 2 exams",
        "disk full: no exam begins before there is room for 2",
        "there is room on the disk again",
    ]


def test_an_exam_that_runs_ends_well_on_a_full_disk(disk: Path) -> None:
    room = Room(data=disk, exam_bytes=MIB)
    room.prepare()
    with writer(disk, room) as recording:
        recording.event(0, "ops", {"op": "start"})
        ballast = fill(disk)
        values = [f"{number} " + "x" * 1000 for number in range(200)]
        for number, value in enumerate(values):
            recording.event(number, "form", {"field": "a", "value": value})
        assert not room.reserve.path.exists()
        recording.close(Ending.FINISHED, "handed in", 200)
    assert verify(disk / "recording").holds
    form = open_recording(disk / "recording").events("form")
    assert [event.body["value"] for event in form] == values

    ballast.unlink()
    assert room.prepare() == ""
    assert room.reserve.path.exists()


def test_without_a_reserve_what_was_acknowledged_stays(disk: Path) -> None:
    room = Room(data=disk, exam_bytes=MIB)
    recording = writer(disk, room)
    ballast = fill(disk)
    saved: list[int] = []

    def save_on() -> None:
        while True:
            recording.event(0, "form", {"field": "a", "value": "x" * 1000})
            saved.append(1)

    with pytest.raises(RecordingError, match="disk refused"):
        save_on()
    ballast.unlink()
    with writer(disk, room) as again:
        again.close(Ending.FINISHED, "handed in", 200)
    assert len(open_recording(disk / "recording").events("form")) == len(saved)


def test_the_outbox_takes_a_result_on_a_full_disk(disk: Path) -> None:
    room = Room(data=disk, exam_bytes=MIB)
    room.prepare()
    outbox = Outbox(disk / "outbox.db", make_room=room.reserve.release)
    fill(disk)
    added = [str(number) for number in range(20)]
    for attempt in added:
        outbox.add(delivery(attempt))
    assert [d.attempt_id for d in outbox.all()] == added
    assert not room.reserve.path.exists()
    outbox.close()


def test_an_outbox_without_room_says_so_and_is_whole_afterwards(disk: Path) -> None:
    outbox = Outbox(disk / "outbox.db")
    ballast = fill(disk)
    taken: list[str] = []

    def add_on() -> None:
        while True:
            outbox.add(delivery(str(len(taken))))
            taken.append(str(len(taken)))

    with pytest.raises(DeliveryError, match="cannot be used"):
        add_on()
    ballast.unlink()
    outbox.add(delivery("after"))
    outbox.close()
    assert [d.attempt_id for d in Outbox(disk / "outbox.db").all()] == [*taken, "after"]


def delivery(attempt: str) -> Delivery:
    return Delivery(
        attempt_id=attempt,
        token=1,
        result=bytes(10_000),
        packed=Path("x"),
        sha256="0" * 64,
    )
