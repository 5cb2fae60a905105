"""Writes Vector's binary log from columns, with nanoseconds and error classes."""

import datetime as dt
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.archive.formats.blf_containers import LOG_CONTAINER, ZLIB
from examrunner.archive.formats.dlc import DLC_BYTES
from examrunner.archive.formats.merging import Channels, merged
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
)

Ints = NDArray[np.int64]

CAN_MESSAGE, CAN_ERROR_EXT, CAN_FD_MESSAGE = 1, 73, 100
FILE_HEADER_BYTES: Final = 144
OBJECT_HEADER_BYTES: Final = 32
CONTAINER_BYTES: Final = 128 * 1024
NANOSECONDS: Final = 2
EXTENDED_BIT: Final = 0x80000000
NS_PER_MS: Final = 1_000_000

HEADER: Final = [
    ("signature", "S4"),
    ("header_size", "<u2"),
    ("version", "<u2"),
    ("size", "<u4"),
    ("type", "<u4"),
    ("time_unit", "<u4"),
    ("client", "<u2"),
    ("object_version", "<u2"),
    ("time", "<u8"),
    ("channel", "<u2"),
]
CLASSIC: Final = np.dtype(
    [*HEADER, ("flags", "u1"), ("dlc", "u1"), ("id", "<u4"), ("data", "u1", 8)]
)
FLEXIBLE: Final = np.dtype(
    [
        *HEADER,
        ("flags", "u1"),
        ("dlc", "u1"),
        ("id", "<u4"),
        ("frame_length", "<u4"),
        ("bit_count", "u1"),
        ("fd_flags", "u1"),
        ("valid_bytes", "u1"),
        ("reserved", "u1", 5),
        ("data", "u1", 64),
    ]
)
ERRONEOUS: Final = np.dtype(
    [
        *HEADER,
        ("length", "<u2"),
        ("flags", "<u4"),
        ("ecc", "u1"),
        ("position", "u1"),
        ("dlc", "u1"),
        ("reserved", "u1"),
        ("frame_length", "<u4"),
        ("id", "<u4"),
        ("extended_flags", "<u2"),
        ("reserved_too", "<u2"),
        ("data", "u1", 8),
    ]
)


def write(channels: Channels, target: Path, epoch_ns: int) -> None:
    """Write a BLF; channel 1 is the first one.

    Args:
        channels: Frames by channel name.
        target: The file.
        epoch_ns: Unix time of recording time 0; 0 where it is unknown.
    """
    frames, position = merged(channels)
    first_ns = min(int(frames.t_ns.min(initial=0)), 0) + epoch_ns
    begun_ns = first_ns // NS_PER_MS * NS_PER_MS
    stream = _stream(frames, position + 1, frames.t_ns + (epoch_ns - begun_ns))
    with target.open("wb") as file:
        file.write(bytes(FILE_HEADER_BYTES))
        for start in range(0, len(stream), CONTAINER_BYTES):
            file.write(_container(stream[start : start + CONTAINER_BYTES]))
        size = file.tell()
        file.seek(0)
        ended_ns = epoch_ns + int(frames.t_ns.max(initial=0))
        file.write(_header(size, len(stream), len(frames), begun_ns, ended_ns))


def _stream(frames: Frames, channel: Ints, time: Ints) -> bytes:
    is_error = frames.flags & ERROR != 0
    is_fd = (frames.flags & FD != 0) & ~is_error
    kinds: tuple[tuple[NDArray[np.bool_], np.dtype[np.void], Fill], ...] = (
        (~is_error & ~is_fd, CLASSIC, _classic),
        (is_fd, FLEXIBLE, _flexible),
        (is_error, ERRONEOUS, _erroneous),
    )
    sizes = np.select(
        [which for which, _, _ in kinds], [layout.itemsize for _, layout, _ in kinds]
    )
    ends = np.cumsum(sizes)
    stream = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    for which, layout, fill in kinds:
        rows = np.flatnonzero(which)
        if not len(rows):
            continue
        objects = _headed(layout, channel[rows], time[rows])
        fill(objects, frames.take(rows))
        begins = ends[rows] - layout.itemsize
        octets = objects.view(np.uint8).reshape(len(rows), layout.itemsize)
        stream[begins[:, None] + np.arange(layout.itemsize)] = octets
    return stream.tobytes()


def _headed(layout: "np.dtype[np.void]", channel: Ints, time: Ints) -> NDArray[np.void]:
    objects = np.zeros(len(time), layout)
    objects["signature"], objects["header_size"] = b"LOBJ", OBJECT_HEADER_BYTES
    objects["version"], objects["time_unit"] = 1, NANOSECONDS
    objects["size"], objects["type"] = layout.itemsize, TYPES[layout]
    objects["time"], objects["channel"] = time, channel
    return objects


Fill = Callable[[NDArray[np.void], Frames], None]


def _identified(objects: NDArray[np.void], frames: Frames) -> None:
    extended = np.where(frames.flags & EXTENDED, EXTENDED_BIT, 0)
    objects["id"] = frames.ids.astype(np.int64) | extended
    objects["flags"] = np.where(frames.flags & OWN, 1, 0)
    objects["flags"] |= np.where(frames.flags & REMOTE, 0x80, 0).astype(np.uint8)


def _classic(objects: NDArray[np.void], frames: Frames) -> None:
    _identified(objects, frames)
    objects["dlc"] = frames.length
    objects["data"] = frames.data[:, :8]


def _flexible(objects: NDArray[np.void], frames: Frames) -> None:
    _identified(objects, frames)
    objects["dlc"] = np.searchsorted(DLC_BYTES, frames.length)
    objects["valid_bytes"] = frames.length
    objects["fd_flags"] = (
        1 | np.where(frames.flags & BRS, 2, 0) | np.where(frames.flags & ESI, 4, 0)
    )
    objects["data"] = widened(frames.data, 64)


def _erroneous(objects: NDArray[np.void], frames: Frames) -> None:
    objects["id"], objects["dlc"] = frames.ids, np.minimum(frames.length, 8)
    objects["data"] = frames.data[:, :8]


TYPES: Final = {
    CLASSIC: CAN_MESSAGE,
    FLEXIBLE: CAN_FD_MESSAGE,
    ERRONEOUS: CAN_ERROR_EXT,
}


def _container(piece: bytes) -> bytes:
    packed = zlib.compress(piece, 1)
    body = struct.pack("<H6xL4x", ZLIB, len(piece)) + packed
    head = struct.pack("<4sHHLL", b"LOBJ", 16, 1, 16 + len(body), LOG_CONTAINER)
    return head + body + bytes((16 + len(body)) % 4)


def _header(
    size: int, unpacked: int, count: int, begun_ns: int, ended_ns: int
) -> bytes:
    fixed = struct.pack(
        "<4sL8BQQLL",
        b"LOGG",
        FILE_HEADER_BYTES,
        *(0, 0, 0, 0, 2, 6, 8, 1),
        size,
        FILE_HEADER_BYTES + unpacked,
        count,
        count,
    )
    return fixed + _system_time(begun_ns) + _system_time(ended_ns)


def _system_time(unix_ns: int) -> bytes:
    """A Windows SYSTEMTIME in UTC; zeros for an unknown time."""
    if unix_ns < NS_PER_MS:
        return bytes(16)
    seconds, rest_ns = divmod(unix_ns, 1_000_000_000)
    at = dt.datetime.fromtimestamp(seconds, dt.UTC)
    day = at.isoweekday() % 7
    clock = (at.hour, at.minute, at.second, rest_ns // NS_PER_MS)
    return struct.pack("<8H", at.year, at.month, day, at.day, *clock)
