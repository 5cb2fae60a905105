"""BusMaster's log."""

import re
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import rows_of
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED, OWN, REMOTE

FRAME: Final = re.compile(
    r"(\d+):(\d+):(\d+):(\d{1,9})\s+(Rx|Tx)\s+(\d+)\s+(?:0x)?([0-9A-Fa-f]+)\s+"
    r"(sr|xr|s|x)\s+(\d+)((?:\s+[0-9A-Fa-f]+)*)"
)
DAY_NS: Final = 86_400_000_000_000


def read(path: Path) -> LogFile:
    """Read a BusMaster log; times are times of day, midnights are counted on.

    Raises:
        RecordingError: If a line is none of BusMaster's.
    """
    return collected("busmaster", rows_of(path, "BusMaster", _Lines().row))


class _Lines:
    """The lines of one log: what its header said and which day it is."""

    def __init__(self) -> None:
        self._base = 16
        self._day = 0
        self._previous_ns = 0

    def row(self, line: str) -> Row | None:
        if line.startswith("***"):
            self._base = 10 if line == "***DEC***" else self._base
            return None
        found = FRAME.fullmatch(line)
        if found is None:
            raise ValueError(line)
        *time, direction, channel, identifier, kind, length, data = found.groups()
        payload = bytes(int(octet, self._base) for octet in data.split())
        is_remote = kind.endswith("r")
        if not is_remote and len(payload) < int(length):
            raise ValueError("fewer bytes than its length")
        return Row(
            t_ns=self._time_ns(*time),
            channel=int(channel),
            can_id=int(identifier, self._base),
            flags=(EXTENDED if kind[0] == "x" else 0)
            | (REMOTE if is_remote else 0)
            | (OWN if direction == "Tx" else 0),
            data=bytes(min(int(length), 8)) if is_remote else payload[: int(length)],
        )

    def _time_ns(self, hours: str, minutes: str, seconds: str, fraction: str) -> int:
        whole_s = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
        of_day_ns = whole_s * 1_000_000_000 + int(fraction.ljust(9, "0"))
        t_ns = of_day_ns + self._day * DAY_NS
        if t_ns < self._previous_ns - DAY_NS // 2:
            self._day += 1
            t_ns += DAY_NS
        self._previous_ns = t_ns
        return t_ns
