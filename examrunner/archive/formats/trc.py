"""PEAK's trace (versions 1.x and 2.x), read by python-can in a limited child."""

from pathlib import Path

from examrunner.archive.formats.by_python_can import read_limited
from examrunner.archive.log_file import LogFile


def read(path: Path) -> LogFile:
    """Read a TRC log.

    Raises:
        RecordingError: If it cannot be read within bounds.
    """
    return read_limited(path, "trc")
