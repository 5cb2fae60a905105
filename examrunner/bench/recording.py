"""Writing CAN frames durably and reading them back, beside python-can and pyarrow."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from examrunner.archive.columns import columns_of
from examrunner.archive.lean_can import import_can
from examrunner.archive.reading import open_recording
from examrunner.archive.writer import RecordingWriter
from examrunner.bench import log_files
from examrunner.bench.harness import Case, timed
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header

FRAMES: Final = 500_000
BLF_FRAMES: Final = 40_000
BATCH: Final = 4_096
IDENTIFIERS: Final = 60
SEED: Final = 20260102
CHANNEL: Final = "CH1"

SCHEMA: Final = pa.schema(
    [
        ("t_ns", pa.int64()),
        ("id", pa.uint32()),
        ("flags", pa.uint8()),
        ("length", pa.uint8()),
        ("data", pa.binary(8)),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The input and the folder that every contender writes into.

    Attributes:
        folder: Emptied when the process ends.
        batches: 4,096 frames each, the last one fewer.
        messages: The first of the frames as python-can has them.
    """

    folder: Path
    batches: Sequence[Frames]
    messages: Sequence[Any]


def cases() -> list[Case]:
    """Durable writing, reading, and opening the columns of one generated trace."""
    folder = Path(tempfile.mkdtemp(prefix="examrunner-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    frames = generated(FRAMES)
    workshop = Workshop(
        folder=folder,
        batches=[frames.take(slice(n, n + BATCH)) for n in range(0, FRAMES, BATCH)],
        messages=_messages(frames.take(slice(0, BLF_FRAMES))),
    )
    return [
        _writing(workshop),
        _reading(workshop),
        _columns(workshop),
        *log_files.cases(folder, frames.take(slice(0, BLF_FRAMES))),
    ]


def generated(count: int) -> Frames:
    """Frames of 60 identifiers, 4,000 a second, seeded."""
    random = np.random.default_rng(SEED)
    return Frames(
        t_ns=np.arange(count, dtype=np.int64) * 250_000,
        ids=random.integers(0x100, 0x100 + IDENTIFIERS, count).astype(np.uint32),
        flags=np.zeros(count, np.uint8),
        length=np.full(count, 8, np.uint8),
        data=random.integers(0, 256, (count, 8)).astype(np.uint8),
    )


def _writing(workshop: Workshop) -> Case:
    return Case(
        case=f"durable writing, {FRAMES:,} frames, an fsync per {BATCH:,}",
        unit="frames/s",
        better="higher",
        ours=timed(lambda: write_recording(workshop, sync=True), FRAMES),
        peers={
            "python-can BLF": timed(lambda: write_blf(workshop), BLF_FRAMES),
            "pyarrow stream": timed(lambda: write_arrow(workshop), FRAMES),
        },
        limit=2e6,
    )


def _reading(workshop: Workshop) -> Case:
    recording = write_recording(workshop, sync=False)
    blf, arrow = write_blf(workshop), write_arrow(workshop)
    return Case(
        case=f"reading {FRAMES:,} frames into numpy, every byte checked",
        unit="frames/s",
        better="higher",
        ours=timed(lambda: open_recording(recording).frames(CHANNEL), FRAMES),
        peers={
            "python-can BLF": timed(lambda: read_blf(blf), BLF_FRAMES),
            "pyarrow stream, unchecked": timed(lambda: read_arrow(arrow), FRAMES),
        },
    )


def _columns(workshop: Workshop) -> Case:
    recording = write_recording(workshop, sync=False)
    return Case(
        case=f"opening {IDENTIFIERS} identifiers' columns, every block checked",
        unit="frames/s",
        better="higher",
        ours=timed(_opened(recording), FRAMES),
    )


def _opened(recording: Path) -> Callable[[], object]:
    def work() -> object:
        columns = columns_of(open_recording(recording))
        return [columns[key] for key in columns]

    return work


def write_recording(workshop: Workshop, *, sync: bool) -> Path:
    """Ours: chained, and closed with a manifest when it need not be durable."""
    folder = workshop.folder / ("durable" if sync else "recording")
    shutil.rmtree(folder, ignore_errors=True)
    header = Header(software={})
    with RecordingWriter(
        folder, header, channels=[CHANNEL], cameras=[], sync=sync
    ) as writer:
        for batch in workshop.batches:
            writer.frames(CHANNEL, batch)
        if not sync:
            writer.close(Ending.FINISHED, "", int(batch.t_ns[-1]))
    return folder


def write_blf(workshop: Workshop) -> Path:
    """python-can's BLF writer, made durable after each batch."""
    can = import_can()
    path = workshop.folder / "peer.blf"
    with path.open("wb") as file:
        writer = can.BLFWriter(file)
        for start in range(0, BLF_FRAMES, BATCH):
            for message in workshop.messages[start : start + BATCH]:
                writer.on_message_received(message)
            file.flush()
            os.fsync(file.fileno())
        writer.stop()
    return path


def read_blf(path: Path) -> Frames:
    """python-can's BLF reader into the same columns."""
    can = import_can()
    with can.BLFReader(path) as reader:
        return Frames.of(
            (round(m.timestamp * 1e9), m.arbitration_id, 0, bytes(m.data))
            for m in reader
        )


def write_arrow(workshop: Workshop) -> Path:
    """The same columns as an Arrow IPC stream: no chain, no pictures, no events."""
    path = workshop.folder / "peer.arrows"
    with path.open("wb") as file, pa.ipc.new_stream(file, SCHEMA) as stream:
        for batch in workshop.batches:
            stream.write_batch(_record_batch(batch))
            file.flush()
            os.fsync(file.fileno())
    return path


def read_arrow(path: Path) -> Frames:
    """An Arrow IPC stream into numpy."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as stream:
        parts = [_columns_of_batch(batch) for batch in stream]
    return Frames.concatenate(parts)


def _record_batch(frames: Frames) -> Any:
    columns = (frames.t_ns, frames.ids, frames.flags, frames.length, frames.data)
    arrays = [
        pa.Array.from_buffers(field.type, len(frames), [None, pa.py_buffer(column)])
        for field, column in zip(SCHEMA, columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _columns_of_batch(batch: Any) -> Frames:
    t_ns, ids, flags, length, data = (column.buffers()[1] for column in batch)
    rows = batch.num_rows
    return Frames(
        t_ns=np.frombuffer(t_ns, np.int64, rows),
        ids=np.frombuffer(ids, np.uint32, rows),
        flags=np.frombuffer(flags, np.uint8, rows),
        length=np.frombuffer(length, np.uint8, rows),
        data=np.frombuffer(data, np.uint8, rows * 8).reshape(rows, 8),
    )


def _messages(frames: Frames) -> list[Any]:
    can = import_can()
    columns = (frames.t_ns.tolist(), frames.ids.tolist(), frames.data)
    return [
        can.Message(
            timestamp=t_ns / 1e9,
            arbitration_id=identifier,
            is_extended_id=False,
            data=data.tobytes(),
        )
        for t_ns, identifier, data in zip(*columns, strict=True)
    ]
