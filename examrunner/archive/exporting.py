"""Write the frames of a recording in the formats of other tools."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from examrunner.archive.formats import blf_writing, candump_writing
from examrunner.archive.formats.by_python_can import packed
from examrunner.archive.formats.merging import Channels, merged
from examrunner.archive.log_file import LogFile
from examrunner.archive.sandbox import Limits, run_limited
from examrunner.model.errors import RecordingError
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, OWN, REMOTE

Write = Callable[[Channels, Path, int], None]

FORMATS: Final = {
    "blf": "blf",
    "asc": "asc",
    "candump": "log",
    "mf4": "mf4",
    "parquet": "parquet",
}
"""Format name to the usual suffix."""


def export(
    channels: Channels, target: Path, format_: str, epoch_ns: int
) -> tuple[str, ...]:
    """Write all channels to one file; it appears whole or not at all.

    Args:
        channels: Frames by channel name.
        target: The file to make.
        format_: A name of ``FORMATS``.
        epoch_ns: Unix time of recording time 0; 0 where it is unknown.

    Returns:
        Sentences about what the format could not keep.

    Raises:
        RecordingError: If the format is unknown or the disk refuses.
    """
    if format_ not in FORMATS:
        raise RecordingError(
            f"there is no export format called '{format_}'.",
            where=str(target),
            remedy=f"Use one of: {', '.join(sorted(FORMATS))}.",
        )
    part = target.with_name(f".{target.stem}.part.{FORMATS[format_]}")
    try:
        WRITERS[format_](channels, part, epoch_ns)
        part.replace(target)
    except OSError as error:
        raise RecordingError(
            f"the file cannot be written ({error.strerror}).",
            where=str(target),
            remedy="Check the folder, its permissions and the free space.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return tuple(losses(channels, format_))


def format_for(target: Path) -> str:
    """The format that the ending of a file name stands for.

    Raises:
        RecordingError: If it stands for none.
    """
    suffix = target.suffix.lower().removeprefix(".")
    for name, usual in FORMATS.items():
        if suffix in {name, usual}:
            return name
    raise RecordingError(
        f"the ending '{target.suffix}' stands for no format.",
        where=str(target),
        remedy=f"Name one with --format: {', '.join(sorted(FORMATS))}.",
    )


def losses(channels: Channels, format_: str) -> Iterator[str]:
    """What a format cannot keep of these frames, as sentences."""
    present = error_bits = 0
    has_nanoseconds = False
    for frames in channels.values():
        present |= int(np.bitwise_or.reduce(frames.flags, initial=0))
        errors = frames.flags[frames.flags & ERROR != 0]
        error_bits |= int(np.bitwise_or.reduce(errors, initial=0))
        has_nanoseconds |= bool((frames.t_ns % 1000).any())
    if present & ERROR and format_ == "asc":
        yield "asc keeps error frames without their class and data."
    if error_bits & ~ERROR and format_ in {"blf", "candump"}:
        yield f"{format_} keeps error frames without direction and CAN FD marks."
    if has_nanoseconds and format_ in {"asc", "candump"}:
        yield f"{format_} keeps times in microseconds."
    if len(channels) > 1 and format_ in {"blf", "asc", "mf4"}:
        names = ", ".join(f"{n} is {name}" for n, name in enumerate(channels, 1))
        yield f"{format_} numbers channels: {names}."


def _asc(channels: Channels, target: Path, epoch_ns: int) -> None:
    from examrunner.archive.lean_can import import_can

    can = import_can()
    with can.ASCWriter(str(target)) as logger:
        for message in _messages(can, channels, epoch_ns):
            logger.on_message_received(message)


def _messages(can: Any, channels: Channels, epoch_ns: int) -> Iterator[Any]:
    frames, position = merged(channels)
    for t_ns, can_id, flags, length, data, channel in zip(
        frames.t_ns.tolist(),
        frames.ids.tolist(),
        frames.flags.tolist(),
        frames.length.tolist(),
        frames.data,
        position.tolist(),
        strict=True,
    ):
        yield can.Message(
            timestamp=(epoch_ns + t_ns) / 1e9,
            arbitration_id=can_id,
            is_extended_id=bool(flags & EXTENDED),
            is_remote_frame=bool(flags & REMOTE),
            is_error_frame=bool(flags & ERROR),
            is_fd=bool(flags & FD),
            bitrate_switch=bool(flags & BRS),
            error_state_indicator=bool(flags & ESI),
            is_rx=not flags & OWN,
            dlc=length,
            data=None if flags & REMOTE else data[:length].tobytes(),
            channel=channel,
        )


def _parquet(channels: Channels, target: Path, epoch_ns: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    frames, position = merged(channels)
    payload = [
        row[:length].tobytes()
        for row, length in zip(frames.data, frames.length.tolist(), strict=True)
    ]
    names = pa.DictionaryArray.from_arrays(
        pa.array(position, pa.int32()), pa.array(list(channels), pa.string())
    )
    table = pa.table(
        {
            "t_ns": pa.array(frames.t_ns),
            "channel": names,
            "id": pa.array(frames.ids),
            "flags": pa.array(frames.flags),
            "data": pa.array(payload, pa.binary()),
            "length": pa.array(frames.length),
        }
    ).replace_schema_metadata({"epoch_ns": str(epoch_ns)})
    pq.write_table(table, target, compression="zstd")


def _mf4(channels: Channels, target: Path, epoch_ns: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = Path(folder) / "columns.npz"
        packed(LogFile(format="", channels=dict(enumerate(channels.values()))), columns)
        run_limited(
            "examrunner.archive.formats.mf4_writing:convert",
            {"source": str(columns), "target": str(target), "epoch_ns": epoch_ns},
            about=target,
            limits=Limits(cpu_s=300.0, memory_mib=8192),
        )


WRITERS: Final[dict[str, Write]] = {
    "asc": _asc,
    "blf": blf_writing.write,
    "candump": candump_writing.write,
    "mf4": _mf4,
    "parquet": _parquet,
}
