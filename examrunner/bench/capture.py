"""Recording full buses beside python-can's recorder: same frames, same sockets.

A stand-in for the kernel feeds four buses of 1 Mbit/s to a capture process of ours,
then to python-can's ``Notifier`` and ``Logger``, whose file is never made durable; ours
is with every flush. The sockets have the same room for both, more than a kernel gives
to whoever does not ask.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from examrunner.archive.lean_can import import_can
from examrunner.archive.reading import open_recording
from examrunner.bench.harness import Case, Measure
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureProcess
from examrunner.model.errors import ExamRunnerError
from examrunner.model.recording import Ending, Header
from examrunner.model.station import Link

SECONDS: Final = 5
CHANNELS: Final = ("CH1", "CH2", "CH3", "CH4")
FEEDER: Final = "examrunner.testing.full_buses"
STAND_IN: Final = "examrunner.testing.socketcan_stand_in:stand_in"
PEER: Final = "examrunner.bench.capture_peer"
PEERS: Final = {
    "python-can BLF": "blf",
    "python-can ASC": "asc",
    "python-can candump": "log",
}
LIMIT_S: Final = 0.40 / 0.036
"""40 % of one core at the 36,000 frames/s of four full buses."""
PATIENCE_S: Final = 60.0
FLUSHED_NS: Final = 1_000_000_000
"""By then everything that was read is on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one recorder did with the frames of one run.

    Attributes:
        sent: Frames on all buses.
        kept: Frames in the file.
        processor_s: What its process used from the first frame to the last.
        size_bytes: On the disk, closed.
    """

    sent: int
    kept: int
    processor_s: float
    size_bytes: int


Recorder = Callable[[Path, int], Outcome]
"""Records for so many seconds into an empty folder."""


def cases(seconds: int = SECONDS) -> list[Case]:
    """Processor, frames kept and size, all three of the same runs."""
    ours = Runs(by_us, seconds)
    peers = {
        name: Runs(partial(by_python_can, suffix=suffix), seconds)
        for name, suffix in PEERS.items()
    }
    what = f"{len(CHANNELS)} buses of 1 Mbit/s, {seconds} s"
    return [
        Case(
            case=f"{what}: processor per million frames",
            unit="s",
            better="lower",
            ours=ours.recorded,
            peers={name: runs.recorded for name, runs in peers.items()},
            limit=LIMIT_S,
            limit_ratio=dict.fromkeys(peers, 1.0),
        ),
        Case(
            case=f"{what}: frames kept",
            unit="share",
            better="higher",
            ours=ours.told(_share_kept),
            peers={name: runs.told(_share_kept) for name, runs in peers.items()},
            limit=1.0,
        ),
        Case(
            case=f"{what}: size on the disk",
            unit="bytes/frame",
            better="lower",
            ours=ours.told(_size_per_frame),
            peers={name: runs.told(_size_per_frame) for name, runs in peers.items()},
        ),
    ]


@dataclass(slots=True)
class Runs:
    """The runs of one recorder, measured once and told several times.

    Attributes:
        recorder: What is measured.
        seconds: How long each run is.
        outcomes: Of all runs so far.
    """

    recorder: Recorder
    seconds: int
    outcomes: list[Outcome] = field(default_factory=list)

    def recorded(self) -> float:
        """Runs once; gives seconds of processor per million frames sent."""
        with tempfile.TemporaryDirectory(prefix="examrunner-bench-") as folder:
            outcome = self.recorder(Path(folder), self.seconds)
        self.outcomes.append(outcome)
        return outcome.processor_s / outcome.sent * 1e6

    def told(self, figure: Callable[[Outcome], float]) -> Measure:
        """A measure that gives a figure of each run in turn, without running again."""
        return map(figure, self._in_turn()).__next__

    def _in_turn(self) -> Iterator[Outcome]:
        yield from self.outcomes


def by_us(folder: Path, seconds: int) -> Outcome:
    """A capture process, as stations run it."""
    recording = folder / "recording"
    plan = Plan(
        folder=recording,
        header=Header(software={}),
        can={
            name: Link(driver=STAND_IN, options={"path": str(folder / name)})
            for name in CHANNELS
        },
    )
    with _full_buses(folder, seconds) as feeder, CaptureProcess(plan) as capture:
        capture.begin()
        before_s = _processor_s(capture.pid)
        _tell(feeder)
        capture.advance(seconds * 1_000_000_000)
        sent = _sent(feeder)
        capture.advance(FLUSHED_NS)
        used_s = _processor_s(capture.pid) - before_s
        capture.end("finished")
        capture.close(Ending.FINISHED, "")
    kept = open_recording(recording)
    return Outcome(
        sent=sent,
        kept=sum(len(kept.frames(name)) for name in CHANNELS),
        processor_s=used_s,
        size_bytes=sum(
            path.stat().st_size for path in recording.rglob("*") if path.is_file()
        ),
    )


def by_python_can(folder: Path, seconds: int, *, suffix: str) -> Outcome:
    """python-can's recorder with the writer of one kind of file."""
    path = folder / f"recording.{suffix}"
    buses = [str(folder / name) for name in CHANNELS]
    with (
        _full_buses(folder, seconds) as feeder,
        _process(PEER, [str(path), *buses]) as peer,
    ):
        before_s = _processor_s(peer.pid)
        _tell(feeder)
        sent = _sent(feeder)
        used_s = _processor_s(peer.pid) - before_s
        _tell(peer)
        peer.wait(PATIENCE_S)
    with import_can().LogReader(path) as reader:
        kept = sum(1 for _ in reader)
    return Outcome(
        sent=sent, kept=kept, processor_s=used_s, size_bytes=path.stat().st_size
    )


@contextmanager
def _full_buses(folder: Path, seconds: int) -> Iterator[subprocess.Popen[str]]:
    with _process(FEEDER, [str(folder), str(seconds), *CHANNELS]) as feeder:
        yield feeder
        _tell(feeder)
        feeder.wait(PATIENCE_S)


@contextmanager
def _process(module: str, arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A module in a process of its own, once it is ready."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            _line(process)
            yield process
        finally:
            process.kill()


def _tell(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.write("\n")
        process.stdin.flush()


def _line(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise ExamRunnerError(
            "a process of the bench has ended early.",
            where="bench capture",
            remedy="Its own words are above; buses are stood in for on Linux only.",
        )
    return line


def _sent(feeder: subprocess.Popen[str]) -> int:
    """Frames on all buses, whether they found room or not."""
    return len(CHANNELS) * int(json.loads(_line(feeder))["sent"])


def _processor_s(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _share_kept(outcome: Outcome) -> float:
    return outcome.kept / outcome.sent


def _size_per_frame(outcome: Outcome) -> float:
    return outcome.size_bytes / outcome.sent
