"""Vetoes and deductions: what takes points away."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from examrunner.model.decision import Decision
from examrunner.model.judgement import Evidence, Judgement, Outcome, Sentence
from examrunner.model.rubric import Deduction, Veto
from examrunner.model.score import CriterionScore, Flag, Points
from examrunner.scoring.deciding import settled
from examrunner.scoring.intervals import INNER, ZERO, half_up, share


class Standing(StrEnum):
    """How a veto stands."""

    ABSENT = "absent"
    HELD = "held"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetoed:
    """One veto after decisions.

    Attributes:
        standing: See ``Standing``.
        score: Its line on the result sheet.
        flag: Raised if it could not be checked.
    """

    standing: Standing
    score: CriterionScore
    flag: Flag | None = None

    @property
    def is_raised(self) -> bool:
        """Whether it belongs on the result sheet."""
        return self.standing is not Standing.ABSENT


def vetoed(veto: Veto, judgement: Judgement, decisions: Sequence[Decision]) -> Vetoed:
    """A veto: held as soon as the machine sees it, until an examiner decides."""
    return _veto(veto.code, veto.criterion.rule(), judgement, decisions)


def _veto(
    code: str, rule: Sentence, judgement: Judgement, decisions: Sequence[Decision]
) -> Vetoed:
    said = [each for each in decisions if each.confirm is not None]
    standing = _standing(judgement, said)
    reason = _reason(standing, judgement, said)
    flag = None
    if judgement.outcome.is_open:
        flag = _unchecked(code, judgement)
    return Vetoed(
        standing=standing,
        flag=flag,
        score=CriterionScore(
            id=code,
            kind="veto",
            outcome=Outcome.MET
            if standing is Standing.REJECTED
            else Outcome.NEEDS_REVIEW
            if standing is Standing.HELD
            else Outcome.NOT_MET,
            points=Points(low=ZERO, high=ZERO, max=ZERO),
            fraction=None,
            machine=judgement,
            rule=rule,
            reason=reason,
        ),
    )


def _standing(judgement: Judgement, said: Sequence[Decision]) -> Standing:
    if said:
        return Standing.CONFIRMED if said[-1].confirm else Standing.REJECTED
    if judgement.outcome is Outcome.NOT_MET:
        return Standing.HELD
    return Standing.ABSENT


def _reason(
    standing: Standing, judgement: Judgement, said: Sequence[Decision]
) -> Sentence:
    if standing is Standing.HELD:
        return Sentence(key="veto.held", values={"why": judgement.reason})
    if not said:
        return judgement.reason
    values = {"by": said[-1].by, "why": said[-1].reason or "-"}
    return Sentence(key=f"decision.{standing.value}", values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deducted:
    """One deduction after decisions.

    Attributes:
        group: Group that pays.
        count: Occurrences.
        points: Points taken.
        score: Its line on the result sheet.
        escalated: The veto that it became; None if it did not.
        flag: Raised if it could not be checked.
    """

    group: str
    count: int
    points: Decimal
    score: CriterionScore
    escalated: Vetoed | None = None
    flag: Flag | None = None


def deducted(
    deduction: Deduction, judgement: Judgement, decisions: Sequence[Decision]
) -> Deducted:
    """Points off for each occurrence, up to the cap.

    A decision's fraction is the share of the points that the candidate keeps.
    """
    found = settled(judgement, deduction.criterion, decisions)
    count = int(judgement.details.get("count", 0))
    points = min(count * deduction.points, deduction.cap)
    if found.decided:
        points = half_up(points * (1 - share(found.fraction or 0.0)), INNER)
    rule = deduction.criterion.rule()
    escalated = None
    if deduction.then_veto_at is not None and count >= deduction.then_veto_at:
        escalated = _veto(escalated_code(deduction), rule, judgement, decisions)
    values = {"points": float(points), "why": judgement.reason}
    return Deducted(
        group=deduction.group,
        count=count,
        points=points,
        escalated=escalated,
        flag=_unchecked(deduction.id, judgement) if judgement.outcome.is_open else None,
        score=CriterionScore(
            id=deduction.id,
            kind="deduction",
            outcome=found.outcome,
            points=Points(low=-points, high=-points, max=ZERO),
            fraction=None,
            machine=judgement,
            rule=rule,
            reason=Sentence(key="deduction.taken", values=values),
        ),
    )


def escalated_code(deduction: Deduction) -> str:
    """Code of the veto that a deduction becomes; decisions may name either."""
    return f"{deduction.id}.veto"


def _unchecked(code: str, judgement: Judgement) -> Flag:
    values = {"code": code, "why": judgement.reason}
    evidence: tuple[Evidence, ...] = judgement.evidence
    return Flag(
        kind="unchecked",
        text=Sentence(key="flag.unchecked", values=values),
        evidence=evidence,
    )
