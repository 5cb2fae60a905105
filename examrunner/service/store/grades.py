"""Releases, and the grades that follow from them."""

import json
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, func, select

from examrunner.model.digests import canonical_json
from examrunner.model.grade import Result
from examrunner.model.score import Points, Verdict
from examrunner.service.attempt_messages import ConfirmationRequest
from examrunner.service.clock import Clock
from examrunner.service.messages import GradeMessage
from examrunner.service.refusals import ConflictError
from examrunner.service.store import documents
from examrunner.service.store.attempts import attempt_row
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.tables import (
    AttemptRow,
    CandidateRow,
    ConfirmationRow,
    ExamRow,
    GradeRow,
    ScoreRow,
)

Earned = dict[str, object]
"""The part of a ``GradeMessage`` that the scheme decides, as JSON."""
Grading = Callable[[str, Sequence[Result], bytes], Earned]
"""Candidate, confirmed results in order, scheme file, to what was earned."""


class Grades:
    """Releases attempts and reads the grades.

    Args:
        grading: Computes a grade; takes milliseconds, so it runs in the transaction.
    """

    def __init__(self, database: Database, clock: Clock, grading: Grading) -> None:
        self._database = database
        self._clock = clock
        self._grading = grading

    def confirm(self, attempt: UUID, request: ConfirmationRequest, *, by: str) -> None:
        """Release an attempt's score, and grade its candidate again.

        Raises:
            ConflictError: If another score was appended since, or an examiner still
                has to decide something.
        """
        at = self._clock()

        def work(session: Session) -> None:
            deed = Deed(session, at, by)
            row = attempt_row(session, attempt)
            _check_last(session, row.id, request.score)
            session.add(
                ConfirmationRow(
                    attempt=row.id,
                    score=request.score,
                    by=by,
                    note=request.note,
                    at=at,
                )
            )
            session.flush()
            deed.log("attempt.confirm", row.id, score=request.score, note=request.note)
            if row.mode == "exam":
                self._grade(deed, row)

        self._database.write(work)

    def _grade(self, deed: Deed, attempt: AttemptRow) -> None:
        session = deed.session
        exam = session.get_one(ExamRow, attempt.exam)
        earned = self._grading(
            attempt.candidate,
            _confirmed(session, attempt.candidate, exam.scheme),
            documents.content_of(session, exam.scheme_digest),
        )
        body = canonical_json(earned).decode()
        if body == _last_grade(session, attempt.candidate, exam.scheme):
            return
        row = GradeRow(
            candidate=attempt.candidate,
            scheme=exam.scheme,
            course=str(earned["course"]),
            body=body,
            at=deed.at,
        )
        session.add(row)
        session.flush()
        deed.log(
            "grade.append",
            row.candidate,
            scheme=row.scheme,
            points=earned["points"],
            level=earned["level"],
        )

    def listed(
        self,
        *,
        after: int,
        limit: int,
        courses: Collection[str] | None,
        scheme: str = "",
        only_last: bool = False,
    ) -> list[GradeMessage]:
        """Grades in the order in which they came about.

        Args:
            after: Number of the last one that the caller has.
            limit: Most to return.
            courses: Only of these; None for all.
            scheme: Only under this one; empty for all.
            only_last: Leave out what a later grade replaced.
        """

        def work(session: Session) -> list[GradeMessage]:
            query = (
                select(GradeRow, CandidateRow)
                .join(CandidateRow, col(CandidateRow.code) == col(GradeRow.candidate))
                .where(col(GradeRow.number) > after)
                .order_by(col(GradeRow.number))
                .limit(limit)
            )
            if courses is not None:
                query = query.where(col(GradeRow.course).in_(courses))
            if scheme:
                query = query.where(GradeRow.scheme == scheme)
            if only_last:
                last = select(func.max(GradeRow.number)).group_by(
                    col(GradeRow.candidate), col(GradeRow.scheme)
                )
                query = query.where(col(GradeRow.number).in_(last))
            return [_message(row, person) for row, person in session.exec(query)]

        return self._database.read(work)


def _last_grade(session: Session, candidate: str, scheme: str) -> str | None:
    row = session.exec(
        select(GradeRow)
        .where(GradeRow.candidate == candidate, GradeRow.scheme == scheme)
        .order_by(col(GradeRow.number).desc())
    ).first()
    return row.body if row else None


def _check_last(session: Session, attempt: str, number: int) -> None:
    last = session.exec(
        select(ScoreRow)
        .where(ScoreRow.attempt == attempt)
        .order_by(col(ScoreRow.number).desc())
    ).first()
    if last is None or last.number != number:
        raise ConflictError(
            f"score {number} is not the last one."
            if last
            else "the attempt has not been judged.",
            where=f"attempt {attempt}",
            remedy="Look at the attempt again, then confirm what you saw.",
        )
    if last.verdict == Verdict.UNDECIDED or last.low != last.high:
        raise ConflictError(
            f"the score is open between {last.low} and {last.high} points.",
            where=f"attempt {attempt}",
            remedy="Decide the criteria that wait for an examiner first.",
        )


def _confirmed(session: Session, candidate: str, scheme: str) -> list[Result]:
    """Confirmed exam results under a scheme, in order of their last confirmation."""
    last = select(func.max(ConfirmationRow.number)).group_by(
        col(ConfirmationRow.attempt)
    )
    rows = session.exec(
        select(AttemptRow, ScoreRow)
        .join(ConfirmationRow, col(ConfirmationRow.attempt) == col(AttemptRow.id))
        .join(ExamRow, col(ExamRow.id) == col(AttemptRow.exam))
        .join(
            ScoreRow,
            (col(ScoreRow.attempt) == col(AttemptRow.id))
            & (col(ScoreRow.number) == col(ConfirmationRow.score)),
        )
        .where(
            AttemptRow.candidate == candidate,
            AttemptRow.mode == "exam",
            ExamRow.scheme == scheme,
            col(ConfirmationRow.number).in_(last),
        )
        .order_by(col(ConfirmationRow.number))
    )
    return [
        Result(
            candidate=candidate,
            task=attempt.task,
            attempt_id=attempt.id,
            points=Points(
                low=Decimal(score.low), high=Decimal(score.high), max=Decimal(score.max)
            ),
            verdict=Verdict(score.verdict),
        )
        for attempt, score in rows
    ]


def _message(row: GradeRow, person: CandidateRow) -> GradeMessage:
    return GradeMessage.model_validate(
        {
            "number": row.number,
            "student_number": person.student_number,
            "name": person.name,
            "candidate": row.candidate,
            "scheme": row.scheme,
            "at": row.at,
            **json.loads(row.body),
        }
    )
