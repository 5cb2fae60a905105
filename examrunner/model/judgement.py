"""What is said about one criterion, and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """How a criterion came out. Only the first four carry points."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    NOT_MEASURED = "not_measured"
    NEEDS_REVIEW = "needs_review"
    ERROR = "error"

    @property
    def is_open(self) -> bool:
        """Whether an examiner has to decide before it carries points."""
        return self in {Outcome.NOT_MEASURED, Outcome.NEEDS_REVIEW, Outcome.ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the catalogue with its values; worded when a person reads it.

    Attributes:
        key: Entry of ``criteria/sentences.py``.
        values: What fills its gaps: text, numbers, or further sentences.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span of recording time that shows why.

    Attributes:
        stream: Signal, message, ECU, camera, field or event stream.
        from_s: Start, inclusive, seconds of recording time.
        to_s: End, exclusive; equal to ``from_s`` for a moment.
    """

    stream: str
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measured value with its unit, rounded as its kind prescribes."""

    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a criterion says about a timeline.

    Attributes:
        outcome: See ``Outcome``.
        fraction: Share of the points, 0 to 1; None while the outcome is open.
        reason: What was measured against which limit.
        measured: The value that met the limit, if there is one.
        evidence: The spans that show it.
        critical: Whether a critical limit of this criterion was broken.
        details: Named numbers for reports and for criteria that refer to this one.
    """

    outcome: Outcome
    reason: Sentence
    fraction: float | None = None
    measured: Measured | None = None
    evidence: tuple[Evidence, ...] = ()
    critical: bool = False
    details: Mapping[str, float] = field(default_factory=dict)
