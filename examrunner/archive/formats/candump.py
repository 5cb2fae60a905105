"""candump's log format (``candump -l``, can-utils)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import lines_of, mistaken
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, OWN, REMOTE

LINE: Final = re.compile(
    r"\((\d+)\.(\d{1,9})\)\s+(\S+)\s+([0-9A-Fa-f]+)#(#([0-9A-Fa-f]))?"
    r"(?:R(\d?)|([0-9A-Fa-f_.]*))(?:\s+([RT]))?"
)
ERROR_BIT: Final = 0x20000000
IDENTIFIER: Final = 0x1FFFFFFF
STANDARD_DIGITS: Final = 3


def read(path: Path) -> LogFile:
    """Read a candump log; interfaces are numbered in order of appearance.

    Raises:
        RecordingError: If a line is none of candump's.
    """
    return collected("candump", _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    channels: dict[str, int] = {}
    for number, line in lines_of(path):
        found = LINE.fullmatch(line)
        if found is None:
            raise mistaken(path, number, "this is no line of candump", line)
        (
            seconds,
            fraction,
            interface,
            identifier,
            fd,
            fd_flags,
            remote,
            data,
            direction,
        ) = found.groups()
        channel = channels.setdefault(interface, len(channels))
        yield Row(
            t_ns=int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0")),
            channel=channel,
            can_id=int(identifier, 16) & IDENTIFIER,
            flags=_flags(identifier, fd and fd_flags, remote, direction),
            data=bytes.fromhex((data or "").replace(".", "").replace("_", "")),
        )


def _flags(
    identifier: str, fd_flags: str | None, remote: str | None, direction: str | None
) -> int:
    value = int(identifier, 16)
    if value & ERROR_BIT and len(identifier) > STANDARD_DIGITS:
        return ERROR
    flags = EXTENDED if len(identifier) > STANDARD_DIGITS else 0
    if fd_flags is not None:
        bits = int(fd_flags, 16)
        flags |= FD | (BRS if bits & 1 else 0) | (ESI if bits & 2 else 0)
    return (
        flags | (REMOTE if remote is not None else 0) | (OWN if direction == "T" else 0)
    )
