"""Bytes and lines of a log file, unpacked within bounds."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.model.errors import RecordingError

LARGEST_BYTES: Final = 1 << 30
"""Unpacked size of the largest log that is read into memory."""
LONGEST_LINE: Final = 4096
GZIP: Final = b"\x1f\x8b"


def content_of(path: Path) -> bytes:
    """All bytes of a log, unpacked if it is gzipped.

    Raises:
        RecordingError: If it cannot be read or unpacks to more than a gigabyte.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if content.startswith(GZIP):
            with gzip.open(io.BytesIO(content), "rb") as unpacked:
                content = unpacked.read(LARGEST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RecordingError(
            f"the file cannot be read ({error}).",
            where=str(path),
            remedy="Check its name and that it was copied completely.",
        ) from error
    if len(content) > LARGEST_BYTES:
        raise RecordingError(
            "the log has more than 1 GiB of content.",
            where=str(path),
            remedy="Split it, for example one file an attempt, and import the parts.",
        )
    return content


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered, stripped lines of a text log; empty ones are passed over.

    Raises:
        RecordingError: If it cannot be read, or a line is no text.
    """
    for number, raw in enumerate(content_of(path).splitlines(), 1):
        if len(raw) > LONGEST_LINE:
            raise mistaken(path, number, "the line is longer than any log's", raw[:40])
        line = raw.decode("latin-1").strip()
        if line:
            yield number, line


def mistaken(path: Path, line: int, problem: str, seen: object) -> RecordingError:
    """The error about one line of a log."""
    return RecordingError(
        f"{problem}: {str(seen)[:80]!r}.",
        where=f"{path}:{line}",
        remedy="Correct or remove that line in a copy; nothing was imported.",
    )


def no_frames(path: Path, format_: str) -> RecordingError:
    """The error about a log without any frame."""
    return RecordingError(
        f"no CAN frame was found in it, read as {format_}.",
        where=str(path),
        remedy="Check that it is a CAN log; name its format with FILE.",
    )
