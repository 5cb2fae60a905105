"""What people read and write about one attempt."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from examrunner.service.messages import AttemptState
from examrunner.wire import (
    AttemptId,
    CandidateCode,
    Digest,
    Given,
    Mode,
    Moment,
    Reason,
    ScoreMessage,
    Sent,
    StationName,
    TaskId,
)


class AttemptMessage(Given):
    """One attempt in a list."""

    id: AttemptId
    exam: str
    candidate: CandidateCode
    name: str = Field(description="Of the candidate; for staff.")
    task: TaskId
    title: dict[Literal["zh", "en"], str]
    station: StationName
    mode: Mode
    state: AttemptState
    verdict: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    max: Decimal | None = None
    changed_at: Moment


class FreeRequest(Sent):
    """Why an attempt is taken away from its station."""

    reason: Reason


class DecisionRequest(Sent):
    """An examiner's word on a criterion or veto; exactly one of the three values."""

    criterion: str = Field(min_length=1, max_length=64, examples=["D4"])
    reason: Reason
    level: int | None = Field(default=None, ge=0, le=3)
    fraction: float | None = Field(default=None, ge=0, le=1)
    confirm: bool | None = None

    @model_validator(mode="after")
    def says_one_thing(self) -> Self:
        """Refuses a decision that says nothing, or two things."""
        said = (self.level, self.fraction, self.confirm)
        if sum(value is not None for value in said) != 1:
            raise ValueError("give exactly one of level, fraction and confirm")
        return self


class DecisionMessage(Given):
    """A decision with who took it and when."""

    criterion: str
    reason: str
    level: int | None
    fraction: float | None
    confirm: bool | None
    by: str
    at: Moment


class ConfirmationRequest(Sent):
    """Which score is released: somebody may have appended another in between."""

    score: int = Field(ge=1, description="Number of the score that was looked at.")
    note: str = Field(default="", max_length=2000)


class ConfirmationMessage(Given):
    """Who released which score."""

    score: int
    by: str
    at: Moment
    note: str


class KeptScore(Given):
    """A score of record; the last one counts, earlier ones stay."""

    number: int
    at: Moment
    cause: Literal["judged", "decided"]
    score: ScoreMessage


class ProvisionalMessage(Given):
    """What the station said at the bell."""

    at: Moment
    ending: str
    reason: str
    duration_s: float
    score: ScoreMessage | None


class AttemptDetail(Given):
    """Everything about one attempt that its reader may see."""

    attempt: AttemptMessage
    variant: str | None = Field(description="None for candidates.")
    rubric_digest: Digest
    recording: Digest | None = None
    provisional: ProvisionalMessage | None = None
    scores: list[KeptScore] = Field(default=[])
    decisions: list[DecisionMessage] = Field(default=[])
    confirmation: ConfirmationMessage | None = None
    trouble: str = Field(default="", description="Why it could not be judged, if so.")


class SignalMessage(Given):
    """A signal that can be plotted."""

    name: str = Field(examples=["RPT_Steer.RPT_StrAngAct"])
    unit: str = Field(examples=["deg"])


class PlotMessage(Given):
    """A signal in columns; None where nothing valid was received.

    Attributes:
        t_s: Recording time of each column's first sample.
        low: Smallest value of each column.
        high: Largest value of each column.
    """

    name: str
    unit: str
    t_s: list[float]
    low: list[float | None]
    high: list[float | None]


class SignalsMessage(Given):
    """Names of all signals, or the plots that were asked for."""

    items: list[SignalMessage] = Field(default=[])
    signals: list[PlotMessage] = Field(default=[])


class PictureMessage(Given):
    """One picture of a recording."""

    camera: str
    name: str = Field(examples=["still-0003"])
    t_s: float
    purpose: str = Field(examples=["still"])


class ExchangeMessage(Given):
    """One diagnostic exchange; payloads are hexadecimal."""

    ecu: str
    channel: str
    t_s: float
    request: str = Field(examples=["22f190"])
    response: str
    outcome: str
    nrc: int | None
    phase: str


class EventMessage(Given):
    """One entry of an event stream."""

    number: int
    t_s: float
    stream: str
    body: dict[str, JsonValue]
