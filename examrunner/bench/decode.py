"""Decoding beside cantools and asammdf, on one generated, seeded trace."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from examrunner.archive.columns import Columns, columns_of
from examrunner.archive.lean_can import import_can
from examrunner.archive.reading import Recording, open_recording
from examrunner.archive.writer import RecordingWriter
from examrunner.bench.decode_input import SIGNALS, Trace, generated
from examrunner.bench.harness import Case, Measure, timed
from examrunner.decode.matching import Assignment
from examrunner.decode.timeline import assigned, sources_of
from examrunner.decode.tracks import SignalTrack
from examrunner.model.recording import Ending, Header

CHANNEL: Final = "CH1"
CANTOOLS_FRAMES: Final = 50_000
"""Its loop takes as long for every frame, so a part of the trace is enough."""
PASSES: Final = 5
"""One pass takes some 15 ms, too little to be timed on a busy machine."""
FRAMES_PER_WRITE: Final = 4096
MOST_RSS_MIB: Final = 200
KIB_PER_MIB: Final = 1024


def cases() -> list[Case]:
    """Every value of a million frames, and the memory that this takes."""
    trace = generated()
    count = len(trace.frames)
    folder = Path(tempfile.mkdtemp(prefix="examrunner-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    recording = _recorded(trace, folder)
    columns = columns_of(recording)
    assignments = assigned(recording, None)
    what = f"decode {count:,} frames, {SIGNALS} signals"
    peers = {
        "cantools": _cantools(trace),
        "asammdf": _asammdf(trace, folder),
    }
    return [
        Case(
            case=f"{what}, from the derived columns",
            unit="frames/s",
            better="higher",
            ours=timed(
                lambda: _decode_each(columns, assignments, PASSES), count * PASSES
            ),
            peers=peers,
            limit_ratio={"cantools": 100, "asammdf": 40},
        ),
        Case(
            case=f"{what}, all samples kept",
            unit="frames/s",
            better="higher",
            ours=timed(lambda: _decode_and_keep(columns, assignments), count),
            peers={"cantools": _cantools(trace, keep=True)},
        ),
        Case(
            case=f"{what}, peak memory of the process",
            unit="MiB",
            better="lower",
            ours=lambda: _peak_mib(folder),
            limit=MOST_RSS_MIB,
        ),
    ]


def _recorded(trace: Trace, folder: Path) -> Recording:
    header = Header(software={})
    where = folder / "recording"
    with RecordingWriter(
        where, header, channels=[CHANNEL], cameras=[], sync=False
    ) as writer:
        writer.attach(f"dbc/{CHANNEL}.dbc", "text/plain", trace.database.encode())
        for start in range(0, len(trace.frames), FRAMES_PER_WRITE):
            rows = slice(start, start + FRAMES_PER_WRITE)
            writer.frames(CHANNEL, trace.frames.take(rows))
        writer.close(Ending.IMPORTED, "generated", int(trace.frames.t_ns[-1]))
    return open_recording(where)


def _decode_each(columns: Columns, assignments: list[Assignment], passes: int) -> None:
    """Raw integers, values and quality of every signal, one after the other."""
    for _ in range(passes):
        for source in sources_of(columns, [CHANNEL], assignments):
            if source.match.plan is not None:
                message = source.columns(source.match.plan)
                for signal in source.match.plan.signals:
                    message.series(signal, signal.name)


def _decode_and_keep(columns: Columns, assignments: list[Assignment]) -> SignalTrack:
    """As a timeline does with the signals that a rubric names."""
    signals = SignalTrack(sources_of(columns, [CHANNEL], assignments))
    for name in signals:
        signals[name]
    return signals


def _cantools(trace: Trace, *, keep: bool = False) -> Measure:
    """Its loop over (identifier, bytes), dropping or keeping what it decodes."""
    import_can()
    from cantools.database import load_string

    database: Any = load_string(trace.database, database_format="dbc")
    rows = [
        (int(can_id), data.tobytes())
        for can_id, data in zip(
            trace.frames.ids[:CANTOOLS_FRAMES],
            trace.frames.data[:CANTOOLS_FRAMES],
            strict=True,
        )
    ]

    def drop_each() -> None:
        for can_id, data in rows:
            database.decode_message(can_id, data)

    def keep_each() -> None:
        kept: dict[str, list[float]] = {}
        for can_id, data in rows:
            for name, value in database.decode_message(can_id, data).items():
                kept.setdefault(name, []).append(value)

    return timed(keep_each if keep else drop_each, len(rows))


def _asammdf(trace: Trace, folder: Path) -> Measure:
    """In a child process, which times itself without its imports."""
    frames = trace.frames
    np.savez(folder / "frames.npz", t_ns=frames.t_ns, ids=frames.ids, data=frames.data)
    (folder / "trace.dbc").write_text(trace.database, encoding="utf-8")
    _child("examrunner.bench.asammdf_decode", "write", str(folder))

    def measure() -> float:
        took_s = _child("examrunner.bench.asammdf_decode", "read", str(folder))
        return len(frames) / float(took_s)

    return measure


def _peak_mib(folder: Path) -> float:
    return float(_child("examrunner.bench.decode", str(folder / "recording")))


def _child(module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def _decoded_peak_mib(path: Path) -> float:
    """Smallest value of every signal of a recording, and the peak memory until then.

    The high-water mark of this program's own memory; ``getrusage`` would count that
    of the process which started it.
    """
    recording = open_recording(path)
    assignments = assigned(recording, None)
    for source in sources_of(columns_of(recording), recording.channels, assignments):
        if source.match.plan is not None:
            message = source.columns(source.match.plan)
            for signal in source.match.plan.signals:
                message.series(signal, signal.name).values.min()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / KIB_PER_MIB


if __name__ == "__main__":
    print(_decoded_peak_mib(Path(sys.argv[1])))  # noqa: T201  # read by the bench
