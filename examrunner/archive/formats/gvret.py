"""GVRET's CSV (SavvyCAN's native log)."""

from pathlib import Path

from examrunner.archive.formats.source import rows_of
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED, OWN


def read(path: Path) -> LogFile:
    """Read a GVRET log; times are microseconds.

    Raises:
        RecordingError: If a line is none of GVRET's.
    """
    columns: list[str] = []

    def row(line: str) -> Row | None:
        cells = line.rstrip(",").split(",")
        if columns:
            return _row(columns, cells)
        columns.extend(cell.strip().lower() for cell in cells)
        return None

    return collected("gvret", rows_of(path, "GVRET", row))


def _row(columns: list[str], cells: list[str]) -> Row:
    named = dict(zip(columns, cells, strict=False))
    length = int(named["len"])
    first = columns.index("d1")
    data = bytes(int(cell, 16) for cell in cells[first : first + length])
    if len(data) != length:
        raise ValueError("fewer bytes than its length")
    own = named.get("dir", "Rx").strip().lower() == "tx"
    return Row(
        t_ns=int(named["time stamp"]) * 1000,
        channel=int(named["bus"]),
        can_id=int(named["id"], 16),
        flags=(EXTENDED if named["extended"].strip().lower() == "true" else 0)
        | (OWN if own else 0),
        data=data,
    )
