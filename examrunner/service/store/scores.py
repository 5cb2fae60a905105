"""Scores of record: appended with every judging and every decision."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, func, select

from examrunner.model.decision import Decision
from examrunner.model.digests import canonical_json, digest_of
from examrunner.model.protocol import Entry, decisions_in, head_of
from examrunner.service.attempt_messages import DecisionRequest
from examrunner.service.clock import Clock
from examrunner.service.refusals import ConflictError
from examrunner.service.store import documents
from examrunner.service.store.attempts import attempt_row
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.store.leases import check_holder
from examrunner.service.store.protocols import (
    append_protocol,
    hall_decisions,
    is_known,
    protocol_of,
    protocol_row,
)
from examrunner.service.store.quarantine import note_decision
from examrunner.service.tables import (
    AttemptRow,
    DecisionRow,
    JobRow,
    JudgementsRow,
    ScoreRow,
)
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
            self._append(Deed(session, at, job_row.by), row, "judged")

        self._database.write(work)

    def decide(self, attempt: UUID, request: DecisionRequest, *, by: str) -> int:
        """Append a decision and settle again; the new score's number.

        Raises:
            ConflictError: If there is no score to decide about.
        """
        at = self._clock()

        def work(session: Session) -> int:
            attempt_row(session, attempt)
            deed = Deed(session, at, by)
            judgements = _last_judgements(session, str(attempt))
            session.add(
                DecisionRow(attempt=str(attempt), by=by, at=at, **request.model_dump())
            )
            session.flush()
            deed.log("attempt.decide", str(attempt), decision=request.model_dump())
            return self._append(deed, judgements, "decided")

        return self._database.write(work)

    def keep_protocol(
        self, attempt: UUID, entries: Sequence[Entry], *, station: str, token: int
    ) -> None:
        """Keep what people said at the station, and settle again if they decided.

        What is stored already, or begins what is stored, has no effect.

        Raises:
            ConflictError: If another protocol is stored, or the lease does not count.
        """
        at = self._clock()

        def work(session: Session) -> None:
            name = attempt_row(session, attempt).id
            stored = protocol_row(session, name)
            if stored is not None and stored.digest == head_of(entries):
                return
            check_holder(session, name, station, token)
            if is_known(session, name, entries):
                return
            deed = Deed(session, at, f"station/{station}")
            self._keep_longer(deed, name, entries)

        self._database.write(work)

    def knows_protocol(self, attempt: UUID, entries: Sequence[Entry]) -> bool:
        """Whether what is stored is this, or begins with this."""
        stored = self._database.read(lambda s: protocol_of(s, str(attempt)))
        return bool(entries) and tuple(stored[: len(entries)]) == tuple(entries)

    def accept_protocol(
        self,
        aside: int,
        attempt: UUID,
        entries: Sequence[Entry],
        *,
        by: str,
        reason: str,
    ) -> None:
        """Keep a protocol that was kept aside, by somebody's decision.

        Raises:
            ConflictError: If another one is stored, or this was decided about.
        """
        at = self._clock()

        def work(session: Session) -> None:
            deed = Deed(session, at, by)
            note_decision(deed, aside, is_accepted=True, reason=reason)
            name = attempt_row(session, attempt).id
            if not is_known(session, name, entries):
                self._keep_longer(deed, name, entries)

        self._database.write(work)

    def _keep_longer(self, deed: Deed, name: str, entries: Sequence[Entry]) -> None:
        before = hall_decisions(deed.session, name)
        append_protocol(deed, name, entries, deed.by)
        judgements = _judgements_of(deed.session, name)
        if judgements is not None and decisions_in(entries) != before:
            self._append(deed, judgements, "decided")

    def _append(
        self, deed: Deed, judgements: JudgementsRow, cause: Literal["judged", "decided"]
    ) -> int:
        session = deed.session
        attempt = session.get_one(AttemptRow, judgements.attempt)
        score = self._settle(
            documents.content_of(session, attempt.rubric),
            json.loads(judgements.body),
            decisions_of(session, attempt.id),
        )
        number = _last_number(session, attempt.id) + 1
        body = score.model_dump_json()
        said = {
            "low": str(score.points.low),
            "high": str(score.points.high),
            "verdict": score.verdict,
        }
        session.add(
            ScoreRow(
                attempt=attempt.id,
                number=number,
                judgements=judgements.number or 0,
                cause=cause,
                max=str(score.points.max),
                body=body,
                at=deed.at,
                **said,
            )
        )
        session.flush()
        deed.log(
            "score.append",
            attempt.id,
            number=number,
            cause=cause,
            score=digest_of(body.encode()),
            judgements=digest_of(judgements.body.encode()),
            **said,
        )
        return number


def _last_number(session: Session, attempt: str) -> int:
    query = select(func.max(ScoreRow.number)).where(ScoreRow.attempt == attempt)
    return session.exec(query).one() or 0


def _judgements_of(session: Session, attempt: str) -> JudgementsRow | None:
    return session.exec(
        select(JudgementsRow)
        .where(JudgementsRow.attempt == attempt)
        .order_by(col(JudgementsRow.number).desc())
    ).first()


def _last_judgements(session: Session, attempt: str) -> JudgementsRow:
    row = _judgements_of(session, attempt)
    if row is None:
        raise ConflictError(
            "the attempt has not been judged.",
            where=f"attempt {attempt}",
            remedy="Wait for its score, then decide.",
        )
    return row


def decisions_of(session: Session, attempt: str) -> list[Decision]:
    """What examiners decided about an attempt: first at the station, then here.

    A station's clock may be wrong, so time does not order the two: who decides here
    has seen what was said there.
    """
    rows = session.exec(
        select(DecisionRow)
        .where(DecisionRow.attempt == attempt)
        .order_by(col(DecisionRow.number))
    )
    here = [
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
    return [*hall_decisions(session, attempt), *here]
