"""Work that has to survive a restart: recordings to judge."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from examrunner.service.clock import Clock
from examrunner.service.refusals import ConflictError
from examrunner.service.store import documents
from examrunner.service.store.attempts import attempt_row
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.tables import AttemptRow, JobRow, RecordingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingJob:
    """A recording to judge, with everything that it is judged by.

    Attributes:
        number: Of the job.
        tries: How often it was begun before.
        packed: SHA-256 of the packed recording.
    """

    number: int
    tries: int
    attempt: UUID
    packed: str
    rubric: bytes
    case: bytes


class Jobs:
    """Reads and writes jobs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def ask(self, attempt: UUID, *, by: str) -> None:
        """Have an attempt's recording judged again.

        Raises:
            ConflictError: If there is no recording of it.
        """
        at = self._clock()

        def work(session: Session) -> None:
            attempt_row(session, attempt)
            if session.get(RecordingRow, str(attempt)) is None:
                raise ConflictError(
                    "the recording has not arrived.",
                    where=f"attempt {attempt}",
                    remedy="It is judged by itself as soon as the station sends it.",
                )
            session.add(JobRow(attempt=str(attempt), by=by, asked_at=at))
            session.flush()
            Deed(session, at, by).log("attempt.judge", str(attempt))

        self._database.write(work)

    def begin(self) -> JudgingJob | None:
        """The next job, counted as tried; None when all is done."""

        def work(session: Session) -> JudgingJob | None:
            row = session.exec(
                select(JobRow)
                .where(col(JobRow.finished_at).is_(None))
                .order_by(col(JobRow.tries), col(JobRow.number))
            ).first()
            if row is None or row.number is None:
                return None
            tries, row.tries = row.tries, row.tries + 1
            attempt = session.get_one(AttemptRow, row.attempt)
            return JudgingJob(
                number=row.number,
                tries=tries,
                attempt=UUID(row.attempt),
                packed=session.get_one(RecordingRow, row.attempt).packed,
                rubric=documents.content_of(session, attempt.rubric),
                case=documents.content_of(session, attempt.case),
            )

        return self._database.write(work)

    def give_up(self, number: int, trouble: str) -> None:
        """Finish a job that cannot be done; an examiner sees why."""
        at = self._clock()

        def work(session: Session) -> None:
            row = session.get_one(JobRow, number)
            row.finished_at, row.trouble = at, trouble

        self._database.write(work)
