"""Logs that python-can reads well enough, in a child that may not run away."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from examrunner.archive.formats.source import content_of
from examrunner.archive.log_file import LogFile, Row, collected
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

SLOW_BYTES_PER_S: Final = 500_000
COLUMNS: Final = ("t_ns", "ids", "flags", "length", "data")


def read_limited(path: Path, format_: str) -> LogFile:
    """Read a log with python-can's reader for that format.

    Raises:
        RecordingError: If the reader fails or runs into a limit.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, columns = Path(folder) / f"log.{format_}", Path(folder) / "columns.npz"
        content = content_of(path)
        plain.write_bytes(content)
        run_limited(
            f"{__name__}:convert",
            {"source": str(plain), "named": str(path), "target": str(columns)},
            about=path,
            limits=Limits.for_bytes(len(content), SLOW_BYTES_PER_S),
        )
        channels = unpacked(columns)
    return LogFile(format=format_, channels=channels)


def convert(source: str, named: str, target: str) -> int:
    """In the child: write the log's columns to an npz file; returns the frames.

    Raises:
        RecordingError: If python-can refuses the log.
    """
    from examrunner.archive.lean_can import import_can

    can = import_can()
    try:
        with can.LogReader(source) as reader:
            log = collected("", _rows(reader))
    except MemoryError:
        raise
    except Exception as error:
        raise RecordingError(
            "this is not a log of its kind, or it is damaged.",
            where=named,
            remedy="Check that it is complete; the original was left as it is.",
        ) from error
    packed(log, Path(target))
    return len(log)


def _rows(reader: Any) -> Iterator[Row]:
    for message in reader:
        channel = message.channel
        yield Row(
            t_ns=round(message.timestamp * 1e9),
            channel=channel if isinstance(channel, int) else 0,
            can_id=message.arbitration_id,
            flags=_flags(message),
            data=bytes(message.dlc) if message.is_remote_frame else bytes(message.data),
        )


def _flags(message: Any) -> int:
    # The peer takes an empty CAN FD frame in an ASC for a remote frame; there is none.
    pairs = (
        (message.is_extended_id and not message.is_error_frame, EXTENDED),
        (message.is_remote_frame and not message.is_fd, REMOTE),
        (message.is_error_frame, ERROR),
        (message.is_fd, FD),
        (message.bitrate_switch, BRS),
        (message.error_state_indicator, ESI),
        (not message.is_rx, OWN),
    )
    return sum(flag for is_set, flag in pairs if is_set)


def packed(log: LogFile, target: Path) -> None:
    """Write the columns of every channel to an npz file."""
    arrays = {
        f"{number}.{name}": getattr(frames, name)
        for number, frames in log.channels.items()
        for name in COLUMNS
    }
    with target.open("wb") as file:
        np.savez(file, **arrays)


def unpacked(source: Path) -> dict[int, Frames]:
    """The columns that ``packed`` wrote, by channel."""
    with np.load(source, allow_pickle=False) as arrays:
        numbers = sorted({int(key.split(".")[0]) for key in arrays.files})
        return {
            number: Frames(**{name: arrays[f"{number}.{name}"] for name in COLUMNS})
            for number in numbers
        }
