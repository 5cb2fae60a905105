"""How many exams still fit on a station's disk."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.archive.durable import disk_of
from examrunner.archive.reserve import NAME, Reserve
from examrunner.model.errors import RecordingError

EXAM_BYTES: Final = 128 << 20
"""One recording and its packed copy: half an hour of two buses and 60 stills."""
WARN_EXAMS: Final = 5
LEAST_EXAMS: Final = 2
"""With less room no attempt begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The disk of a station.

    Attributes:
        data: The station's folder.
        exam_bytes: What one exam needs; the reserve has the same size, so that an
            attempt that runs can always be finished.
    """

    data: Path
    exam_bytes: int = EXAM_BYTES

    @property
    def reserve(self) -> Reserve:
        """Room for the attempt that runs."""
        return Reserve(path=self.data / NAME)

    def exams(self) -> int:
        """How many whole exams fit beside the reserve.

        Raises:
            RecordingError: If the disk does not answer.
        """
        with disk_of(self.data):
            free = shutil.disk_usage(self.data).free
        if not self.reserve.path.exists():
            free -= self.exam_bytes
        return max(0, free // self.exam_bytes)

    def prepare(self) -> str:
        """Takes the reserve if there is room; says what an administrator must know.

        Raises:
            RecordingError: If the disk does not answer.
        """
        exams = self.exams()
        if exams >= LEAST_EXAMS:
            with disk_of(self.reserve.path):
                self.reserve.keep(self.exam_bytes)
        if exams < LEAST_EXAMS:
            return f"disk full: no exam begins before there is room for {LEAST_EXAMS}"
        if exams < WARN_EXAMS:
            return f"disk nearly full: room for {exams} exams"
        return ""


class RoomWatch:
    """Takes the reserve, and says when there is too little room beside it.

    Args:
        room: The disk.
        say: Told in a line what changes.

    Attributes:
        alert: What an administrator must know; empty if nothing.
    """

    def __init__(self, room: Room, say: Callable[[str], None]) -> None:
        self.alert = ""
        self._room = room
        self._say = say

    def is_enough(self) -> bool:
        """Whether another attempt may begin."""
        try:
            alert = self._room.prepare()
            enough = self._room.exams() >= LEAST_EXAMS
        except RecordingError as error:
            alert, enough = error.problem, False
        if alert != self.alert:
            self.alert = alert
            self._say(alert or "there is room on the disk again")
        return enough
