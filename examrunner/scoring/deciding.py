"""What people decided, on top of what the machine said."""

from collections.abc import Sequence
from dataclasses import dataclass

from examrunner.criteria.examiner_check import ExaminerCheck
from examrunner.criteria.examiner_mark import ExaminerMark
from examrunner.criteria.verdicts import outcome_of
from examrunner.model.decision import Decision
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.rubric import Criterion
from examrunner.scoring.intervals import ONE, ZERO, Interval, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One criterion after decisions.

    Attributes:
        outcome: After decisions.
        fraction: None while it is open.
        reason: The machine's, or the decision's.
        critical: Whether a critical limit is broken for sure.
        decided: Whether a person decided.
    """

    outcome: Outcome
    fraction: float | None
    reason: Sentence
    critical: bool
    decided: bool = False

    @property
    def interval(self) -> Interval:
        """Share of the points that is sure and that is possible."""
        if self.fraction is None:
            return Interval(low=ZERO, high=ONE)
        return Interval.sure(share(self.fraction))


def settled(
    judgement: Judgement, criterion: Criterion, decisions: Sequence[Decision]
) -> Settled:
    """A judgement with the decisions about it; the last override counts."""
    overrides = [each for each in decisions if each.fraction is not None]
    if overrides:
        return _overridden(judgement, overrides[-1])
    levels = [each for each in decisions if each.level is not None]
    if levels and isinstance(criterion, ExaminerCheck | ExaminerMark):
        return _marked(judgement, criterion, levels)
    return Settled(
        outcome=judgement.outcome,
        fraction=judgement.fraction,
        reason=judgement.reason,
        critical=judgement.critical,
    )


def _overridden(judgement: Judgement, decision: Decision) -> Settled:
    fraction = min(1.0, max(0.0, decision.fraction or 0.0))
    machine: object = "-" if judgement.fraction is None else judgement.fraction
    values = {
        "by": decision.by,
        "share": fraction,
        "machine": machine,
        "why": decision.reason,
    }
    return Settled(
        outcome=outcome_of(fraction),
        fraction=fraction,
        reason=Sentence(key="decision.override", values=values),
        critical=judgement.critical and fraction == 0,
        decided=True,
    )


def _marked(
    judgement: Judgement,
    criterion: ExaminerCheck | ExaminerMark,
    decisions: Sequence[Decision],
) -> Settled:
    last = {each.by: each for each in decisions}
    levels = tuple(each.level for each in last.values() if each.level is not None)
    fraction = criterion.fraction(levels)
    if fraction is None:
        return Settled(
            outcome=Outcome.NEEDS_REVIEW,
            fraction=None,
            reason=criterion.open_reason(levels, ", ".join(last)),
            critical=False,
        )
    values = {
        "levels": ", ".join(map(str, levels)),
        "by": ", ".join(last),
        "share": fraction,
        "why": "; ".join(each.reason for each in last.values() if each.reason) or "-",
    }
    key = "judgement.given"
    if isinstance(criterion, ExaminerCheck):
        key = "examiner_check.yes" if fraction else "examiner_check.no"
    return Settled(
        outcome=outcome_of(fraction),
        fraction=fraction,
        reason=Sentence(key=key, values=values),
        critical=False,
        decided=True,
    )
