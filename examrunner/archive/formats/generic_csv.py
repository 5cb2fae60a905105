"""SavvyCAN's generic CSV: identifiers and bytes, no times."""

from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import rows_of
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED

LARGEST_STANDARD_ID: Final = 0x7FF
HEADING: Final = "id"
NOTE: Final = "The format holds no times: every frame is at 0 s, in file order."


def read(path: Path) -> LogFile:
    """Read a generic CSV log.

    Raises:
        RecordingError: If a line is no identifier with bytes.
    """
    return collected("csv", rows_of(path, "a generic CSV", _row), [NOTE])


def _row(line: str) -> Row | None:
    identifier, _, data = line.partition(",")
    if identifier.strip().lower() == HEADING:
        return None
    can_id = int(identifier, 16)
    flags = EXTENDED if can_id > LARGEST_STANDARD_ID else 0
    payload = bytes.fromhex(data)
    return Row(t_ns=0, channel=0, can_id=can_id, flags=flags, data=payload)
