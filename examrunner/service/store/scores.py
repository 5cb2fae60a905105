"""Scores of record: appended with every judging and every decision."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, func, select

from examrunner.model.decision import Decision
from examrunner.model.digests import canonical_json
from examrunner.service.attempt_messages import DecisionRequest
from examrunner.service.clock import Clock
from examrunner.service.refusals import ConflictError
from examrunner.service.store import audit, documents
from examrunner.service.store.attempts import attempt_row
from examrunner.service.store.database import Database
from examrunner.service.tables import DecisionRow, JobRow, JudgementsRow, ScoreRow
from examrunner.wire import ScoreMessage

Judged = Mapping[str, Any]
"""What the judge said, as JSON: ``judgements``, ``digests``, ``software``."""
Settle = Callable[[bytes, Judged, Sequence[Decision]], ScoreMessage]
"""Rubric file, what the judge said and what people said, to a score."""


class Scores:
    """Writes scores and the decisions that change them.

    Args:
        settle: Computes points; takes milliseconds, so it runs in the transaction.
    """

    def __init__(self, database: Database, clock: Clock, settle: Settle) -> None:
        self._database = database
        self._clock = clock
        self._settle = settle

    def keep_judged(self, job: int, judged: Judged) -> None:
        """Append what judging said, and the score that follows; finish the job."""
        at = self._clock()

        def work(session: Session) -> None:
            job_row = session.get_one(JobRow, job)
            if job_row.finished_at is not None:
                return
            row = JudgementsRow(
                attempt=job_row.attempt, body=canonical_json(judged).decode(), at=at
            )
            session.add(row)
            job_row.finished_at = at
            session.flush()
            self._append(session, row, cause="judged", at=at, by=job_row.by)

        self._database.write(work)

    def decide(self, attempt: UUID, request: DecisionRequest, *, by: str) -> int:
        """Append a decision and settle again; the new score's number.

        Raises:
            ConflictError: If there is no score to decide about.
        """
        at = self._clock()

        def work(session: Session) -> int:
            attempt_row(session, attempt)
            judgements = session.exec(
                select(JudgementsRow)
                .where(JudgementsRow.attempt == str(attempt))
                .order_by(col(JudgementsRow.number).desc())
            ).first()
            if judgements is None:
                raise ConflictError(
                    "the attempt has not been judged.",
                    where=f"attempt {attempt}",
                    remedy="Wait for its score, then decide.",
                )
            session.add(
                DecisionRow(attempt=str(attempt), by=by, at=at, **request.model_dump())
            )
            session.flush()
            audit.append(
                session,
                at=at,
                by=by,
                action="attempt.decide",
                subject=str(attempt),
                decision=request.model_dump(),
            )
            return self._append(session, judgements, cause="decided", at=at, by=by)

        return self._database.write(work)

    def _append(
        self,
        session: Session,
        judgements: JudgementsRow,
        *,
        cause: Literal["judged", "decided"],
        at: datetime,
        by: str,
    ) -> int:
        attempt = attempt_row(session, UUID(judgements.attempt))
        score = self._settle(
            documents.content_of(session, attempt.rubric),
            json.loads(judgements.body),
            decisions_of(session, attempt.id),
        )
        last = session.exec(
            select(func.max(ScoreRow.number)).where(ScoreRow.attempt == attempt.id)
        ).one()
        number = (last or 0) + 1
        session.add(
            ScoreRow(
                attempt=attempt.id,
                number=number,
                judgements=judgements.number or 0,
                cause=cause,
                low=str(score.points.low),
                high=str(score.points.high),
                max=str(score.points.max),
                verdict=score.verdict,
                body=score.model_dump_json(),
                at=at,
            )
        )
        session.flush()
        audit.append(
            session,
            at=at,
            by=by,
            action="score.append",
            subject=attempt.id,
            number=number,
            cause=cause,
            low=str(score.points.low),
            high=str(score.points.high),
            verdict=score.verdict,
        )
        return number


def decisions_of(session: Session, attempt: str) -> list[Decision]:
    """What examiners decided about an attempt, in order."""
    rows = session.exec(
        select(DecisionRow)
        .where(DecisionRow.attempt == attempt)
        .order_by(col(DecisionRow.number))
    )
    return [
        Decision(
            criterion=row.criterion,
            by=row.by,
            at=row.at.isoformat(),
            reason=row.reason,
            level=row.level,
            fraction=row.fraction,
            confirm=row.confirm,
        )
        for row in rows
    ]
