"""The cache file: blocks of columns, then an index with their checksums.

It is this machine's own and may go at any time, so it has no promise to keep to
other versions: a file that is not exactly as expected counts as stale.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from examrunner.archive.seconds import Seconds, seconds_of
from examrunner.model.frames import Frames

MAGIC: Final = b"EXRCOL01"
PAGE_BYTES: Final = 4096
TRAILER: Final = struct.Struct("<QI8s")
"""Where the index begins, its CRC-32, and the magic."""


class BlockKey(NamedTuple):
    """What the frames of a block have in common.

    Attributes:
        kind: ``data``, ``error`` or ``remote`` frames.
        channel: CAN channel.
        identifier: Of data frames; 0 for the others.
        extended: Likewise.
    """

    kind: str
    channel: str
    identifier: int = 0
    extended: bool = False


class Entry(NamedTuple):
    """Where a block lies, in bytes; seconds follow the frames.

    Attributes:
        rows: Number of frames.
        width: Payload width.
        at: First byte.
        sum: Checksum of the frames' bytes.
        runs: Number of runs in its seconds.
        runs_sum: Checksum of the seconds' bytes.
    """

    rows: int
    width: int
    at: int
    sum: int
    runs: int
    runs_sum: int


class StaleError(Exception):
    """The cache is missing, of another recording, or damaged."""


class ColumnFile:
    """A cache that is open for reading.

    Args:
        view: The file's bytes.
        digest: Of the recording that it must belong to.

    Raises:
        StaleError: If it does not.
    """

    def __init__(self, view: memoryview, digest: str) -> None:
        self._view = view
        self._entries = _index(view, digest)
        self._frames: dict[BlockKey, Frames] = {}
        self._seconds: dict[BlockKey, Seconds] = {}

    def blocks(self) -> Iterator[BlockKey]:
        """All blocks."""
        return iter(self._entries)

    def frames(self, key: BlockKey) -> Frames:
        """The frames of a block.

        Raises:
            KeyError: If there is no such block.
            StaleError: If its bytes are not what was written.
        """
        if key not in self._frames:
            entry = self._entries[key]
            size = frame_bytes(entry.rows, entry.width)
            blob = self._checked(entry.at, size, entry.sum)
            self._frames[key] = _frames(blob, entry)
        return self._frames[key]

    def seconds(self, key: BlockKey) -> Seconds:
        """The seconds of a block.

        Raises:
            KeyError: If there is no such block.
            StaleError: If its bytes are not what was written.
        """
        if key not in self._seconds:
            entry = self._entries[key]
            at = entry.at + frame_bytes(entry.rows, entry.width)
            size = entry.runs * (16 + 2 * entry.width)
            blob = self._checked(at, size, entry.runs_sum)
            self._seconds[key] = _seconds(blob, entry)
        return self._seconds[key]

    def _checked(self, at: int, size: int, wanted: int) -> memoryview:
        blob = self._view[at : at + size]
        if len(blob) != size or checksum(blob) != wanted:
            raise StaleError("a block is damaged")
        return blob


def column_bytes(
    digest: str, blocks: Iterable[tuple[BlockKey, Frames]]
) -> Iterator[bytes]:
    """The content of a cache file, piece by piece."""
    yield MAGIC
    at = len(MAGIC)
    index = []
    for key, frames in blocks:
        blob = _frame_blob(frames)
        seconds = seconds_of(frames)
        runs = _seconds_blob(seconds)
        rest = bytes(-len(runs) % 8)
        entry = Entry(
            rows=len(frames),
            width=frames.data.shape[1],
            at=at,
            sum=checksum(blob),
            runs=len(seconds.start),
            runs_sum=checksum(runs),
        )
        index.append([*key, *entry])
        at += len(blob) + len(runs) + len(rest)
        yield from (blob, runs, rest)
    text = json.dumps({"digest": digest, "blocks": index}).encode()
    yield text
    yield TRAILER.pack(at, zlib.crc32(text), MAGIC)


def checksum(blob: bytes | memoryview) -> int:
    """CRC-32 over the sums of the pages; as fast as memory, unlike CRC-32 itself.

    Notices what befalls files: flipped bits, lost, stale and exchanged pages.
    """
    pages = len(blob) // PAGE_BYTES
    words = np.frombuffer(blob, np.uint64, pages * PAGE_BYTES // 8)
    sums = words.reshape(pages, PAGE_BYTES // 8).sum(axis=1)
    return zlib.crc32(blob[pages * PAGE_BYTES :], zlib.crc32(sums.tobytes()))


def frame_bytes(rows: int, width: int) -> int:
    """Size of a block's frames, a multiple of eight."""
    return (rows * (14 + width) + 7) // 8 * 8


def _frame_blob(frames: Frames) -> bytes:
    columns = (frames.t_ns, frames.ids, frames.flags, frames.length, frames.data)
    blob = b"".join(np.ascontiguousarray(column).data for column in columns)
    return blob + bytes(-len(blob) % 8)


def _frames(blob: memoryview, entry: Entry) -> Frames:
    rows, width = entry.rows, entry.width
    return Frames(
        t_ns=np.frombuffer(blob, np.int64, rows),
        ids=np.frombuffer(blob, np.uint32, rows, 8 * rows),
        flags=np.frombuffer(blob, np.uint8, rows, 12 * rows),
        length=np.frombuffer(blob, np.uint8, rows, 13 * rows),
        data=np.frombuffer(blob, np.uint8, rows * width, 14 * rows).reshape(
            rows, width
        ),
    )


def _seconds_blob(seconds: Seconds) -> bytes:
    columns = (seconds.second, seconds.start, seconds.minimum, seconds.maximum)
    return b"".join(np.ascontiguousarray(column).tobytes() for column in columns)


def _seconds(blob: memoryview, entry: Entry) -> Seconds:
    runs, width = entry.runs, entry.width

    def payload(at: int) -> NDArray[np.uint8]:
        return np.frombuffer(blob, np.uint8, runs * width, at).reshape(runs, width)

    return Seconds(
        second=np.frombuffer(blob, np.int64, runs),
        start=np.frombuffer(blob, np.int64, runs, 8 * runs),
        minimum=payload(16 * runs),
        maximum=payload((16 + width) * runs),
    )


def _index(view: memoryview, digest: str) -> dict[BlockKey, Entry]:
    if len(view) < len(MAGIC) + TRAILER.size or bytes(view[: len(MAGIC)]) != MAGIC:
        raise StaleError("not a cache")
    at, crc, magic = TRAILER.unpack_from(view, len(view) - TRAILER.size)
    text = bytes(view[at : len(view) - TRAILER.size])
    if magic != MAGIC or zlib.crc32(text) != crc:
        raise StaleError("the index is damaged")
    index = json.loads(text)
    if index["digest"] != digest:
        raise StaleError("of another recording")
    return {BlockKey(*row[:4]): Entry(*row[4:]) for row in index["blocks"]}
