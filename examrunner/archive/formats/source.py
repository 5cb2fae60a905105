"""Bytes and lines of a log file, unpacked within bounds."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from examrunner.archive.log_file import Row
from examrunner.model.errors import RecordingError
from examrunner.model.frames import FD

LARGEST_BYTES: Final = 1 << 30
"""Size of the largest log that is read into memory."""
LARGEST_UNPACKED_BYTES: Final = 1 << 28
"""Of one that is gzipped: a small file must not take much more memory."""
LONGEST_LINE: Final = 4096
GZIP: Final = b"\x1f\x8b"

LARGEST_ID: Final = 0x1FFFFFFF
LARGEST_CLASSIC_BYTES, LARGEST_FD_BYTES = 8, 64
LATEST_NS: Final = 1 << 62

Parse = Callable[[str], Row | None]


def content_of(path: Path) -> bytes:
    """All bytes of a log, unpacked if it is gzipped.

    Raises:
        RecordingError: If it cannot be read, is too large, or unpacks to too much.
    """
    content = _first_bytes(path, LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise RecordingError(
            "the log has more than 1 GiB.",
            where=str(path),
            remedy="Split it, for example one file an attempt, and import the parts.",
        )
    return content


def head_of(path: Path, size: int) -> bytes:
    """The first ``size`` bytes of a log, unpacked if it is gzipped.

    Raises:
        RecordingError: If it cannot be read.
    """
    return _first_bytes(path, size)


def _first_bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(GZIP)) == GZIP
            file.seek(0)
            if not is_packed:
                return file.read(most)
            with gzip.open(file, "rb") as unpacked:
                content = unpacked.read(min(most, LARGEST_UNPACKED_BYTES + 1))
    except OSError as error:
        raise _unreadable(path, error.strerror or "it is damaged") from error
    except (EOFError, zlib.error) as error:
        raise _unreadable(path, "its end is missing, or it is damaged") from error
    if len(content) > LARGEST_UNPACKED_BYTES:
        raise RecordingError(
            "the log unpacks to more than 256 MiB.",
            where=str(path),
            remedy="Unpack it with gunzip, look at it, and import the plain file.",
        )
    return content


def _unreadable(path: Path, problem: str) -> RecordingError:
    return RecordingError(
        f"the file cannot be read: {problem}.",
        where=str(path),
        remedy="Check its name and that it was copied completely.",
    )


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered, stripped lines of a text log; empty ones are passed over.

    Raises:
        RecordingError: If it cannot be read, or a line is no text.
    """
    for number, raw in enumerate(io.BytesIO(content_of(path)), 1):
        if len(raw) > LONGEST_LINE:
            seen = raw[:40].decode("latin-1")
            raise mistaken(path, number, "the line is longer than any log's", seen)
        line = raw.decode("latin-1").strip()
        if line:
            yield number, line


def rows_of(path: Path, tool: str, parse: Parse) -> Iterator[Row]:
    """The frames that the lines of a text log hold.

    Args:
        path: The log.
        tool: Whose log it is, for messages.
        parse: Gives the frame in a line, None for a line without one, and raises
            ``ValueError``, ``KeyError`` or ``IndexError`` for a line that is wrong.

    Raises:
        RecordingError: If it cannot be read, or a line is wrong.
    """
    for number, line in lines_of(path):
        try:
            row = parse(line)
            if row is not None:
                _check(row)
        except (ValueError, KeyError, IndexError):
            raise mistaken(path, number, f"this is no line of {tool}", line) from None
        if row is not None:
            yield row


def _check(row: Row) -> None:
    if not 0 <= row.can_id <= LARGEST_ID:
        raise ValueError("there is no such identifier")
    if len(row.data) > (LARGEST_FD_BYTES if row.flags & FD else LARGEST_CLASSIC_BYTES):
        raise ValueError("a frame is never that long")
    if not 0 <= row.t_ns <= LATEST_NS:
        raise ValueError("its time is impossible")


def mistaken(path: Path, line: int, problem: str, seen: str) -> RecordingError:
    """The error about one line of a log."""
    return RecordingError(
        f"{problem}: {seen[:80]!r}.",
        where=f"{path}:{line}",
        remedy="Correct or remove that line in a copy; nothing was imported.",
    )
