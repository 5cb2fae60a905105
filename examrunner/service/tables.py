"""Database tables. Rows about what happened are only ever added.

A row is changed in place where it says what is true now (a person's courses, a
lease's end, a job's progress); scores, decisions, confirmations, grades and the log
are appended, and what an attempt's state is follows from them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcText(TypeDecorator[datetime]):
    """Wall time as ISO 8601 text in UTC: sorts, reads and keeps its zone anywhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> str | None:
        return value.isoformat(timespec="microseconds") if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if value else None


class MetaRow(SQLModel, table=True):
    """Facts about the database itself."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str


class ActorRow(SQLModel, table=True):
    """People and machines."""

    __tablename__ = "actor"

    name: str = Field(primary_key=True)
    role: str
    courses: str = "[]"
    candidate: str = ""
    station: str = ""
    created_at: datetime = Field(sa_type=UtcText)


class TokenRow(SQLModel, table=True):
    """A token by its SHA-256; ``once`` ones are login links."""

    __tablename__ = "token"

    digest: str = Field(primary_key=True)
    actor: str = Field(foreign_key="actor.name", index=True)
    once: bool = False
    created_at: datetime = Field(sa_type=UtcText)
    expires_at: datetime | None = Field(default=None, sa_type=UtcText)
    ended_at: datetime | None = Field(default=None, sa_type=UtcText)


class StationRow(SQLModel, table=True):
    """Stations; generation 0 until one enrols, no ``references`` until measured."""

    __tablename__ = "station"

    name: str = Field(primary_key=True)
    rig: str
    public_key: str = ""
    generation: int = 0
    references: str = ""
    enrolled_at: datetime | None = Field(default=None, sa_type=UtcText)


class StationKeyRow(SQLModel, table=True):
    """Keys of stations that somebody has compared with the station's own screen."""

    __tablename__ = "station_key"

    station: str = Field(primary_key=True, foreign_key="station.name")
    public_key: str = Field(primary_key=True)
    by: str
    at: datetime = Field(sa_type=UtcText)


class StationStartRow(SQLModel, table=True):
    """Starts of a station's agent; the greatest number of its generation counts."""

    __tablename__ = "station_start"

    station: str = Field(primary_key=True, foreign_key="station.name")
    generation: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    claim: str
    at: datetime = Field(sa_type=UtcText)


class EnrolmentCodeRow(SQLModel, table=True):
    """One-time codes by their SHA-256."""

    __tablename__ = "enrolment_code"

    digest: str = Field(primary_key=True)
    station: str = Field(foreign_key="station.name", index=True)
    expires_at: datetime = Field(sa_type=UtcText)
    used_at: datetime | None = Field(default=None, sa_type=UtcText)


class CandidateRow(SQLModel, table=True):
    """Candidates: the only place where a code meets a name."""

    __tablename__ = "candidate"

    code: str = Field(primary_key=True)
    student_number: str = Field(unique=True)
    name: str
    cohort: str = Field(index=True)


class DocumentRow(SQLModel, table=True):
    """Rubrics, cases, sheets and schemes as they were, by SHA-256."""

    __tablename__ = "document"

    digest: str = Field(primary_key=True)
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)


class ExamRow(SQLModel, table=True):
    """Exams."""

    __tablename__ = "exam"

    id: str = Field(primary_key=True)
    title: str
    scheme: str
    scheme_digest: str = Field(foreign_key="document.digest")
    mode: str
    seed: str
    created_at: datetime = Field(sa_type=UtcText)


class AttemptRow(SQLModel, table=True):
    """Planned attempts; ``id`` is a UUIDv7, so its order is the order of planning."""

    __tablename__ = "attempt"

    id: str = Field(primary_key=True)
    exam: str = Field(foreign_key="exam.id", index=True)
    candidate: str = Field(foreign_key="candidate.code", index=True)
    task: str
    title_zh: str
    title_en: str
    station: str = Field(foreign_key="station.name", index=True)
    rig: str
    mode: str
    variant: str
    nonce: str
    rubric: str = Field(foreign_key="document.digest")
    case: str = Field(foreign_key="document.digest")
    sheet_zh: str = ""
    sheet_en: str = ""
    created_at: datetime = Field(sa_type=UtcText)


class LeaseRow(SQLModel, table=True):
    """Every lease ever given; the greatest token of an attempt is the one that counts.

    Attributes:
        ended_at: Freed by an examiner; None while it runs or ran out by itself.
    """

    __tablename__ = "lease"
    __table_args__ = (UniqueConstraint("station", "request_id"),)

    attempt: str = Field(primary_key=True, foreign_key="attempt.id")
    token: int = Field(primary_key=True)
    station: str = Field(foreign_key="station.name")
    request_id: str
    issued_at: datetime = Field(sa_type=UtcText)
    expires_at: datetime = Field(sa_type=UtcText)
    ended_at: datetime | None = Field(default=None, sa_type=UtcText)


class PackRow(SQLModel, table=True):
    """Exam packs as they were signed; the last one of a station is the one it gets."""

    __tablename__ = "exam_pack"

    id: str = Field(primary_key=True)
    exam: str = Field(foreign_key="exam.id", index=True)
    station: str = Field(foreign_key="station.name", index=True)
    document: str = Field(foreign_key="document.digest")
    issued_at: datetime = Field(sa_type=UtcText)
    not_after: datetime = Field(sa_type=UtcText)


class ResultRow(SQLModel, table=True):
    """Provisional results as they came."""

    __tablename__ = "result"

    attempt: str = Field(primary_key=True, foreign_key="attempt.id")
    digest: str
    body: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcText)


class ProtocolRow(SQLModel, table=True):
    """Protocols of attempts, each version; the longest one, the last, counts.

    Attributes:
        digest: Of the last entry, and so of all.
    """

    __tablename__ = "protocol"

    attempt: str = Field(primary_key=True, foreign_key="attempt.id")
    entries: int = Field(primary_key=True)
    digest: str
    body: str = Field(sa_type=Text)
    by: str
    at: datetime = Field(sa_type=UtcText)


class RecordingRow(SQLModel, table=True):
    """Verified recordings; the file is named by ``packed``."""

    __tablename__ = "recording"

    attempt: str = Field(primary_key=True, foreign_key="attempt.id")
    packed: str = Field(index=True)
    size: int
    digest: str
    at: datetime = Field(sa_type=UtcText)


class AsideRow(SQLModel, table=True):
    """What was refused and kept: other bytes under a used key, forged recordings."""

    __tablename__ = "aside"

    number: int | None = Field(default=None, primary_key=True)
    attempt: str = Field(foreign_key="attempt.id", index=True)
    kind: str
    digest: str
    reason: str
    by: str
    at: datetime = Field(sa_type=UtcText)


class AsideDecisionRow(SQLModel, table=True):
    """What somebody decided about something that was kept aside; once for each."""

    __tablename__ = "aside_decision"

    aside: int = Field(primary_key=True, foreign_key="aside.number")
    is_accepted: bool
    by: str
    reason: str
    at: datetime = Field(sa_type=UtcText)


class ResitRow(SQLModel, table=True):
    """What followed from an attempt that its station voided; at most one thing.

    Attributes:
        again: The attempt that takes its place; None: nobody could plan one.
        problem: Why not; empty if there is one.
    """

    __tablename__ = "resit"

    attempt: str = Field(primary_key=True, foreign_key="attempt.id")
    again: str | None = Field(default=None, foreign_key="attempt.id", unique=True)
    problem: str = ""
    at: datetime = Field(sa_type=UtcText)


class JobRow(SQLModel, table=True):
    """Work that has to survive a restart."""

    __tablename__ = "job"

    number: int | None = Field(default=None, primary_key=True)
    attempt: str = Field(foreign_key="attempt.id", index=True)
    by: str
    asked_at: datetime = Field(sa_type=UtcText)
    tries: int = 0
    finished_at: datetime | None = Field(default=None, sa_type=UtcText)
    trouble: str = ""


class JudgementsRow(SQLModel, table=True):
    """What judging a recording once said, criterion by criterion."""

    __tablename__ = "judgements"

    number: int | None = Field(default=None, primary_key=True)
    attempt: str = Field(foreign_key="attempt.id", index=True)
    body: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcText)


class ScoreRow(SQLModel, table=True):
    """Scores of record, counted per attempt from 1."""

    __tablename__ = "score"

    attempt: str = Field(primary_key=True, foreign_key="attempt.id")
    number: int = Field(primary_key=True)
    judgements: int = Field(foreign_key="judgements.number")
    cause: str
    low: str
    high: str
    max: str
    verdict: str
    body: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcText)


class DecisionRow(SQLModel, table=True):
    """What examiners decided."""

    __tablename__ = "decision"

    number: int | None = Field(default=None, primary_key=True)
    attempt: str = Field(foreign_key="attempt.id", index=True)
    criterion: str
    reason: str
    level: int | None = None
    fraction: float | None = None
    confirm: bool | None = None
    by: str
    at: datetime = Field(sa_type=UtcText)


class ConfirmationRow(SQLModel, table=True):
    """Releases; the last one of an attempt counts."""

    __tablename__ = "confirmation"

    number: int | None = Field(default=None, primary_key=True)
    attempt: str = Field(foreign_key="attempt.id", index=True)
    score: int
    by: str
    note: str
    at: datetime = Field(sa_type=UtcText)


class GradeRow(SQLModel, table=True):
    """Grades in the order in which they came about; the number is the cursor."""

    __tablename__ = "grade"

    number: int | None = Field(default=None, primary_key=True)
    candidate: str = Field(foreign_key="candidate.code", index=True)
    scheme: str
    course: str = Field(index=True)
    body: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcText)


class AuditRow(SQLModel, table=True):
    """The log; each hash covers the entry and the hash before it."""

    __tablename__ = "audit"

    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcText)
    by: str
    action: str
    subject: str
    body: str = Field(sa_type=Text)
    hash: str
