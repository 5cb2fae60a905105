"""A station's place in the hall: who may sign in, which attempt is on, which were."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from examrunner.agent.codes import Examiners, tidied
from examrunner.agent.console.seat import Seat
from examrunner.agent.console.sessions import Role, Session, Sessions
from examrunner.agent.rig_lock import RigLock
from examrunner.model.errors import RecordingError

RECENT: Final = 12
"""Attempts that examiners can still judge and sign here after their end."""


class Hall:
    """What the screens of a station share.

    Args:
        station: Station name.
        sessions: Who is signed in.
        examiners: Who may act as an examiner.
        names: Names of candidates by code; empty if the station knows none.
        lock: Of its rig.
        wall_time: Now, ISO 8601 with zone.
        report: What the doctor found last; None if nobody has looked.
    """

    def __init__(
        self,
        *,
        station: str,
        sessions: Sessions,
        examiners: Examiners,
        names: Mapping[str, str],
        lock: RigLock,
        wall_time: Callable[[], str],
        report: Callable[[], Mapping[str, Any] | None] = lambda: None,
    ) -> None:
        self.report = report
        self.station = station
        self.sessions = sessions
        self.names = names
        self.lock = lock
        self.wall_time = wall_time
        self._examiners = examiners
        self._seats: deque[Seat] = deque(maxlen=RECENT)
        self.is_taken = False

    @property
    def seat(self) -> Seat | None:
        """The attempt that is on, or was the last; None before the first."""
        return self._seats[-1] if self._seats else None

    @property
    def seats(self) -> tuple[Seat, ...]:
        """The last attempts, newest first."""
        return tuple(reversed(self._seats))

    @contextmanager
    def seating(self, seat: Seat) -> Iterator[None]:
        """Shows an attempt; when it is over it can still be judged and signed."""
        self._seats.append(seat)
        self.is_taken = True
        try:
            yield
        finally:
            self.is_taken = False
            seat.sitting.desk.close()

    def seat_of(self, attempt_id: str) -> Seat:
        """One of the last attempts.

        Raises:
            RecordingError: If it is none of them.
        """
        for seat in self._seats:
            if seat.attempt_id == attempt_id:
                return seat
        raise RecordingError(
            "this attempt is not at this station any more.",
            where=f"attempt {attempt_id}",
            remedy="Judge it in the service, once it is delivered.",
        )

    def sign_in(self, code: str, name: str) -> Session:
        """Who the code belongs to.

        Raises:
            RecordingError: If it is nobody's, or another candidate's.
        """
        self.sessions.check_patience()
        examiner = self._examiners.name_of(code, name)
        if examiner is not None:
            if self.seat is not None and self.is_taken:
                self.seat.invigilation.join(examiner)
            return Session(role=Role.EXAMINER, name=examiner)
        if (seat := self.seat) is not None and tidied(code) == tidied(seat.candidate):
            return Session(
                role=Role.CANDIDATE, name=seat.candidate, attempt=seat.attempt_id
            )
        self.sessions.failed()
        raise self._stranger(code)

    def is_examiner(self, code: str, name: str) -> bool:
        """Whether the code is this examiner's."""
        self.sessions.check_patience()
        is_right = self._examiners.name_of(code, name) == name
        if not is_right:
            self.sessions.failed()
        return is_right

    def examiner_of(self, code: str, name: str) -> str:
        """The examiner whose code was typed.

        Raises:
            RecordingError: If it is nobody's.
        """
        self.sessions.check_patience()
        found = self._examiners.name_of(code, name)
        if found is None:
            self.sessions.failed()
            raise self._stranger("")
        return found

    def candidate_of(self, code: str) -> str:
        """A candidate's code as the roster writes it.

        Raises:
            RecordingError: If the roster has no such candidate.
        """
        known = {tidied(one): one for one in self.names}
        if not self.names and tidied(code):
            return tidied(code)
        if tidied(code) not in known:
            raise self._stranger("")
        return known[tidied(code)]

    def description(self) -> dict[str, Any]:
        """What everybody before the screen may know."""
        locking = self.lock.now
        seat = self.seat
        return {
            "station": self.station,
            "is_taken": self.is_taken,
            "task": seat.task if seat is not None and self.is_taken else "",
            "locked": None if locking is None else {"at": locking.at},
        }

    def _stranger(self, code: str) -> RecordingError:
        planned = {tidied(one) for one in self.names}
        if code and tidied(code) in planned:
            return RecordingError(
                "this place is for another candidate.",
                where=self.station,
                remedy="Look at the list of places, or call the examiner.",
            )
        return RecordingError(
            "this code is not known here.",
            where=self.station,
            remedy="Type it again letter by letter; there is no O, 0, I or 1 in it.",
        )
