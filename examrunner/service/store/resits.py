"""Attempts that are sat again, because a station voided the first."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from examrunner.service.clock import Clock
from examrunner.service.identifiers import uuid7
from examrunner.service.store import documents
from examrunner.service.store.attempts import attempt_row
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.store.exams import Seat
from examrunner.service.tables import AttemptRow, ExamRow, ResitRow, ResultRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """An attempt that does not count and was not planned again yet.

    Attributes:
        candidate: Code.
        task: Task id.
        station: Where it was planned.
        variant: Its variant.
        had: Every variant of this task that the candidate has met in this exam.
        rubric: The rubric file as the exam pinned it.
        seed: Of the exam's draw.
    """

    candidate: str
    task: str
    station: str
    variant: str
    had: frozenset[str]
    rubric: bytes
    seed: int


class Resits:
    """Reads what was voided and plans it again, each once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def voided(self, attempt: UUID) -> Voided | None:
        """What to plan again; None if its result is not void, or all is done."""

        def work(session: Session) -> Voided | None:
            result = session.get(ResultRow, str(attempt))
            if result is None or json.loads(result.body).get("is_void") is not True:
                return None
            if session.get(ResitRow, str(attempt)) is not None:
                return None
            return _voided(session, attempt_row(session, attempt))

        return self._database.read(work)

    def plan(self, attempt: UUID, seat: Seat, *, by: str) -> None:
        """Plan the attempt again, after everything that is planned; once."""
        at = self._clock()

        def work(session: Session) -> None:
            if session.get(ResitRow, str(attempt)) is not None:
                return
            row = attempt_row(session, attempt)
            again = AttemptRow(
                **row.model_dump(exclude={"id", "variant", "nonce", "case"})
                | {
                    "id": str(uuid7(at, 1)),
                    "variant": seat.variant,
                    "nonce": seat.nonce,
                    "case": documents.keep(session, seat.case, "application/json"),
                    "created_at": at,
                }
            )
            session.add(again)
            session.flush()
            _note(Deed(session, at, by), row.id, again=again.id)

        self._database.write(work)

    def give_up(self, attempt: UUID, problem: str, *, by: str) -> None:
        """Say why nobody could plan it again: an examiner has to; once."""
        at = self._clock()

        def work(session: Session) -> None:
            if session.get(ResitRow, str(attempt)) is None:
                _note(Deed(session, at, by), str(attempt), problem=problem)

        self._database.write(work)


def _voided(session: Session, row: AttemptRow) -> Voided:
    met = select(AttemptRow.variant).where(
        AttemptRow.exam == row.exam,
        AttemptRow.candidate == row.candidate,
        AttemptRow.task == row.task,
    )
    return Voided(
        candidate=row.candidate,
        task=row.task,
        station=row.station,
        variant=row.variant,
        had=frozenset(session.exec(met)),
        rubric=documents.content_of(session, row.rubric),
        seed=int(session.get_one(ExamRow, row.exam).seed),
    )


def _note(deed: Deed, attempt: str, *, again: str = "", problem: str = "") -> None:
    deed.session.add(
        ResitRow(attempt=attempt, again=again or None, problem=problem, at=deed.at)
    )
    deed.session.flush()
    said = {"again": again} if again else {"problem": problem}
    deed.log("attempt.resit", attempt, **said)
