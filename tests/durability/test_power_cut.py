"""What is on the disk of a station at one instant, as after a power cut.

A file system on a loop device writes only what was synced; the station is stopped, the
image is copied, and the copy is what a cut would have left. ``SIGKILL`` alone proves
nothing here: the operating system would still write what was never synced. So the same
run holds stations that sync too little, and they must be seen to lose.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from station_lives import (
    LEASE,
    SCRIPT,
    Station,
    acknowledged_events,
    recorded_events,
    values,
)

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.states import Phase
from examrunner.archive.reading import open_recording
from examrunner.archive.verify import verify
from examrunner.delivery.outbox import Outbox
from examrunner.model.errors import DeliveryError, RecordingError
from examrunner.testing.rig_peer import RigPeer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    # The thread of the peer's CAN server dies with the connection that a kill breaks.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

IMAGE_BYTES = 24 << 20
CUTS = {"exam": 60, "outbox": 20, "names": 20}
CONTROL_LOSSES, CONTROL_CUTS = 3, 60  # as many losses, within so many images
MEMORY = Path("/dev/shm")  # no disk of this machine delays the copy
PHASES = list(Phase)

Told = Sequence[Mapping[str, Any]]


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
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    run("mkfs.ext4", "-q", "-m", "0", image)


@pytest.fixture
def image(tmp_path: Path) -> Iterator[Path]:
    path = (MEMORY if MEMORY.is_dir() else tmp_path) / f"cut-{os.getpid()}.img"
    try:
        formatted(path)
        with mounted(path, tmp_path / "probe"):
            pass
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no loop device can be mounted here: {error}")
        pytest.skip(f"no loop device can be mounted here: {error}")
    yield path
    for left in path.parent.glob(f"{path.stem}.*"):
        left.unlink()


class Cuts:
    """Images of a station's disk in the middle of its work, and what it had said."""

    def __init__(self, station: Station, image: Path, folder: Path) -> None:
        self._station = station
        self._image = image
        self._folder = folder
        self._told = folder / "acknowledged"

    def of(
        self, work: str, count: int, careless: str = ""
    ) -> Generator[tuple[Path, Told], None, None]:
        """Mounts ``count`` images one after the other."""
        made = 0
        while made < count:
            for copy, told in self._life(work, careless, made):
                made += 1
                with mounted(copy, self._folder / "after") as after:
                    yield after / "data", told
                copy.unlink()

    def _life(self, work: str, careless: str, seed: int) -> Iterator[tuple[Path, Told]]:
        """A few images of one life, until it is over or was seen often enough."""
        formatted(self._image)
        copies: list[tuple[Path, Told]] = []
        with (
            mounted(self._image, self._folder / "live") as live,
            RigPeer(script=SCRIPT, channel=f"{work}-{careless}-{seed}") as rig,
        ):
            (live / "data").mkdir()
            self._told.unlink(missing_ok=True)
            order = {
                **self._station.links(rig),
                "data": str(live / "data"),
                "lease": LEASE,
                "asked": "",
                "mode": "",
                "work": work,
                "careless": careless,
                "acknowledged": str(self._told),
            }
            living = threading.Thread(target=self._station.tell, args=(order,))
            living.start()
            pause_s = 0.03 + 0.01 * (seed % 7)
            while living.is_alive() and len(copies) < 10:
                time.sleep(pause_s)
                copies += self._cut(len(copies))
            self._signal(signal.SIGKILL)
            living.join()
        yield from copies

    def _cut(self, number: int) -> list[tuple[Path, Told]]:
        """The disk at one instant; nothing if the station is not at work."""
        if not self._signal(signal.SIGSTOP):
            return []
        copy = self._image.with_suffix(f".{number}")
        run("cp", "--sparse=always", self._image, copy)
        told = self._acknowledged()
        self._signal(signal.SIGCONT)
        return [(copy, told)]

    def _acknowledged(self) -> Told:
        lines = self._told.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def _signal(self, number: int) -> bool:
        with suppress(OSError, IndexError):
            os.killpg(self._acknowledged()[0]["pid"], number)
            return True
        return False


@pytest.fixture
def cuts(station: Station, image: Path, tmp_path: Path) -> Cuts:
    return Cuts(station, image, tmp_path)


def lost_of_exam(data: Path, told: Told) -> list[str]:
    """What a station had acknowledged of an exam and is not on the disk."""
    opened = values(told, "opened")
    if not opened:
        return []
    files = AttemptFiles(folder=data / "attempts" / opened[0])
    lost = [] if files.is_open else ["the lease"]
    kept = values(told, "kept")
    phase = files.progress().phase
    if kept and PHASES.index(phase) < PHASES.index(Phase(kept[-1])):
        lost.append(f"state {kept[-1]}, found {phase}")
    found: list[tuple[int, str]] = []
    with suppress(RecordingError):
        found = recorded_events(open_recording(files.recording))
    lost += [str(event) for event in acknowledged_events(told) if event not in found]
    if any(m.get("acknowledged") == "close" for m in told):
        lost += problems_of(files.recording)
    if values(told, "result") and not outbox_of(data):
        lost.append("the result")
    return lost


def problems_of(recording: Path) -> list[str]:
    try:
        return [str(problem) for problem in verify(recording).problems]
    except RecordingError as error:
        return [error.problem]


def outbox_of(data: Path) -> list[str]:
    if not (data / "outbox.db").exists():
        return []
    outbox = Outbox(data / "outbox.db")
    found = [delivery.attempt_id for delivery in outbox.all()]
    outbox.close()
    return found


def lost_of_outbox(data: Path, told: Told) -> list[str]:
    try:
        found = set(outbox_of(data))
    except DeliveryError:
        return ["the outbox"]
    return [str(n) for n in values(told, "added") if str(n) not in found]


def lost_of_names(data: Path, told: Told) -> list[str]:
    return [
        str(number)
        for number in values(told, "written")
        if not (data / f"file-{number}").exists()
        or (data / f"file-{number}").read_text() != str(number)
    ]


LOST = {"exam": lost_of_exam, "outbox": lost_of_outbox, "names": lost_of_names}


@pytest.mark.parametrize("work", list(CUTS))
def test_a_power_cut_loses_nothing_that_was_acknowledged(cuts: Cuts, work: str) -> None:
    lost, acknowledged = [], 0
    for data, told in cuts.of(work, CUTS[work]):
        acknowledged += len(told)
        lost.append(LOST[work](data, told))
    assert [found for found in lost if found] == []
    assert len(lost) >= CUTS[work]
    assert acknowledged > len(lost)  # else nothing was promised


@pytest.mark.parametrize(
    ("work", "careless"),
    [
        ("exam", "nothing"),
        ("names", "no folders"),
        ("names", "nothing"),
        ("outbox", "normal"),
    ],
)
def test_a_station_that_syncs_too_little_is_seen_to_lose(
    cuts: Cuts, work: str, careless: str
) -> None:
    losses = 0
    with closing(cuts.of(work, CONTROL_CUTS, careless)) as images:
        for data, told in images:
            losses += bool(LOST[work](data, told))
            if losses == CONTROL_LOSSES:
                return
    pytest.fail(f"only {losses} of {CONTROL_CUTS} images lack what was acknowledged")
