"""Exams and their planned attempts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from sqlmodel import Session, col, select

from examrunner.model.text import Text
from examrunner.service.clock import Clock
from examrunner.service.identifiers import uuid7
from examrunner.service.messages import ExamMessage, ExamRequest
from examrunner.service.refusals import UnknownError
from examrunner.service.store import documents
from examrunner.service.store.attempts import attempt_row, count_states
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.tables import AttemptRow, CandidateRow, ExamRow, StationRow

YAML: Final = "application/yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFiles:
    """The files of a task as an exam pins them.

    Attributes:
        title: Name of the task.
        rubric: The rubric file.
        sheets: Task sheet by language.
    """

    title: Text
    rubric: bytes
    sheets: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A station as planning sees it.

    Attributes:
        rig: Rig type.
        references: What a technician measured on this rig, by name.
    """

    rig: str
    references: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One attempt to be planned, with the secrets drawn for it."""

    candidate: str
    task: str
    station: str
    variant: str
    nonce: str
    case: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamPlan:
    """Everything about an exam that content and the lot decided.

    Attributes:
        seed: Of the draw.
        scheme: The scheme file.
        tasks: Files by task.
        seats: Attempts in the order in which they take turns.
    """

    seed: int
    scheme: bytes
    tasks: Mapping[str, TaskFiles]
    seats: Sequence[Seat]


class Exams:
    """Reads and writes exams."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, request: ExamRequest, plan: ExamPlan, *, by: str) -> ExamMessage:
        """Plan every attempt of an exam, or none."""
        at = self._clock()

        def work(session: Session) -> ExamMessage:
            deed = Deed(session, at, by)
            row = ExamRow(
                id=str(uuid7(at, 0)),
                title=request.title,
                scheme=request.scheme,
                scheme_digest=documents.keep(session, plan.scheme, YAML),
                mode=request.mode,
                seed=str(plan.seed),
                created_at=at,
            )
            session.add(row)
            session.flush()
            _add_attempts(deed, row, plan)
            deed.log(
                "exam.create",
                row.id,
                request=request.model_dump(mode="json"),
                seed=row.seed,
                attempts=len(plan.seats),
            )
            return _message(session, row)

        return self._database.write(work)

    def listed(self) -> list[ExamMessage]:
        """All exams, the latest first."""

        def work(session: Session) -> list[ExamMessage]:
            rows = session.exec(select(ExamRow).order_by(col(ExamRow.id).desc()))
            return [_message(session, row) for row in rows]

        return self._database.read(work)

    def one(self, exam: str) -> ExamMessage:
        """One exam.

        Raises:
            UnknownError: If there is none of that id.
        """

        def work(session: Session) -> ExamMessage:
            row = session.get(ExamRow, exam)
            if row is None:
                raise UnknownError(
                    f"no exam has the id {exam}.",
                    where="exam",
                    remedy="GET exams lists them.",
                )
            return _message(session, row)

        return self._database.read(work)

    def rubric_of(self, attempt: UUID) -> bytes:
        """The rubric file that an attempt was planned with.

        Raises:
            UnknownError: If there is no such attempt.
        """
        return self._database.read(
            lambda session: documents.content_of(
                session, attempt_row(session, attempt).rubric
            )
        )

    def places(self) -> Mapping[str, Place]:
        """All stations by name."""

        def work(session: Session) -> Mapping[str, Place]:
            return {
                row.name: Place(
                    rig=row.rig,
                    references=json.loads(
                        documents.content_of(session, row.references) or b"{}"
                    ),
                )
                for row in session.exec(select(StationRow))
            }

        return self._database.read(work)

    def entrants(self, request: ExamRequest) -> Mapping[str, str]:
        """Student number by code of everybody whom a request names, in roster order.

        Raises:
            UnknownError: If a code is nobody's, or nobody is named.
        """

        def work(session: Session) -> Mapping[str, str]:
            query = select(CandidateRow).order_by(col(CandidateRow.student_number))
            if request.candidates:
                query = query.where(col(CandidateRow.code).in_(request.candidates))
            if request.cohort is not None:
                query = query.where(CandidateRow.cohort == request.cohort)
            return {row.code: row.student_number for row in session.exec(query)}

        found = self._database.read(work)
        missing = sorted(set(request.candidates) - set(found))
        if missing or not found:
            raise UnknownError(
                f"no candidate has the code {missing[0]}."
                if missing
                else "the exam has no candidates.",
                where="candidates",
                remedy="Import the roster first, or correct the cohort.",
            )
        return found


def _add_attempts(deed: Deed, exam: ExamRow, plan: ExamPlan) -> None:
    session = deed.session
    pinned = {name: _pin(session, files) for name, files in plan.tasks.items()}
    rigs = {row.name: row.rig for row in session.exec(select(StationRow))}
    for number, seat in enumerate(plan.seats, 1):
        row = AttemptRow(
            id=str(uuid7(deed.at, number)),
            exam=exam.id,
            candidate=seat.candidate,
            task=seat.task,
            station=seat.station,
            rig=rigs[seat.station],
            mode=exam.mode,
            variant=seat.variant,
            nonce=seat.nonce,
            case=documents.keep(session, seat.case, "application/json"),
            created_at=deed.at,
            **pinned[seat.task],
        )
        session.add(row)
    session.flush()


def _pin(session: Session, files: TaskFiles) -> dict[str, str]:
    sheets = {
        f"sheet_{language}": documents.keep(session, sheet, "text/markdown")
        for language, sheet in files.sheets.items()
    }
    return {
        "rubric": documents.keep(session, files.rubric, YAML),
        "title_zh": files.title.zh,
        "title_en": files.title.en,
        **sheets,
    }


def _message(session: Session, row: ExamRow) -> ExamMessage:
    return ExamMessage(
        id=row.id,
        title=row.title,
        scheme=row.scheme,
        mode=row.mode,  # type: ignore[arg-type]  # the table holds what was validated
        seed=int(row.seed),
        created_at=row.created_at,
        states=count_states(session, row.id),
    )
