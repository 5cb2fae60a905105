"""CRTD, the log of OVMS (also written by SavvyCAN)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import lines_of, mistaken
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
    return collected("crtd", _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    for number, line in lines_of(path):
        found = FRAME.fullmatch(line)
        if found is None:
            if OTHER.fullmatch(line):
                continue
            raise mistaken(path, number, "this is no line of CRTD", line)
        seconds, fraction, bus, direction, width, identifier, data = found.groups()
        yield Row(
            t_ns=int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0")),
            channel=int(bus or 0),
            can_id=int(identifier, 16),
            flags=(EXTENDED if width == "29" else 0) | (OWN if direction == "T" else 0),
            data=bytes.fromhex(data),
        )
