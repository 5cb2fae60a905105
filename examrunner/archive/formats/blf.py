"""Vector's binary log, read in columns.

Objects lie in zlib containers and may cross their borders. All objects of a piece of
the unpacked stream are found at once and their fields gathered by position; only
what follows an object that looks like another one's start is walked one by one.
"""

import datetime as dt
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.archive.formats.blf_containers import (
    damaged,
    missing_bytes,
    unpacked_pieces,
)
from examrunner.archive.formats.blf_objects import ObjectFields, frames_in
from examrunner.archive.formats.source import content_of
from examrunner.archive.log_file import LogFile
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames

Positions = NDArray[np.int64]

FILE_SIGNATURE: Final = b"LOGG"
OBJECT_SIGNATURE: Final = int.from_bytes(b"LOBJ", "little")
BASE_HEADER_BYTES: Final = 16
LARGEST_PADDING: Final = 8
"""Objects begin at most this many bytes after the end of the one before."""


def read(path: Path) -> LogFile:
    """Read a BLF log. Times are absolute where the file's header says when it began.

    Raises:
        RecordingError: If it is no BLF, damaged, or made to exhaust memory.
    """
    content = content_of(path)
    if not content.startswith(FILE_SIGNATURE) or len(content) < 72:
        raise damaged(path, 0, "it does not begin as a BLF does")
    (header_bytes,) = struct.unpack_from("<L", content, 4)
    begun_ns = _begun_ns(struct.unpack_from("<8H", content, 40))
    parts: dict[int, list[Frames]] = {}
    for fields in _objects(content, header_bytes, path):
        for channel, frames in frames_in(fields, begun_ns):
            parts.setdefault(channel, []).append(frames)
    return LogFile(
        format="blf",
        channels={
            channel: Frames.concatenate(found)
            for channel, found in sorted(parts.items())
        },
        notes=_torn(missing_bytes(content, header_bytes)),
    )


def _torn(missing: int) -> tuple[str, ...]:
    if not missing:
        return ()
    return (f"The file is cut off, {missing:,} bytes or more before its end.",)


def _begun_ns(systemtime: tuple[int, ...]) -> int:
    """Nanoseconds since 1970 of a Windows SYSTEMTIME; 0 where it is not set."""
    year, month, _, day, hour, minute, second, millisecond = systemtime
    try:
        begun = dt.datetime(
            year, month, day, hour, minute, second, millisecond * 1000, dt.UTC
        )
    except ValueError:
        return 0
    since = begun - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000


def _objects(content: bytes, begin: int, path: Path) -> Iterator[ObjectFields]:
    tail = b""
    for piece in unpacked_pieces(content, begin, path):
        stream = tail + piece if tail else piece
        if len(stream) < BASE_HEADER_BYTES + LARGEST_PADDING:
            tail = stream
            continue
        positions, end = _positions(stream, path)
        if len(positions):
            yield ObjectFields(stream, positions)
        tail = stream[end:]


def _positions(stream: bytes, path: Path) -> tuple[Positions, int]:
    """Where each whole object begins, and where the first unfinished one does."""
    for candidates in (_aligned_candidates, _candidates):
        found = candidates(stream)
        sizes = ObjectFields(stream, found).unsigned(8, 4)
        walk = _walk(np.searchsorted(found, found + sizes))
        if _joins(found[walk], sizes[walk]):
            break
    else:
        raise _disjoint(found, sizes, path)
    ends = found[walk] + sizes[walk]
    whole = int(np.count_nonzero(ends <= len(stream)))
    end = int(found[walk[whole]]) if whole < len(walk) else int(ends[-1])
    return found[walk[:whole]], end


def _joins(found: Positions, sizes: Positions) -> bool:
    """Whether each object begins right behind the one before."""
    if not len(found) or found[0] > LARGEST_PADDING:
        return False
    if np.any(sizes < BASE_HEADER_BYTES):
        return False
    return bool(np.all(found[1:] - (found + sizes)[:-1] <= LARGEST_PADDING))


def _disjoint(found: Positions, sizes: Positions, path: Path) -> RecordingError:
    short = np.flatnonzero(sizes < BASE_HEADER_BYTES)
    if len(short):
        at = int(found[short[0]])
        return damaged(path, at, "an object is shorter than its own header")
    return damaged(path, 0, "no object is where one should begin")


def _aligned_candidates(stream: bytes) -> Positions:
    """Signatures at multiples of four, where nearly every writer puts them."""
    whole = len(stream) // 4 - 3
    words = np.frombuffer(stream, np.dtype("<u4"), max(whole, 0))
    return np.flatnonzero(words == OBJECT_SIGNATURE) * 4


def _candidates(stream: bytes) -> Positions:
    """Every position at which the signature of an object stands."""
    data = np.frombuffer(stream, np.uint8)
    words = max(len(data) - BASE_HEADER_BYTES + 1, 0)
    found = np.flatnonzero(data[:words] == ord("L"))
    for offset, letter in enumerate(b"OBJ", 1):
        found = found[data[found + offset] == letter]
    return found


def _walk(following: Positions) -> Positions:
    """The candidates that the sizes lead to, one after the other from the first."""
    if np.array_equal(following[:-1], np.arange(1, len(following))):
        return np.arange(len(following))
    steps = following.tolist()
    walk, at = [], 0
    while at < len(steps):
        walk.append(at)
        at = max(steps[at], at + 1)
    return np.array(walk, np.int64)
