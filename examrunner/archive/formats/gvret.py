"""GVRET's CSV (SavvyCAN's native log)."""

from collections.abc import Iterator
from pathlib import Path

from examrunner.archive.formats.source import lines_of, mistaken
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED, OWN


def read(path: Path) -> LogFile:
    """Read a GVRET log; times are microseconds.

    Raises:
        RecordingError: If a line is none of GVRET's.
    """
    return collected("gvret", _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    columns: list[str] = []
    for number, line in lines_of(path):
        cells = line.rstrip(",").split(",")
        if not columns:
            columns = [cell.strip().lower() for cell in cells]
            continue
        try:
            yield _row(dict(zip(columns, cells, strict=False)), cells, columns)
        except (KeyError, ValueError):
            raise mistaken(path, number, "this is no line of GVRET", line) from None


def _row(named: dict[str, str], cells: list[str], columns: list[str]) -> Row:
    length = int(named["len"])
    first = columns.index("d1")
    data = bytes(int(cell, 16) for cell in cells[first : first + length])
    if len(data) < length:
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
