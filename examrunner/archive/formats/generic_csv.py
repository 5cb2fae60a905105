"""SavvyCAN's generic CSV: identifiers and bytes, no times."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.archive.formats.source import lines_of, mistaken
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.frames import EXTENDED

LARGEST_STANDARD_ID: Final = 0x7FF
NOTE: Final = "The format holds no times: every frame is at 0 s, in file order."


def read(path: Path) -> LogFile:
    """Read a generic CSV log.

    Raises:
        RecordingError: If a line is no identifier with bytes.
    """
    return collected("csv", _rows(path), [NOTE])


def _rows(path: Path) -> Iterator[Row]:
    for number, line in lines_of(path):
        identifier, _, data = line.partition(",")
        if number == 1 and identifier.strip().lower() == "id":
            continue
        try:
            can_id = int(identifier, 16)
            payload = bytes.fromhex(data)
        except ValueError:
            raise mistaken(
                path, number, "this is no identifier with bytes", line
            ) from None
        flags = EXTENDED if can_id > LARGEST_STANDARD_ID else 0
        yield Row(t_ns=0, channel=0, can_id=can_id, flags=flags, data=payload)
