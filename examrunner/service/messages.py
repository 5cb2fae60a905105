"""What people and course systems send and get."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from examrunner.wire import (
    CandidateCode,
    Digest,
    Given,
    Mode,
    Moment,
    RigName,
    Sent,
    StationName,
    StationState,
    TaskId,
    Words,
)

PersonName = Annotated[
    str, Field(pattern=r"^[^/\s][^/]{0,79}$", examples=["Wang Fang"])
]
SchemeId = Annotated[str, Field(max_length=80, examples=["icv-testing-calibration"])]


class Role(StrEnum):
    """What a token's holder is."""

    ADMINISTRATOR = "administrator"
    CHIEF_EXAMINER = "chief_examiner"
    EXAMINER = "examiner"
    COURSE_SYSTEM = "course_system"
    STATION = "station"
    CANDIDATE = "candidate"


class AttemptState(StrEnum):
    """How far an attempt is; read from its history, never stored."""

    PLANNED = "planned"
    LEASED = "leased"
    DELIVERED = "delivered"
    JUDGED = "judged"
    CONFIRMED = "confirmed"


class SessionRequest(Sent):
    """A token from the command line or an administrator."""

    token: str = Field(min_length=1, max_length=200)


class SessionMessage(Given):
    """Who the caller is."""

    name: str
    role: Role


class PersonRequest(Sent):
    """A new person or course system.

    Attributes:
        courses: Courses whose grades a course system may read.
        candidate: Code of the candidate who signs in.
    """

    name: PersonName
    role: Literal[
        Role.ADMINISTRATOR,
        Role.CHIEF_EXAMINER,
        Role.EXAMINER,
        Role.COURSE_SYSTEM,
        Role.CANDIDATE,
    ]
    courses: list[str] = Field(default=[], examples=[["ICV-301"]])
    candidate: CandidateCode | None = None


class PersonMessage(Given):
    """Somebody with a role."""

    name: str
    role: Role
    courses: list[str] = Field(default=[])
    candidate: CandidateCode | None = None
    created_at: Moment


class TokenMessage(Given):
    """A token, shown this once."""

    name: str
    role: Role
    token: str


class EnrolmentCodeRequest(Sent):
    """Which station may enrol."""

    station: StationName
    rig: RigName


class EnrolmentCodeMessage(Given):
    """A one-time code for a station."""

    station: StationName
    code: str = Field(examples=["7QK4-2MXD-9RTA-C8WP"])
    expires_at: Moment


class KeyWords(Sent):
    """The words that a station shows, as somebody reads them there."""

    words: str = Field(max_length=64, examples=["lusab-babad-gutih-tugad"])


class StationMessage(Given):
    """A station as the control room sees it."""

    name: StationName
    rig: RigName
    generation: int = Field(description="0: a code was given, nobody enrolled yet.")
    key: str = Field(description="First 16 digits of its public key; empty so far.")
    words: str = Field(
        default="",
        description="Its public key in four words; the station shows the same ones.",
        examples=["lusab-babad-gutih-tugad"],
    )
    is_confirmed: bool = Field(
        default=False, description="Whether the words were compared; else no work."
    )
    seen_at: Moment | None = None
    state: StationState | None = None


class RosterReport(Given):
    """What became of a roster."""

    cohort: str
    added: int
    changed: int
    kept: int


class CandidateMessage(Given):
    """A candidate with the personal data that stations never see."""

    code: CandidateCode
    student_number: str
    name: str
    cohort: str


class ExamRequest(Sent):
    """Candidates × tasks on stations.

    Attributes:
        stations: Each task runs on the stations whose rig type it needs; with several,
            candidates take turns.
        candidates: Codes; empty for the whole cohort.
        seed: Of the lots; None draws one. The same seed draws the same variants.
        variants: Variant by task where no lot should decide, for rehearsals.
    """

    title: str = Field(min_length=1, max_length=120, examples=["Autumn 2026"])
    scheme: SchemeId
    tasks: list[TaskId] = Field(min_length=1, max_length=64)
    stations: list[StationName] = Field(min_length=1, max_length=512)
    cohort: str | None = None
    candidates: list[CandidateCode] = Field(default=[])
    mode: Mode = "exam"
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    variants: dict[TaskId, str] = Field(default={})


class PackRequest(Sent):
    """Exam packs for every station of an exam.

    Attributes:
        examiners: Names; each gets a code of their own, good at every station.
        replace: Whether attempts that wait in an older pack go into this one; what a
            station has done of the older one is refused from then on.
    """

    not_before: Moment
    not_after: Moment
    examiners: list[PersonName] = Field(min_length=1, max_length=64)
    replace: bool = False


class PackMessage(Given):
    """A pack that was made."""

    id: UUID
    station: StationName
    attempts: int


class PacksMessage(Given):
    """What was made; the examiners' codes are shown this once."""

    packs: list[PackMessage]
    codes: dict[str, str] = Field(examples=[{"Zhang Wei": "7QK4-2MXD-9RTA"}])


class ExamMessage(Given):
    """An exam and how far it is."""

    id: str
    title: str
    scheme: SchemeId
    mode: Mode
    seed: int
    created_at: Moment
    states: dict[AttemptState, int]


class GradeMessage(Given):
    """A candidate's grade under a scheme, as a course system takes it.

    Attributes:
        number: Position in the order of changes.
        points: 0 to 100 under the scheme; None while the grade is open.
        course_grade: What the course takes; None while the grade is open.
        passed: None while the grade is open.
    """

    number: int
    student_number: str
    name: str
    candidate: CandidateCode
    course: str
    course_grade: Decimal | None
    scheme: str
    points: Decimal | None
    level: str
    level_title: Words | None = None
    passed: bool | None
    reasons: list[Words]
    at: Moment


class GradePage(Given):
    """Grades from a cursor on."""

    items: list[GradeMessage]
    next: str | None = Field(default=None, description="None: nothing more for now.")
    cursor: str = Field(description="Keep it: the next pull begins here.")


class AuditMessage(Given):
    """One entry of the chained log."""

    number: int
    at: Moment
    by: str
    action: str
    subject: str
    body: dict[str, JsonValue]
    hash: Digest
