"""Log of the CL2000 logger (CSS Electronics)."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import rows_of
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED, OWN

SETTING: Final = re.compile(r"#\s*([^:]+):\s*(.*)")
EXTENDED_TYPE, TRANSMITTED_TYPE = 1, 8
"""Bits of the type column."""

DEFAULT_TIME: Final = 4
TIMES: Final = (
    re.compile(r"(?P<s>\d+)"),
    re.compile(r"(?P<s>\d+)(?P<ms>\d{3})"),
    re.compile(r"(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)"),
    re.compile(r"(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)(?P<ms>\d{3})"),
    re.compile(r"(?P<d>\d\d)(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)(?P<ms>\d{3})"),
    re.compile(
        r"(?P<mo>\d\d)(?P<d>\d\d)(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)(?P<ms>\d{3})"
    ),
    re.compile(
        r"(?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d)(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)(?P<ms>\d{3})"
    ),
)
"""What the digits of a time mean, by the header's time format."""


def read(path: Path) -> LogFile:
    """Read a CL2000 log.

    Raises:
        RecordingError: If a line is none of the logger's.
    """
    return collected("cl2000", rows_of(path, "a CL2000", _Lines().row))


class _Lines:
    """The lines of one log: what its header and its heading said."""

    def __init__(self) -> None:
        self._settings: dict[str, str] = {}
        self._columns: list[str] = []
        self._separator = ";"

    def row(self, line: str) -> Row | None:
        if line.startswith("#"):
            if found := SETTING.fullmatch(line):
                self._settings[found[1].strip()] = found[2].strip().strip('"')
            return None
        if not self._columns:
            self._separator = self._settings.get("Value separator") or ";"
            self._columns = line.split(self._separator)
            return None
        cells = line.split(self._separator)
        time = TIMES[int(self._settings.get("Time format") or DEFAULT_TIME)]
        return _row(dict(zip(self._columns, cells, strict=True)), time)


def _row(named: Mapping[str, str], time: re.Pattern[str]) -> Row:
    kind = int(named.get("Type", "0"))
    return Row(
        t_ns=_time_ns(named["Timestamp"], time),
        channel=0,
        can_id=int(named["ID"], 16),
        flags=(EXTENDED if kind & EXTENDED_TYPE else 0)
        | (OWN if kind & TRANSMITTED_TYPE else 0),
        data=bytes.fromhex(named["Data"]),
    )


def _time_ns(text: str, time: re.Pattern[str]) -> int:
    found = time.fullmatch(re.sub(r"\D", "", text))
    if found is None:
        raise ValueError(text)
    part = {name: int(digits) for name, digits in found.groupdict().items()}
    days = 0
    if "y" in part or "mo" in part:
        begin = dt.date(part.get("y", 2000), part["mo"], part["d"])
        days = begin.toordinal() - dt.date(1970, 1, 1).toordinal()
    elif "d" in part:
        days = part["d"] - 1
    hours = days * 24 + part.get("h", 0)
    seconds = (hours * 60 + part.get("m", 0)) * 60 + part["s"]
    return (seconds * 1000 + part.get("ms", 0)) * 1_000_000
