"""Everything that is known about one attempt."""

import json
from uuid import UUID

from sqlmodel import Session, col, select

from examrunner.service.attempt_messages import (
    AttemptDetail,
    ConfirmationMessage,
    DecisionMessage,
    KeptScore,
    ProvisionalMessage,
)
from examrunner.service.store.attempts import attempt_row, message_of
from examrunner.service.store.database import Database
from examrunner.service.store.scores import decisions_of
from examrunner.service.tables import (
    ConfirmationRow,
    JobRow,
    RecordingRow,
    ResultRow,
    ScoreRow,
)
from examrunner.wire import ScoreMessage


class Details:
    """Reads attempts with their history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, attempt: UUID) -> AttemptDetail:
        """One attempt as staff see it.

        Raises:
            UnknownError: If there is none of that id.
        """

        def work(session: Session) -> AttemptDetail:
            row = attempt_row(session, attempt)
            recording = session.get(RecordingRow, row.id)
            return AttemptDetail(
                attempt=message_of(session, row.id),
                variant=row.variant,
                rubric_digest=row.rubric,
                recording=recording.digest if recording else None,
                provisional=_provisional(session, row.id),
                scores=_scores(session, row.id),
                decisions=[
                    DecisionMessage.model_validate(one, from_attributes=True)
                    for one in decisions_of(session, row.id)
                ],
                confirmation=_confirmation(session, row.id),
                trouble=_trouble(session, row.id),
            )

        return self._database.read(work)


def last_confirmation(session: Session, attempt: str) -> ConfirmationRow | None:
    """The release that counts; None if nothing was released."""
    return session.exec(
        select(ConfirmationRow)
        .where(ConfirmationRow.attempt == attempt)
        .order_by(col(ConfirmationRow.number).desc())
    ).first()


def _scores(session: Session, attempt: str) -> list[KeptScore]:
    rows = session.exec(
        select(ScoreRow)
        .where(ScoreRow.attempt == attempt)
        .order_by(col(ScoreRow.number))
    )
    return [
        KeptScore.model_validate(
            {
                "number": row.number,
                "at": row.at,
                "cause": row.cause,
                "score": ScoreMessage.model_validate_json(row.body),
            }
        )
        for row in rows
    ]


def _provisional(session: Session, attempt: str) -> ProvisionalMessage | None:
    row = session.get(ResultRow, attempt)
    if row is None:
        return None
    return ProvisionalMessage.model_validate({**json.loads(row.body), "at": row.at})


def _confirmation(session: Session, attempt: str) -> ConfirmationMessage | None:
    row = last_confirmation(session, attempt)
    if row is None:
        return None
    return ConfirmationMessage(score=row.score, by=row.by, at=row.at, note=row.note)


def _trouble(session: Session, attempt: str) -> str:
    row = session.exec(
        select(JobRow)
        .where(JobRow.attempt == attempt)
        .order_by(col(JobRow.number).desc())
    ).first()
    return row.trouble if row else ""
