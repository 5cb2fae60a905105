"""A recording's frames by identifier, from a cache beside it that can be rebuilt.

Judging reads this and not the segments. The cache belongs to one recording digest
and is mapped into memory; every block has a checksum that is compared when the block
is first read. A cache that is missing, old or damaged is built again from the
recording, whose chain is checked on the way.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from examrunner.archive.column_file import (
    BlockKey,
    ColumnFile,
    StaleError,
    column_bytes,
)
from examrunner.archive.evidence import mapped
from examrunner.archive.grouping import by_identifier, data_frames, only
from examrunner.archive.reading import Recording
from examrunner.archive.seconds import Seconds
from examrunner.model.frames import ERROR, REMOTE, Frames

Key = tuple[str, int, bool]
"""Channel, identifier, whether it is extended."""

DATA = "data"
ERRORS = "error"
REMOTES = "remote"

Read = TypeVar("Read")


class Columns(Mapping[Key, Frames]):
    """Data frames by (channel, identifier, extended), read when asked for.

    Args:
        cache: Where they come from.
    """

    def __init__(self, cache: "_Cache") -> None:
        self._cache = cache

    def __getitem__(self, key: Key) -> Frames:
        return self._cache.frames(BlockKey(DATA, *key))

    def __iter__(self) -> Iterator[Key]:
        return (key[1:] for key in self._cache.blocks(DATA))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def seconds(self, key: Key) -> Seconds:
        """Smallest and largest payload bytes of an identifier by seconds.

        Raises:
            KeyError: If the identifier was not received.
        """
        return self._cache.seconds(BlockKey(DATA, *key))


def columns_of(recording: Recording) -> Columns:
    """The data frames of a recording by channel and identifier.

    Raises:
        RecordingError: If the recording is damaged.
    """
    return Columns(_Cache(recording))


def errors_of(recording: Recording) -> Mapping[str, Frames]:
    """The error frames of each channel that has any.

    Raises:
        RecordingError: If the recording is damaged.
    """
    return _Cache(recording).by_channel(ERRORS)


def remotes_of(recording: Recording) -> Mapping[str, Frames]:
    """The remote frames of each channel that has any.

    Raises:
        RecordingError: If the recording is damaged.
    """
    return _Cache(recording).by_channel(REMOTES)


def cache_path(recording: Recording) -> Path:
    """Where the cache lies: beside the recording, so that evidence stays evidence."""
    return recording.path.with_name(recording.path.name + ".columns")


class _Cache:
    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        try:
            view = mapped(cache_path(recording))
            self._file = ColumnFile(view, recording.digest)
        except (OSError, StaleError):
            self._file = self._rebuilt()

    def blocks(self, kind: str) -> Iterator[BlockKey]:
        return (key for key in self._file.blocks() if key.kind == kind)

    def frames(self, key: BlockKey) -> Frames:
        return self._read(lambda: self._file.frames(key))

    def seconds(self, key: BlockKey) -> Seconds:
        return self._read(lambda: self._file.seconds(key))

    def by_channel(self, kind: str) -> dict[str, Frames]:
        return {key.channel: self.frames(key) for key in self.blocks(kind)}

    def _read(self, block: Callable[[], Read]) -> Read:
        try:
            return block()
        except StaleError:
            self._file = self._rebuilt()
            return block()

    def _rebuilt(self) -> ColumnFile:
        path = cache_path(self._recording)
        try:
            _replace(path, self._pieces())
            view = mapped(path)
        except OSError:
            # Read-only media: then the cache lives as long as this process.
            view = memoryview(b"".join(self._pieces()))
        return ColumnFile(view, self._recording.digest)

    def _pieces(self) -> Iterator[bytes]:
        return column_bytes(self._recording.digest, _blocks(self._recording))


def _replace(path: Path, pieces: Iterator[bytes]) -> None:
    """Several processes may build the same cache at once; the last one wins."""
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
        partial.replace(path)
    except BaseException:
        partial.unlink()
        raise


def _blocks(recording: Recording) -> Iterator[tuple[BlockKey, Frames]]:
    for channel in recording.channels:
        frames = recording.frames(channel)
        for kind, flag in ((ERRORS, ERROR), (REMOTES, REMOTE)):
            found = only(frames, flag)
            if len(found):
                yield BlockKey(kind, channel), found
        for identifier, extended, group in by_identifier(data_frames(frames)):
            yield BlockKey(DATA, channel, identifier, extended), group
