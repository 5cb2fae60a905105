"""Whether enough of a window is known: recorder loss apart from a silent bus."""

from typing import Final

from examrunner.criteria.losses import lost_for
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import (
    OnSilent,
    evidence_of,
    left_open,
    silent,
    span_of,
)
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence

MOST_UNKNOWN: Final = 0.02
"""Share of a window that the recorder may lose before an examiner has to look."""
LEAST_COVERAGE: Final = 0.95


def objection(
    hearing: Hearing,
    name: str,
    window: Spans,
    known: Spans,
    *,
    on_silent: OnSilent,
    min_coverage: float = LEAST_COVERAGE,
) -> Judgement | None:
    """The judgement where too little is known, or None where enough is.

    Time without a valid value that the recorder lost is unknown and leaves the
    window; the rest of it is silence of the bus.
    """
    total = window.total_ns
    missing = window - known
    unknown = (missing & lost_for(hearing, name)).total_ns
    if unknown > MOST_UNKNOWN * total:
        return recorder_lost(name, window, unknown)
    asked = total - unknown
    covered = total - missing.total_ns
    if asked and covered >= min_coverage * asked:
        return None
    reason = Sentence(
        key="silence.bus",
        values={
            "name": name,
            "coverage": round(100 * covered / asked, 2) if asked else 0.0,
            "needed": 100 * min_coverage,
            "span": span_of(window),
        },
    )
    return silent(on_silent, reason, evidence_of(name, window))


def recorder_lost(name: str, window: Spans, unknown_ns: int) -> Judgement:
    """Too much of the window was lost by the recorder: an examiner has to decide."""
    reason = Sentence(
        key="silence.recorder",
        values={
            "name": name,
            "share": round(100 * unknown_ns / window.total_ns, 2),
            "allowed": 100 * MOST_UNKNOWN,
            "span": span_of(window),
        },
    )
    return left_open(Outcome.NOT_MEASURED, reason, evidence=[evidence_of(name, window)])
