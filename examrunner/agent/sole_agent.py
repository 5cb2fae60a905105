"""At most one station process works in a data folder.

The operating system holds the lock for as long as the process lives and no longer, so
nothing is left behind by a crash. What the file says is for people only.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from examrunner.archive.durable import disk_of
from examrunner.model.errors import RecordingError

LOCK_FILE: Final = "agent.lock"
SAID_BYTES: Final = 1000


@contextmanager
def sole_agent(data: Path, at: str) -> Iterator[None]:
    """Keeps every other station process out of ``data``.

    Args:
        data: The station's folder.
        at: Now, ISO 8601 with zone.

    Raises:
        RecordingError: If another process works there.
    """
    path = data / LOCK_FILE
    with disk_of(path):
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked(descriptor):
            raise _works_already(path, os.read(descriptor, SAID_BYTES))
        _say_who(descriptor, at)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    OUT_OF_THE_WAY: Final = 1 << 30
    """Windows keeps readers from locked bytes: one that holds no text is locked."""

    def _locked(descriptor: int) -> bool:
        os.lseek(descriptor, OUT_OF_THE_WAY, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _say_who(descriptor: int, at: str) -> None:
    """Not synced, and on a full disk empty: the lock is what counts."""
    said = json.dumps({"process": os.getpid(), "since": at}).encode()
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, said)
    except OSError:
        return


def _works_already(path: Path, said: bytes) -> RecordingError:
    try:
        holder = json.loads(said)
        who = f"process {int(holder['process'])}, since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        who = "a process that did not write down its number"
    return RecordingError(
        f"this station runs already ({who}).",
        where=str(path),
        remedy="Use that one. To start it anew, stop its service or end that process "
        "first.",
    )
