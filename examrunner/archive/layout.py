"""Names and numbers of the recording on disk; ``README.md`` here is the prose."""

import re
from pathlib import Path
from typing import Final

from examrunner.model.errors import RecordingError

FORMAT: Final = "examrunner-recording/1"
PROFILE: Final = "examrunner"
"""Profile and metadata record of every segment."""

MANIFEST: Final = "manifest.json"
SEGMENT: Final = re.compile(r"segment-(\d{4})\.mcap")
SEGMENT_BYTES: Final = 1 << 30
"""A segment that has reached this size is followed by a new one."""
MOST_FLUSHES: Final = 1 << 20
"""A recording takes no more: ten hours of 28 flushes a second."""
MOST_RECORDS: Final = 3 * MOST_FLUSHES
"""A recording with more is not read: somebody wants our time and memory."""
LARGEST_MESSAGE_ROWS: Final = 65_536
"""Frames in one message at most, so that reading one needs little memory."""

CHAIN: Final = "chain"
CAN: Final = "can/"
CAMERA: Final = "camera/"
EVENTS: Final = "events/"
"""Topics; the stream's name follows the slash."""

CHAIN_CHANNEL: Final = 1
NO_DIGEST: Final = "0" * 64
"""What the first segment names as the digest before it."""

CHAIN_HEAD: Final = '{{"flush":{},"sha256":"'
CHAIN_TAIL: Final = '"}'
"""A chain record's data are the head, the digest's digits and the tail."""
DIGITS: Final = 64


def segment_name(number: int) -> str:
    """File name of the ``number``-th segment, from 1."""
    return f"segment-{number:04}.mcap"


def segment_paths(folder: Path) -> tuple[Path, ...]:
    """The segments that lie in a recording's folder, in order of their names."""
    return tuple(
        sorted(path for path in folder.iterdir() if SEGMENT.fullmatch(path.name))
    )


def unusable(problem: str, where: Path | str) -> RecordingError:
    """A recording that cannot be read at all."""
    return RecordingError(
        problem,
        where=str(where),
        remedy="Run 'examrunner recording verify' on it, and recover it or fetch "
        "another copy.",
    )
