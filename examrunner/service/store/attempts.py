"""Attempts: how far each is, read from what happened to it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect, case, func
from sqlmodel import Session, and_, col, or_, select

from examrunner.service.attempt_messages import AttemptMessage
from examrunner.service.clock import Clock
from examrunner.service.messages import AttemptState
from examrunner.service.policy import Thing
from examrunner.service.refusals import UnknownError
from examrunner.service.store.database import Database
from examrunner.service.tables import (
    AttemptRow,
    CandidateRow,
    ConfirmationRow,
    LeaseRow,
    RecordingRow,
    ResultRow,
    ScoreRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFilter:
    """Which attempts a list shows; an empty field does not restrict."""

    exam: str = ""
    candidate: str = ""
    task: str = ""
    state: AttemptState | None = None


def _last(value: Any, attempt: Any, number: Any) -> ScalarSelect[Any]:
    query = select(value).where(attempt == AttemptRow.id).order_by(number.desc())
    return query.limit(1).correlate(AttemptRow).scalar_subquery()


LEASED: Final = (
    select(LeaseRow.token)
    .where(
        col(LeaseRow.attempt) == col(AttemptRow.id), col(LeaseRow.ended_at).is_(None)
    )
    .correlate(AttemptRow)
    .exists()
)
DELIVERED: Final = or_(
    select(ResultRow.attempt)
    .where(col(ResultRow.attempt) == col(AttemptRow.id))
    .correlate(AttemptRow)
    .exists(),
    select(RecordingRow.attempt)
    .where(col(RecordingRow.attempt) == col(AttemptRow.id))
    .correlate(AttemptRow)
    .exists(),
)
JUDGED: Final = (
    select(ScoreRow.number)
    .where(col(ScoreRow.attempt) == col(AttemptRow.id))
    .correlate(AttemptRow)
    .exists()
)
CONFIRMED: Final = (
    select(ConfirmationRow.number)
    .where(col(ConfirmationRow.attempt) == col(AttemptRow.id))
    .correlate(AttemptRow)
    .exists()
)
STATE: Final = case(
    (CONFIRMED, AttemptState.CONFIRMED.value),
    (JUDGED, AttemptState.JUDGED.value),
    (DELIVERED, AttemptState.DELIVERED.value),
    (LEASED, AttemptState.LEASED.value),
    else_=AttemptState.PLANNED.value,
)
CHANGED_AT: Final = func.coalesce(
    _last(ConfirmationRow.at, ConfirmationRow.attempt, col(ConfirmationRow.number)),
    _last(ScoreRow.at, ScoreRow.attempt, col(ScoreRow.number)),
    _last(RecordingRow.at, RecordingRow.attempt, col(RecordingRow.at)),
    _last(ResultRow.at, ResultRow.attempt, col(ResultRow.at)),
    _last(LeaseRow.issued_at, LeaseRow.attempt, col(LeaseRow.token)),
    AttemptRow.created_at,
)


class Attempts:
    """Reads attempts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def listed(
        self, wanted: AttemptFilter, *, after: str, limit: int
    ) -> list[AttemptMessage]:
        """Attempts in the order in which they were planned."""

        def work(session: Session) -> list[AttemptMessage]:
            query = _query().where(col(AttemptRow.id) > after, *_conditions(wanted))
            rows = session.execute(query.order_by(col(AttemptRow.id)).limit(limit))
            return [_message(*row) for row in rows]

        return self._database.read(work)

    def one(self, attempt: UUID) -> AttemptMessage:
        """One attempt.

        Raises:
            UnknownError: If there is none of that id.
        """
        return self._database.read(lambda session: message_of(session, str(attempt)))

    def thing(self, attempt: UUID) -> Thing:
        """Whose an attempt is; nobody's if there is none of that id."""

        def work(session: Session) -> Thing:
            row = session.get(AttemptRow, str(attempt))
            if row is None:
                return Thing()
            stations = session.exec(
                select(LeaseRow.station).where(LeaseRow.attempt == row.id)
            )
            return Thing(stations=frozenset(stations), candidate=row.candidate)

        return self._database.read(work)


def message_of(session: Session, attempt: str) -> AttemptMessage:
    """One attempt as lists show it.

    Raises:
        UnknownError: If there is none of that id.
    """
    row = session.execute(_query().where(col(AttemptRow.id) == attempt)).first()
    if row is None:
        raise no_such_attempt(attempt)
    return _message(*row)


def attempt_row(session: Session, attempt: UUID) -> AttemptRow:
    """The planned attempt.

    Raises:
        UnknownError: If there is none of that id.
    """
    row = session.get(AttemptRow, str(attempt))
    if row is None:
        raise no_such_attempt(str(attempt))
    return row


def no_such_attempt(attempt: str) -> UnknownError:
    """The refusal that also answers whoever may not know of an attempt."""
    return UnknownError(
        f"no attempt of yours has the id {attempt}.",
        where="attempt",
        remedy="GET attempts lists the ones that you may see.",
    )


def count_states(session: Session, exam: str) -> dict[AttemptState, int]:
    """How many attempts of an exam are how far."""
    query = select(STATE).select_from(AttemptRow).where(AttemptRow.exam == exam)
    return Counter(AttemptState(state) for state in session.exec(query))


def _query() -> Any:
    last_score = (
        select(func.max(ScoreRow.number))
        .where(col(ScoreRow.attempt) == col(AttemptRow.id))
        .correlate(AttemptRow)
        .scalar_subquery()
    )
    return (
        select(AttemptRow, CandidateRow.name, ScoreRow, STATE, CHANGED_AT)  # type: ignore[call-overload]  # SQLModel types at most four columns
        .join(CandidateRow, col(CandidateRow.code) == col(AttemptRow.candidate))
        .outerjoin(
            ScoreRow,
            and_(
                col(ScoreRow.attempt) == col(AttemptRow.id),
                col(ScoreRow.number) == last_score,
            ),
        )
    )


def _conditions(wanted: AttemptFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.exam:
        conditions.append(AttemptRow.exam == wanted.exam)
    if wanted.candidate:
        conditions.append(AttemptRow.candidate == wanted.candidate)
    if wanted.task:
        conditions.append(AttemptRow.task == wanted.task)
    if wanted.state is not None:
        conditions.append(wanted.state.value == STATE)
    return conditions


def _message(
    row: AttemptRow, name: str, score: ScoreRow | None, state: str, at: datetime
) -> AttemptMessage:
    return AttemptMessage(
        id=UUID(row.id),
        exam=row.exam,
        candidate=row.candidate,
        name=name,
        task=row.task,
        title={"zh": row.title_zh, "en": row.title_en},
        station=row.station,
        mode=row.mode,  # type: ignore[arg-type]  # the table holds what was validated
        state=AttemptState(state),
        verdict=score.verdict if score else None,
        low=Decimal(score.low) if score else None,
        high=Decimal(score.high) if score else None,
        max=Decimal(score.max) if score else None,
        changed_at=at,
    )
