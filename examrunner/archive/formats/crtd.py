"""CRTD, the log of OVMS (also written by SavvyCAN)."""

import re
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import rows_of
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED, OWN

FRAME: Final = re.compile(
    r"(\d+)\.(\d{1,9})\s+(\d*)([RT])(11|29)\s+([0-9A-Fa-f]+)((?:\s+[0-9A-Fa-f]{2})*)"
)
OTHER: Final = re.compile(r"\d+\.\d+\s+\d*[A-Z]{2,3}\b.*")
"""Comments, events and status records: CXX, CEV, CBC and the like."""


def read(path: Path) -> LogFile:
    """Read a CRTD log; times are seconds.

    Raises:
        RecordingError: If a line is none of CRTD's.
    """
    return collected("crtd", rows_of(path, "CRTD", _row))


def _row(line: str) -> Row | None:
    found = FRAME.fullmatch(line)
    if found is None:
        if OTHER.fullmatch(line):
            return None
        raise ValueError(line)
    seconds, fraction, bus, direction, width, identifier, data = found.groups()
    return Row(
        t_ns=int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0")),
        channel=int(bus or 0),
        can_id=int(identifier, 16),
        flags=(EXTENDED if width == "29" else 0) | (OWN if direction == "T" else 0),
        data=bytes.fromhex(data),
    )
