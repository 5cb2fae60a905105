"""Every message between a station and the service, grouped by direction.

Bodies are JSON; times are ISO 8601 with zone; points are decimal text; words come in
both languages. What a sender adds later is refused by the service (``extra=forbid``)
and ignored by a station, so that an older station understands a newer service.
Routes: ``service/README.md``.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from examrunner.model.digests import canonical_json

RESULT_LIMIT_BYTES: Final = 65_536
"""Largest body of a provisional result, and of a protocol."""
CHUNK_LIMIT_BYTES: Final = 8 * 1024 * 1024
"""Largest body of one piece of an upload."""
LEASE_TOKEN_HEADER: Final = "Lease-Token"
"""Header of an upload: the fencing token of the lease."""
BUNDLE_SCHEME: Final = "Bundle"
"""In ``Authorization``, before a signed bundle's JSON in base64: a forwarding PC."""
START_HEADER: Final = "Station-Start"
"""Header of a station's requests: the number of its start."""
OFFSET_HEADER: Final = "Upload-Offset"
"""Header of an upload, both ways: bytes before this piece, bytes kept so far."""
COMPLETE_HEADER: Final = "Upload-Complete"
"""Header of an answer: 1 once the whole is verified, else 0."""
LENGTH_HEADER: Final = "Upload-Length"
"""Header of an upload: size of the whole file in bytes."""

_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ID = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
_KEY = "b9d1f5c0" * 8

AttemptId = Annotated[UUID, Field(examples=[_ID])]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=[_SHA])]
PublicKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=[_KEY])]
Signature = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$", examples=[_KEY * 2])]
StationName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", examples=["hall-a-03"])
]
CandidateCode = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9._-]{1,32}$", examples=["K7Q2M9"])
]
TaskId = Annotated[str, Field(pattern=r"^[A-Z][0-9]{2}$", examples=["C06"])]
RigName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$", examples=["adas_bench"])]
Mode = Literal["exam", "practice", "rehearsal"]
Moment = Annotated[datetime, Field(examples=["2026-11-23T09:30:00+08:00"])]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]
Line = Annotated[str, Field(max_length=200)]


class Sent(BaseModel):
    """What the service receives: unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(BaseModel):
    """What the service answers: readers skip keys that they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# Both directions


class Words(Given):
    """A sentence in both languages."""

    zh: str
    en: str


class PointsMessage(Given):
    """Points as an interval; ``low`` equals ``high`` once everything is decided."""

    low: Decimal = Field(examples=["71.5"])
    high: Decimal = Field(examples=["71.5"])
    max: Decimal = Field(examples=["100"])


class MeasuredMessage(Given):
    """A measured value with its unit."""

    value: float = Field(examples=[4.2])
    unit: str = Field(default="", examples=["%"])


class EvidenceMessage(Given):
    """A span of recording time that shows why."""

    stream: str = Field(examples=["RPT_Steer.RPT_StrAngAct"])
    from_s: float = Field(examples=[12.4])
    to_s: float = Field(examples=[13.1])


class MachineWord(Given):
    """What the machine said about a criterion, whatever people decided later."""

    outcome: str = Field(examples=["met"])
    fraction: float | None = None
    reason: Words


class CriterionMessage(Given):
    """One line of the result sheet. ``title`` is empty where nobody wrote one."""

    id: str = Field(examples=["C3"])
    kind: str = Field(examples=["step_response"])
    title: Words
    outcome: str = Field(examples=["met"])
    points: PointsMessage
    fraction: float | None = Field(examples=[1.0])
    measured: MeasuredMessage | None = None
    rule: Words
    reason: Words
    evidence: list[EvidenceMessage] = []
    machine: MachineWord | None = None


class FlagMessage(Given):
    """Something that an examiner should look at."""

    kind: str
    text: Words
    evidence: list[EvidenceMessage] = []


class ScoreMessage(Given):
    """A score as people and machines read it."""

    points: PointsMessage
    verdict: Literal["pass", "fail", "veto", "undecided"]
    criteria: list[CriterionMessage]
    flags: list[FlagMessage] = []
    digests: dict[str, JsonValue] = {}
    software: dict[str, str] = {}


# Station to service


class EnrolRequest(Sent):
    """First contact of a station.

    ``proof`` signs ``enrolment_text(code, station, public_key)`` with the station's
    private key, which never leaves its PC.
    """

    code: str = Field(min_length=16, max_length=64, examples=["7QK4-2MXD-9RTA-C8WP"])
    station: StationName
    public_key: PublicKey
    proof: Signature
    software: dict[str, str] = {}
    replaces: bool = Field(
        default=False,
        description="Another PC takes this station's place: what the old one holds "
        "and has not delivered is taken from it.",
    )


class LeaseRequest(Sent):
    """A station asks for the next attempt that is planned for it.

    The same ``request_id`` gets the same lease again, so a lost answer costs nothing.
    """

    request_id: UUID
    attempt_id: AttemptId | None = Field(
        default=None, description="None: the next in order."
    )
    task: TaskId | None = Field(default=None, description="Only this task.")


class LeaseRenewal(Sent):
    """A station says that it still works on an attempt."""

    token: int = Field(ge=1, description="Fencing token of the lease.")


class StartRequest(Sent):
    """A station's agent has started; the same claim gets the same number again."""

    claim: UUID
    known: int = Field(ge=0, description="The number of its last start; 0: none.")


class StationState(Sent):
    """What a station shows live; the service keeps only the last one, in memory."""

    phase: Line = Field(examples=["running"])
    attempt_id: AttemptId | None = None
    candidate: CandidateCode | None = None
    task: TaskId | None = None
    exam_s: float | None = Field(default=None, description="Exam time used, seconds.")
    limit_s: float | None = None
    paused: Line = Field(
        default="", description="Cause of a pause; empty while running."
    )
    signals: dict[str, float | None] = Field(default={}, max_length=64)
    alerts: list[Line] = Field(default=[], max_length=16)
    waiting: int = Field(
        default=0, ge=0, description="Deliveries in the station's outbox."
    )
    software: dict[str, str] = {}


class ProvisionalResult(Sent):
    """A station's own score, sent before the recording. At most 64 KB.

    The score of record is the service's; this one is kept beside it.
    """

    token: int = Field(ge=1, description="Fencing token of the lease.")
    recording: Digest = Field(description="Digest of the recording (its manifest).")
    packed: Digest = Field(description="SHA-256 of the packed file that will follow.")
    packed_bytes: int = Field(ge=1)
    ending: Line = Field(examples=["finished"])
    outcome: Line = Field(
        default="", examples=["completed"], description="Outcome code of the station."
    )
    is_void: bool = Field(
        default=False, description="The attempt does not count and is never judged."
    )
    reason: Line = ""
    duration_s: float = Field(ge=0)
    score: ScoreMessage | None = Field(
        default=None, description="None: could not be judged."
    )


class ProtocolEntry(Sent):
    """One thing that somebody did during an attempt; ``model/protocol.py``."""

    number: int = Field(ge=0)
    at: Line
    by: Line
    role: Literal["candidate", "examiner", "station"]
    what: Line
    said: dict[str, JsonValue] = {}
    previous: str = Field(pattern=r"^([0-9a-f]{64})?$")


class AttemptProtocol(Sent):
    """What people did and said during an attempt, so far. At most 64 KB.

    It may grow after the first delivery: a longer one that begins with what is stored
    takes its place.
    """

    token: int = Field(ge=1, description="Fencing token of the lease.")
    entries: list[ProtocolEntry] = Field(min_length=1)


class Bundle(Given):
    """What a station's stick carries of one attempt, for whoever forwards it.

    Attributes:
        result: SHA-256 of the result, as in a receipt.
        protocol: Digest of the protocol's last entry; None without one.
    """

    format: Literal["examrunner-bundle-1"] = "examrunner-bundle-1"
    station: StationName
    attempt_id: AttemptId
    token: int = Field(ge=1, description="Fencing token of the lease.")
    result: Digest
    protocol: Digest | None
    packed: Digest
    packed_bytes: int = Field(ge=1)


class SignedBundle(Given):
    """A bundle as it lies on a stick, and as it opens the routes of its attempt.

    ``signature`` is the station's over ``bundle_text(bundle)``.
    """

    bundle: dict[str, JsonValue]
    signature: Signature


# Service to station


class Enrolled(Given):
    """The station's identity. The token is shown this once."""

    station: StationName
    rig: RigName
    token: str
    generation: int = Field(description="Counts up with every enrolment.")
    at: Moment
    service_key: str = Field(
        default="", description="Ed25519 key with which the service signs exam packs."
    )
    taken_over: list[AttemptId] = Field(
        default=[], description="Attempts that another PC held; to be leased anew."
    )


class StartMessage(Given):
    """Which start of the station this is; an older one's work no longer counts."""

    number: int


class Lease(Given):
    """One attempt handed to one station.

    Attributes:
        token: Fencing token; a later lease of the attempt has a greater one, and then
            this one is refused.
        rubric: The rubric file's text, as it was when the exam was made.
        sheets: Task sheet by language.
        case: The secrets, the case file sealed for the station's key, base64; never
            part of the recording. ``case_digest`` is that of the file.
        nonce: Challenge that the recording's manifest has to carry, hexadecimal.
        expires_at: From then on another station may get the attempt. A delivery is
            still taken as long as none did.
    """

    attempt_id: AttemptId
    token: int
    station: StationName
    rig: RigName
    candidate: CandidateCode
    task: TaskId
    mode: Mode
    variant: str
    rubric: str
    rubric_digest: Digest
    sheets: dict[Literal["zh", "en"], str] = {}
    case: str
    case_digest: Digest
    nonce: str
    issued_at: Moment
    expires_at: Moment


class PackCandidate(Given):
    """Somebody who sits this exam."""

    code: CandidateCode
    name: str


class PackExaminer(Given):
    """Somebody who may act as an examiner; the code itself is on paper only."""

    name: str
    salt: str = Field(description="Hexadecimal.")
    digest: str = Field(description="``examiner_code_digest`` of the code.")


class ExamPack(Given):
    """Everything that one station needs for an exam without the service.

    Attributes:
        candidates: Everybody of the exam, so that a wrong seat is recognised.
        leases: Attempts of this station, in order.
    """

    format: Literal["examrunner-exam-pack-1"] = "examrunner-exam-pack-1"
    id: UUID
    exam: str
    title: str
    station: StationName
    generation: int = Field(description="Enrolment for which it was made.")
    issued_at: Moment
    not_before: Moment
    not_after: Moment
    candidates: list[PackCandidate]
    examiners: list[PackExaminer]
    leases: list[Lease]


class SignedPack(Given):
    """An exam pack as it travels, also on a USB stick.

    ``signature`` is the service's over ``pack_text(pack)``: over the JSON as it came,
    so that nothing can be added to it either.
    """

    pack: dict[str, JsonValue]
    signature: Signature


class Receipt(Given):
    """What the service holds of an attempt, on disk. Fields are None until then."""

    attempt_id: AttemptId
    result: Digest | None = Field(
        default=None, description="SHA-256 of the result's JSON."
    )
    result_at: Moment | None = None
    packed: Digest | None = None
    packed_at: Moment | None = None
    protocol: Digest | None = Field(
        default=None, description="Digest of the last entry of the protocol."
    )
    protocol_at: Moment | None = None


class SignedReceipt(Given):
    """A receipt that a station keeps; good without the service.

    ``signature`` is the service's over ``receipt_text(receipt)``.
    """

    receipt: dict[str, JsonValue]
    signature: Signature


class Problem(Given):
    """An error: what happened, where, and what to do (application/problem+json)."""

    type: str = "about:blank"
    title: str = Field(examples=["The lease is no longer yours."])
    status: int = Field(examples=[409])
    problem: str
    where: str
    remedy: str


class ProofRequest(Sent):
    """A proof of submission as a candidate holds it: the text of the QR code."""

    text: str = Field(max_length=1000)


class ProofMessage(Given):
    """What a proof of submission is worth.

    Attributes:
        genuine: Whether the station that held the attempt has signed it.
        received: Whether the attempt's recording is on the service's disk.
    """

    genuine: bool
    received: bool
    attempt_id: AttemptId
    candidate: str
    at: str


# For all lists

Item = TypeVar("Item")


class Page(Given, Generic[Item]):
    """One page of a list; ``next`` is the cursor of the following one."""

    items: list[Item]
    next: str | None = Field(default=None, description="None: this is the last page.")


def enrolment_text(code: str, station: str, public_key: str) -> bytes:
    """What a station signs to prove that it holds the key it enrols with."""
    return f"examrunner enrol\n{code}\n{station}\n{public_key}\n".encode()


def proof_text(attempt: str, candidate: str, answers: str, at: str) -> bytes:
    """What a station signs to prove that it holds a candidate's submission.

    Args:
        attempt: Attempt id.
        candidate: Code of who handed in.
        answers: SHA-256 of the form as canonical JSON.
        at: Wall time, ISO 8601 with zone.
    """
    return f"examrunner proof\n{attempt}\n{candidate}\n{answers}\n{at}\n".encode()


def pack_text(pack: Mapping[str, JsonValue]) -> bytes:
    """What the service signs of an exam pack."""
    return b"examrunner exam pack\n" + canonical_json(dict(pack))


def receipt_text(receipt: Mapping[str, JsonValue]) -> bytes:
    """What the service signs of a receipt."""
    return b"examrunner receipt\n" + canonical_json(dict(receipt))


def bundle_text(bundle: Mapping[str, JsonValue]) -> bytes:
    """What a station signs of a bundle."""
    return b"examrunner bundle\n" + canonical_json(dict(bundle))


def result_body(result: ProvisionalResult) -> bytes:
    """What a receipt's digest of a result is about: what was sent, in any version.

    The fencing token belongs to the delivery and not to what is delivered.
    """
    return result.model_dump_json(exclude={"token"}, exclude_unset=True).encode()


def examiner_code_digest(code: str, salt: str) -> str:
    """An examiner's code as it may be written down: slow to try out, hexadecimal.

    Args:
        code: As typed; case, spaces and dashes do not count.
        salt: Hexadecimal.
    """
    text = "".join(one for one in code.upper() if one.isalnum()).encode()
    key = hashlib.scrypt(text, salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32)
    return key.hex()
