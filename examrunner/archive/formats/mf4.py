"""ASAM MDF 4 bus logs, read by asammdf in a limited child (extra ``mf4``)."""

import datetime as dt
import importlib.util
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from examrunner.archive.formats.by_python_can import packed, unpacked
from examrunner.archive.formats.dlc import DLC_BYTES
from examrunner.archive.formats.source import content_of
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
    widened,
    width_for,
)

SLOW_BYTES_PER_S: Final = 500_000

UNKNOWN: Final = -1
STREAMS: Final = {
    "CAN_DataFrame": 0,
    "CAN_RemoteFrame": REMOTE,
    "CAN_ErrorFrame": ERROR,
}


def read(path: Path) -> LogFile:
    """Read the CAN frames of an MF4 log.

    Raises:
        RecordingError: If asammdf is missing, or refuses the file.
    """
    if importlib.util.find_spec("asammdf") is None:
        raise RecordingError(
            "reading MF4 needs the package asammdf, which is not installed.",
            where=str(path),
            remedy="Install the extra: pip install 'examrunner[mf4]'.",
        )
    with tempfile.TemporaryDirectory() as folder:
        plain, target = Path(folder) / "log.mf4", Path(folder) / "columns.npz"
        plain.write_bytes(content_of(path))
        run_limited(
            f"{__name__}:convert",
            {"source": str(plain), "named": str(path), "target": str(target)},
            about=path,
            limits=Limits.for_bytes(plain.stat().st_size, SLOW_BYTES_PER_S),
        )
        channels = unpacked(target)
    return LogFile(format="mf4", channels=channels)


def convert(source: str, named: str, target: str) -> int:
    """In the child: write the log's columns to an npz file; returns the frames.

    Raises:
        RecordingError: If asammdf refuses the file.
    """
    from asammdf import MDF

    try:
        with MDF(source) as mdf:
            begun_ns = _begun_ns(mdf.header.start_time)
            channels = _channels(mdf, begun_ns)
    except MemoryError:
        raise
    except Exception as error:
        raise RecordingError(
            "this is no MF4 log that can be read.",
            where=named,
            remedy="Check that it is complete; the original was left as it is.",
        ) from error
    log = LogFile(format="mf4", channels=channels)
    packed(log, Path(target))
    return len(log)


def _begun_ns(begun: dt.datetime) -> int:
    since = begun.astimezone(dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000


def _channels(mdf: Any, begun_ns: int) -> dict[int, Frames]:
    parts: dict[int, list[Frames]] = {}
    for index, group in enumerate(mdf.groups):
        names = {channel.name for channel in group.channels}
        for stream, kind in STREAMS.items():
            if stream in names:
                for number, frames in _frames(mdf, index, stream, kind):
                    parts.setdefault(number, []).append(frames)
    return {
        number: _in_order(found, begun_ns) for number, found in sorted(parts.items())
    }


def _in_order(parts: list[Frames], begun_ns: int) -> Frames:
    every = Frames.concatenate(parts)
    every = replace(every, t_ns=every.t_ns + begun_ns)
    return every.take(np.argsort(every.t_ns, kind="stable"))


def _frames(mdf: Any, index: int, stream: str, kind: int) -> list[tuple[int, Frames]]:
    def column(field: str, default: int = 0) -> Any:
        try:
            return mdf.get(f"{stream}.{field}", group=index, raw=True).samples
        except Exception:  # noqa: BLE001 - asammdf has no other word for "not there"
            return np.full(len(times), default)

    times = mdf.get(f"{stream}.ID", group=index, raw=True).timestamps
    identifiers = column("ID").astype(np.uint32)
    extended = column("IDE").astype(bool)
    length = _length(column, is_remote=kind == REMOTE)
    flags = np.full(len(times), kind, np.uint8)
    flags |= np.where(extended & (kind != ERROR), EXTENDED, 0).astype(np.uint8)
    for field, bit in (("EDL", FD), ("BRS", BRS), ("ESI", ESI), ("Dir", OWN)):
        flags |= np.where(column(field).astype(bool), bit, 0).astype(np.uint8)
    data = _data(column, length)
    numbers = column("BusChannel", 1).astype(np.int64)
    every = Frames(
        t_ns=np.round(times * 1e9).astype(np.int64),
        ids=identifiers & np.uint32(0x1FFFFFFF),
        flags=flags,
        length=length.astype(np.uint8),
        data=data,
    )
    return [(n, every.take(numbers == n)) for n in np.unique(numbers).tolist()]


def _length(column: Any, *, is_remote: bool) -> Any:
    """Payload bytes; a remote frame has none, its DLC says how many it asks for."""
    codes = np.minimum(column("DLC").astype(np.int64), len(DLC_BYTES) - 1)
    told = column("DataLength", UNKNOWN).astype(np.int64)
    return np.where((told == UNKNOWN) | is_remote, DLC_BYTES[codes], told)


def _data(column: Any, length: Any) -> Any:
    found = column("DataBytes")
    width = width_for(int(length.max(initial=0)))
    if found.ndim != 2:
        return np.zeros((len(length), width), np.uint8)
    found = found.astype(np.uint8)[:, :width]
    data = widened(np.ascontiguousarray(found), width).copy()
    data[np.arange(width) >= length[:, None]] = 0
    return data
