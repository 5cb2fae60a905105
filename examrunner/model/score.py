"""A score: judgements under a rubric, as points with an interval and a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from examrunner.model.judgement import Evidence, Judgement, Outcome, Sentence


class Verdict(StrEnum):
    """How an attempt came out."""

    PASS = "pass"
    FAIL = "fail"
    VETO = "veto"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """An interval of points; low equals high once everything is decided."""

    low: Decimal
    high: Decimal
    max: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionScore:
    """One line of the result sheet.

    Attributes:
        id: Criterion id, veto code or deduction id.
        kind: Criterion kind.
        outcome: After decisions.
        points: What it earned.
        fraction: After gates and decisions; None while open.
        machine: What the machine said, untouched by any decision.
        rule: What was asked.
        reason: Why it came out so.
    """

    id: str
    kind: str
    outcome: Outcome
    points: Points
    fraction: float | None
    machine: Judgement
    rule: Sentence
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something an examiner should look at; costs no points by itself."""

    kind: str
    text: Sentence
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What a score was computed from, each by SHA-256."""

    recording: str
    rubric: str
    case: str
    databases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The outcome of an attempt.

    Attributes:
        points: Final points, rounded half up to 0.1 once; the verdict is read
            from the rounded numbers.
        verdict: See ``Verdict``.
        criteria: Every line, vetoes and deductions that applied included.
        flags: For the examiner.
        digests: What it was computed from.
        software: Names and versions of what decides marks.
    """

    points: Points
    verdict: Verdict
    criteria: tuple[CriterionScore, ...]
    flags: tuple[Flag, ...] = ()
    digests: Digests
    software: Mapping[str, str] = field(default_factory=dict)
