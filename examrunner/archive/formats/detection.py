"""Which format a log file has, by its first bytes; its name only settles ties."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from examrunner.archive.formats import READERS
from examrunner.archive.formats.source import LATEST_NS, head_of
from examrunner.archive.log_file import LogFile
from examrunner.model.errors import RecordingError

BINARY: Final = (
    (b"LOGG", "blf"),
    (b"MDF ", "mf4"),
    (b"UnFinMF", "mf4"),
    (b"\x0a\x0d\x0d\x0a", "pcapng"),
    (b"\xd4\xc3\xb2\xa1", "pcap"),
    (b"\xa1\xb2\xc3\xd4", "pcap"),
    (b"\x4d\x3c\xb2\xa1", "pcap"),
    (b"\xa1\xb2\x3c\x4d", "pcap"),
)

TEXT: Final = (
    (re.compile(r"\(\d+\.\d+\)\s+\S+\s+[0-9A-Fa-f]+#"), "candump"),
    (re.compile(r"Time Stamp,ID,Extended", re.IGNORECASE), "gvret"),
    (re.compile(r"\*\*\*BUSMASTER"), "busmaster"),
    (re.compile(r"//-+\s+Microchip"), "microchip"),
    (re.compile(r"#\s*Logger type:\s*CL\d000"), "cl2000"),
    (re.compile(r"\d+\.\d+\s+\d*(C[A-Z]{2}|[RT](11|29))\s"), "crtd"),
    (re.compile(r";\$FILEVERSION|;\s*Start time", re.IGNORECASE), "trc"),
    (re.compile(r"date\s+\S+|base\s+(hex|dec)", re.IGNORECASE), "asc"),
    (re.compile(r"ID,Data", re.IGNORECASE), "csv"),
)
LOOKED_AT: Final = 4096


def read_log(path: Path, format_: str = "") -> LogFile:
    """Read a log file of any known format.

    Args:
        path: The file; it may be gzipped.
        format_: A name of ``READERS``; empty: found out.

    Raises:
        RecordingError: If the format is unknown or the file cannot be read.
    """
    named = format_ or format_of(path)
    if named not in READERS:
        raise _unknown(path, f"there is no log format called '{named}'.")
    module, function = READERS[named].split(":")
    reader: Callable[[Path], LogFile] = getattr(import_module(module), function)
    log = reader(path)
    if not len(log):
        raise RecordingError(
            f"no CAN frame was found in it, read as {named}.",
            where=str(path),
            remedy="Check that it is a CAN log; name its format with --format.",
        )
    times = [frames.t_ns for frames in log.channels.values()]
    if any(((t_ns < -LATEST_NS) | (t_ns >= LATEST_NS)).any() for t_ns in times):
        raise RecordingError(
            "a frame's time is impossible: the log is damaged.",
            where=str(path),
            remedy="Export it again from its source; the original was left as it is.",
        )
    return log


def format_of(path: Path) -> str:
    """The name of the format, a key of ``READERS``.

    Raises:
        RecordingError: If the file cannot be read or looks like none of them.
    """
    head = head_of(path, LOOKED_AT)
    for magic, name in BINARY:
        if head.startswith(magic):
            return name
    text = head.decode("latin-1").lstrip()
    for pattern, name in TEXT:
        if pattern.match(text):
            return name
    suffixes = [suffix.lstrip(".").lower() for suffix in path.suffixes]
    for suffix in suffixes:
        if suffix in {"asc", "trc"}:
            return suffix
    raise _unknown(path, "this looks like no CAN log that is known.")


def _unknown(path: Path, problem: str) -> RecordingError:
    return RecordingError(
        problem, where=str(path), remedy=f"Known: {', '.join(sorted(READERS))}."
    )
