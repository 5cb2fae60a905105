"""The protocol of an attempt: what people did and said, who and when, in order.

It lies beside the recording, like every decision, and each entry names the digest of
the one before it, so that none can be changed or taken out unnoticed.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from examrunner.archive.durable import disk_of, write_durably
from examrunner.model.errors import RecordingError
from examrunner.model.protocol import Entry, head_of, is_chain

ENTRIES: Final = TypeAdapter(tuple[Entry, ...])


class Protocol:
    """Entries in a file; each is durable when ``add`` returns.

    Args:
        path: The file; made with the first entry.
        wall_time: Now, ISO 8601 with zone.

    Raises:
        RecordingError: If somebody has changed the file.
    """

    def __init__(self, path: Path, wall_time: Callable[[], str]) -> None:
        self._path = path
        self._wall_time = wall_time
        self._lock = threading.Lock()
        self._entries = _read(path)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, in order."""
        return self._entries

    @property
    def digest(self) -> str:
        """Of the last entry, and so of all; empty without one."""
        return head_of(self._entries)

    def of(self, what: str) -> tuple[Entry, ...]:
        """The entries of one kind."""
        return tuple(entry for entry in self._entries if entry.what == what)

    def add(self, what: str, *, by: str, role: str, **said: object) -> Entry:
        """Appends an entry.

        Raises:
            RecordingError: If the disk refuses.
        """
        with self._lock, disk_of(self._path):
            entry = Entry(
                number=len(self._entries),
                at=self._wall_time(),
                by=by,
                role=role,
                what=what,
                said=said,
                previous=self.digest,
            )
            entries = (*self._entries, entry)
            write_durably(self._path, ENTRIES.dump_json(entries, indent=1))
            self._entries = entries
        return entry


def _read(path: Path) -> tuple[Entry, ...]:
    if not path.exists():
        return ()
    with disk_of(path):
        content = path.read_bytes()
    try:
        entries = ENTRIES.validate_json(content)
    except ValueError:
        raise _changed(path) from None
    if not is_chain(entries):
        raise _changed(path)
    return entries


def _changed(path: Path) -> RecordingError:
    return RecordingError(
        "the protocol of this attempt was changed by another program.",
        where=str(path),
        remedy="Keep the file as it is and call the chief examiner.",
    )
