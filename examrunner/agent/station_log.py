"""What happened at a station, a line each, for whoever mends it.

Nothing personal stands here: attempts are named by their ids, nobody by a name or code.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from examrunner.model.errors import ExamRunnerError

FOLDER: Final = "logs"
FILE: Final = "station.log"
LARGEST_BYTES: Final = 1 << 20
KEPT: Final = 5
"""Older files that are kept beside the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that happened.

    Attributes:
        event: What, in a sentence.
        attempt: Id of the attempt; empty if it concerns none.
        where: File, channel or address; empty if there is none.
        remedy: What to do; empty if nothing.
    """

    event: str
    attempt: str = ""
    where: str = ""
    remedy: str = ""


def note_of(error: ExamRunnerError, attempt: str = "") -> Note:
    """A failure as the log says it."""
    return Note(
        event=error.problem, attempt=attempt, where=error.where, remedy=error.remedy
    )


class StationLog:
    """Appends lines to a file and turns it over when it is large.

    A log never stops an exam: what the disk refuses is not written.

    Args:
        data: The station's folder.
        station: Station name.
        wall_time: Now, ISO 8601 with zone.
        largest_bytes: Size at which a new file is begun.
    """

    def __init__(
        self,
        data: Path,
        station: str,
        wall_time: Callable[[], str],
        largest_bytes: int = LARGEST_BYTES,
    ) -> None:
        self._path = data / FOLDER / FILE
        self._station = station
        self._wall_time = wall_time
        self._largest_bytes = largest_bytes
        self._lock = Lock()
        self._last: Note | None = None

    def write(self, note: Note) -> None:
        """Adds one line; what is said again and again stands there once."""
        if note == self._last:
            return
        self._last = note
        line = line_of(note, self._station, self._wall_time()).encode() + b"\n"
        with self._lock, suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            size = self._path.stat().st_size if self._path.exists() else 0
            if size and size + len(line) > self._largest_bytes:
                self._turn_over()
            with self._path.open("ab") as file:
                file.write(line)

    def _turn_over(self) -> None:
        for number in reversed(range(KEPT)):
            older = numbered(self._path, number)
            if older.exists():
                older.replace(numbered(self._path, number + 1))


def numbered(path: Path, number: int) -> Path:
    """``station.log``, ``station.log.1``, ..."""
    return path if number == 0 else path.with_name(f"{path.name}.{number}")


def line_of(note: Note, station: str, at: str) -> str:
    """A note in one line.

    >>> line_of(Note(event="silent.", remedy="Plug it in."), "a-03", "09:30")
    '09:30 a-03 - silent. | next: Plug it in.'
    """
    parts = [f"{at} {station} {note.attempt or '-'} {note.event}"]
    if note.where:
        parts.append(f"where: {note.where}")
    if note.remedy:
        parts.append(f"next: {note.remedy}")
    return " ".join(" | ".join(parts).split())
