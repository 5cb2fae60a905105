"""BusMaster's log."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import lines_of, mistaken
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED, OWN, REMOTE

FRAME: Final = re.compile(
    r"(\d+):(\d+):(\d+):(\d+)\s+(Rx|Tx)\s+(\d+)\s+(0x)?([0-9A-Fa-f]+)\s+(sr|xr|s|x)\s+"
    r"(\d+)((?:\s+[0-9A-Fa-f]+)*)"
)
DAY_NS: Final = 86_400_000_000_000


def read(path: Path) -> LogFile:
    """Read a BusMaster log; times are times of day, midnights are counted on.

    Raises:
        RecordingError: If a line is none of BusMaster's, or bytes are decimal.
    """
    return collected("busmaster", _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    base, day, previous_ns = 16, 0, 0
    for number, line in lines_of(path):
        if line.startswith("***"):
            base = 10 if line == "***DEC***" else base
            continue
        found = FRAME.fullmatch(line)
        if found is None:
            raise mistaken(path, number, "this is no line of BusMaster", line)
        hours, minutes, seconds, fraction, direction, channel = found.groups()[:6]
        _, identifier, kind, length, data = found.groups()[6:]
        whole_s = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
        t_ns = whole_s * 1_000_000_000 + int(fraction.ljust(9, "0"))
        day += t_ns + day * DAY_NS < previous_ns - DAY_NS // 2
        previous_ns = t_ns + day * DAY_NS
        payload = bytes(int(byte, base) for byte in data.split())
        yield Row(
            t_ns=previous_ns,
            channel=int(channel),
            can_id=int(identifier, base),
            flags=(EXTENDED if kind[0] == "x" else 0)
            | (REMOTE if kind.endswith("r") else 0)
            | (OWN if direction == "Tx" else 0),
            data=payload[: int(length)],
        )
