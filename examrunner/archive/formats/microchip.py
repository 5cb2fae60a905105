"""Log of Microchip's CAN BUS Analyzer."""

from pathlib import Path

from examrunner.archive.formats.source import rows_of
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED, OWN

LARGEST_STANDARD_ID = 0x7FF


def read(path: Path) -> LogFile:
    """Read a Microchip log; times are milliseconds, one channel.

    The format does not say whether an identifier has 29 bits: those above 0x7FF do.

    Raises:
        RecordingError: If a line is none of Microchip's.
    """
    in_header = False

    def row(line: str) -> Row | None:
        nonlocal in_header
        if line.startswith("//"):
            in_header = not in_header
            return None
        return None if in_header else _row(line.rstrip(";").split(";"))

    return collected("microchip", rows_of(path, "Microchip's log", row))


def _row(cells: list[str]) -> Row:
    t_ms, direction, identifier, length, *data = cells
    can_id = int(identifier, 16)
    payload = bytes(int(byte, 16) for byte in data)
    if len(payload) != int(length):
        raise ValueError("its length is not that of its bytes")
    return Row(
        t_ns=round(float(t_ms) * 1_000_000),
        channel=0,
        can_id=can_id,
        flags=(EXTENDED if can_id > LARGEST_STANDARD_ID else 0)
        | (OWN if direction.upper() == "TX" else 0),
        data=payload,
    )
