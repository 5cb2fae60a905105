"""Write the frames of a recording in the formats of other tools."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from examrunner.archive.formats.by_python_can import packed
from examrunner.archive.log_file import LogFile
from examrunner.archive.sandbox import Limits, run_limited
from examrunner.model.errors import RecordingError
from examrunner.model.frames import (
    BRS,
    ERROR,
    ESI,
    EXTENDED,
    FD,
    OWN,
    REMOTE,
    Frames,
)

Channels = Mapping[str, Frames]

FORMATS: Final = {
    "blf": "blf",
    "asc": "asc",
    "candump": "log",
    "mf4": "mf4",
    "parquet": "parquet",
    "trc": "trc",
}
"""Format name to the usual suffix."""


def export(channels: Channels, target: Path, format_: str, epoch_s: float) -> list[str]:
    """Write all channels to one file; it appears whole or not at all.

    Args:
        channels: Frames by channel name.
        target: The file to make.
        format_: A name of ``FORMATS``.
        epoch_s: Unix time of recording time 0; 0 where it is unknown.

    Returns:
        Sentences about what the format could not keep.

    Raises:
        RecordingError: If the format is unknown or the disk refuses.
    """
    writers: Mapping[str, Callable[[Channels, Path, float], None]] = {
        "mf4": _mf4,
        "parquet": _parquet,
    }
    if format_ not in FORMATS:
        raise RecordingError(
            f"there is no export format called '{format_}'.",
            where=str(target),
            remedy=f"Use one of: {', '.join(sorted(FORMATS))}.",
        )
    part = target.with_name(f".{target.stem}.part.{FORMATS[format_]}")
    try:
        writers.get(format_, _by_python_can)(channels, part, epoch_s)
        part.replace(target)
    except OSError as error:
        raise RecordingError(
            f"the file cannot be written ({error.strerror}).",
            where=str(target),
            remedy="Check the folder, its permissions and the free space.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return losses(channels, format_)


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


def losses(channels: Channels, format_: str) -> list[str]:
    """What a format cannot keep of these frames, as sentences."""
    present = 0
    for frames in channels.values():
        present |= int(np.bitwise_or.reduce(frames.flags, initial=0))
    told = []
    if present & ERROR and format_ in {"asc", "candump", "trc", "mf4"}:
        told.append(f"{format_} keeps error frames without their class and data.")
    if present & FD and format_ == "trc":
        told.append("trc holds no CAN FD frames: they were left out.")
    return told


def _by_python_can(channels: Channels, target: Path, epoch_s: float) -> None:
    from examrunner.archive.lean_can import import_can

    can = import_can()
    with can.Logger(str(target)) as logger:
        for message in _messages(can, channels, epoch_s):
            logger.on_message_received(message)


def _messages(can: Any, channels: Channels, epoch_s: float) -> Iterator[Any]:
    every, number = _merged(channels)
    for t_ns, can_id, flags, length, data, channel in zip(
        every.t_ns.tolist(),
        every.ids.tolist(),
        every.flags.tolist(),
        every.length.tolist(),
        every.data,
        number.tolist(),
        strict=True,
    ):
        yield can.Message(
            timestamp=epoch_s + t_ns / 1e9,
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


def _merged(channels: Channels) -> tuple[Frames, Any]:
    """All frames by time, and the number of each one's channel."""
    every = Frames.concatenate(list(channels.values()))
    number = (
        np.concatenate(
            [
                np.full(len(frames), index)
                for index, frames in enumerate(channels.values())
            ]
        )
        if channels
        else np.empty(0, np.int64)
    )
    order = np.argsort(every.t_ns, kind="stable")
    return every.take(order), number[order]


def _parquet(channels: Channels, target: Path, epoch_s: float) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    every, number = _merged(channels)
    names = pa.array(list(channels))
    payload = [
        row[:length].tobytes()
        for row, length in zip(every.data, every.length.tolist(), strict=True)
    ]
    table = pa.table(
        {
            "t_ns": pa.array(every.t_ns),
            "channel": pa.DictionaryArray.from_arrays(
                pa.array(number, pa.int32()), names
            ),
            "id": pa.array(every.ids),
            "flags": pa.array(every.flags),
            "data": pa.array(payload, pa.binary()),
        }
    ).replace_schema_metadata({"epoch_s": str(epoch_s)})
    pq.write_table(table, target, compression="zstd")


def _mf4(channels: Channels, target: Path, epoch_s: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = Path(folder) / "columns.npz"
        packed(LogFile(format="", channels=dict(enumerate(channels.values()))), columns)
        run_limited(
            "examrunner.archive.formats.mf4_writing:convert",
            {"source": str(columns), "target": str(target), "epoch_s": epoch_s},
            about=target,
            limits=Limits(wall_s=300.0, memory_mib=8192),
        )
