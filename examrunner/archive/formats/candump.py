"""candump's log format (``candump -l``, can-utils)."""

import re
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import rows_of
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, OWN, REMOTE

LINE: Final = re.compile(
    r"\((\d+)\.(\d{1,9})\)\s+(\S+)\s+([0-9A-Fa-f]{1,8})#(?:#([0-9A-Fa-f]))?"
    r"(?:R([0-8]?)|([0-9A-Fa-f_.]*))(?:\s+([RT])\b)?(?:\s.*)?"
)
"""Labels and comments behind the frame, which attack data sets write, are ignored."""
ERROR_BIT: Final = 0x20000000
IDENTIFIER: Final = 0x1FFFFFFF
STANDARD_DIGITS: Final = 3
FD_BRS, FD_ESI = 1, 2


def read(path: Path) -> LogFile:
    """Read a candump log; interfaces are numbered in order of appearance.

    Raises:
        RecordingError: If a line is none of candump's.
    """
    channels: dict[str, int] = {}
    log = collected(
        "candump", rows_of(path, "candump", lambda line: _row(line, channels))
    )
    names = ", ".join(f"{number} is {name}" for name, number in channels.items())
    notes = (f"{path.name}: channel {names}.",) if len(channels) > 1 else ()
    return LogFile(format=log.format, channels=log.channels, notes=notes)


def _row(line: str, channels: dict[str, int]) -> Row:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(line)
    seconds, fraction, interface, identifier, fd_flags, dlc, data, direction = (
        found.groups()
    )
    payload = bytes.fromhex((data or "").replace(".", "").replace("_", ""))
    return Row(
        t_ns=int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0")),
        channel=channels.setdefault(interface, len(channels)),
        can_id=int(identifier, 16) & IDENTIFIER,
        flags=_flags(identifier, fd_flags, dlc) | (OWN if direction == "T" else 0),
        data=payload if dlc is None else bytes(int(dlc or 0)),
    )


def _flags(identifier: str, fd_flags: str | None, dlc: str | None) -> int:
    if len(identifier) > STANDARD_DIGITS and int(identifier, 16) & ERROR_BIT:
        return ERROR
    flags = EXTENDED if len(identifier) > STANDARD_DIGITS else 0
    if fd_flags is not None:
        bits = int(fd_flags, 16)
        flags |= FD | (BRS if bits & FD_BRS else 0) | (ESI if bits & FD_ESI else 0)
    return flags | (REMOTE if dlc is not None else 0)
