"""Judgements from shares, and the three ways in which a window can be silent."""

from collections.abc import Mapping, Sequence
from typing import Literal

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.spans import Spans
from examrunner.model.errors import MissingError
from examrunner.model.judgement import (
    Evidence,
    Judgement,
    Measured,
    Outcome,
    Sentence,
)

OnSilent = Literal["fail", "pass", "review"]


def outcome_of(fraction: float) -> Outcome:
    """The outcome that belongs to a share of the points."""
    if fraction >= 1.0:
        return Outcome.MET
    return Outcome.NOT_MET if fraction <= 0.0 else Outcome.PARTLY_MET


def graded(
    fraction: float,
    reason: Sentence,
    *,
    measured: Measured | None = None,
    evidence: Sequence[Evidence] = (),
    details: Mapping[str, float] | None = None,
    critical: bool = False,
) -> Judgement:
    """A judgement that carries points."""
    share = round(min(1.0, max(0.0, fraction)), 6)
    return Judgement(
        outcome=outcome_of(share),
        fraction=share,
        reason=reason,
        measured=measured,
        evidence=tuple(evidence),
        details=details or {},
        critical=critical,
    )


def left_open(
    outcome: Outcome,
    reason: Sentence,
    *,
    measured: Measured | None = None,
    evidence: Sequence[Evidence] = (),
    details: Mapping[str, float] | None = None,
) -> Judgement:
    """A judgement that an examiner has to complete."""
    return Judgement(
        outcome=outcome,
        reason=reason,
        measured=measured,
        evidence=tuple(evidence),
        details=details or {},
    )


def silent(on_silent: OnSilent, reason: Sentence, evidence: Evidence) -> Judgement:
    """What a silent bus means for this criterion."""
    if on_silent == "review":
        return left_open(Outcome.NEEDS_REVIEW, reason, evidence=[evidence])
    return graded(float(on_silent == "pass"), reason, evidence=[evidence])


def absent(missing: MissingError) -> Sentence:
    """What a recording does not hold, as a part of a reason."""
    return Sentence(key=f"missing.{missing.what}", values=missing.values)


def span_of(spans: Spans) -> Sentence:
    """The hull of the spans as words."""
    start, end = spans.hull_ns
    return span(start, end)


def span(start_ns: int, end_ns: int) -> Sentence:
    """A stretch of recording time as words."""
    values = {"from_s": seconds(start_ns), "to_s": seconds(end_ns)}
    return Sentence(key="span", values=values)


def moment(t_ns: int) -> Sentence:
    """A moment of recording time as words."""
    return Sentence(key="moment", values={"at_s": seconds(t_ns)})


def evidence_of(stream: str, spans: Spans) -> Evidence:
    """The hull of the spans as evidence."""
    start, end = spans.hull_ns
    return Evidence(stream=stream, from_s=seconds(start), to_s=seconds(end))


def evidence_at(stream: str, t_ns: int) -> Evidence:
    """One moment as evidence."""
    return Evidence(stream=stream, from_s=seconds(t_ns), to_s=seconds(t_ns))
