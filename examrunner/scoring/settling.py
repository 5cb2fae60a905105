"""settle: judgements and decisions become points, an interval and a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from examrunner.model.decision import Decision
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.rubric import Group, Line, Rubric
from examrunner.model.score import (
    CriterionScore,
    Digests,
    Flag,
    Points,
    Score,
)
from examrunner.scoring.deciding import Settled, settled
from examrunner.scoring.integrity import PREFIX
from examrunner.scoring.intervals import (
    INNER,
    PRINTED,
    ZERO,
    Interval,
    share,
)
from examrunner.scoring.taking import (
    Deducted,
    Vetoed,
    deducted,
    escalated_code,
    vetoed,
)
from examrunner.scoring.totals import Ends, verdict_of


def settle(
    rubric: Rubric,
    judgements: Mapping[str, Judgement],
    decisions: Sequence[Decision] = (),
    *,
    digests: Digests,
    software: Mapping[str, str],
) -> Score:
    """The score of an attempt.

    Args:
        rubric: What was asked.
        judgements: What ``judge`` said.
        decisions: What people said, in order of time.
        digests: What the judgements were computed from.
        software: Names and versions of what decides marks.
    """
    said = _by_criterion(decisions)
    lines = {
        line.id: settled(judgements[line.id], line.criterion, said.get(line.id, ()))
        for line in rubric.lines()
    }
    gated = {line.id: _gated(line, lines) for line in rubric.lines()}
    deductions = [
        deducted(
            each,
            judgements[each.id],
            [*said.get(each.id, ()), *said.get(escalated_code(each), ())],
        )
        for each in rubric.deductions
    ]
    vetoes = [
        *(vetoed(v, judgements[v.code], said.get(v.code, ())) for v in rubric.vetoes),
        *(each.escalated for each in deductions if each.escalated is not None),
    ]
    groups = {
        group.id: _group_points(group, gated, deductions) for group in rubric.groups
    }
    ends = Ends.of(rubric, groups, lines, vetoes)
    printed = ends.points.rounded(PRINTED)
    return Score(
        points=Points(low=printed.low, high=printed.high, max=rubric.max_points),
        verdict=verdict_of(rubric, ends),
        criteria=(
            *(_line_score(line, gated[line.id], judgements) for line in rubric.lines()),
            *(each.score for each in vetoes if each.is_raised),
            *(each.score for each in deductions if each.count),
        ),
        flags=_flags(judgements, vetoes, deductions),
        digests=digests,
        software=dict(software),
    )


def _by_criterion(decisions: Sequence[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    for decision in decisions:
        found.setdefault(decision.criterion, []).append(decision)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A settled criterion after its evidence gate.

    Attributes:
        settled: Before the gate.
        interval: Share of the points after it.
        reason: Names the gate where it took something.
    """

    settled: Settled
    interval: Interval
    reason: Sentence


def _gated(line: Line, lines: Mapping[str, Settled]) -> Gated:
    own = lines[line.id]
    if line.gate is None or own.decided:
        return Gated(settled=own, interval=own.interval, reason=own.reason)
    evidence = lines[line.gate.criterion].interval
    needed, factor = share(line.gate.min_fraction), share(line.gate.else_factor)
    low = own.interval.low * (1 if evidence.low >= needed else factor)
    high = own.interval.high * (1 if evidence.high >= needed else factor)
    reason = own.reason
    if evidence.high < needed and own.interval.high > 0:
        values = {
            "reason": own.reason,
            "criterion": line.gate.criterion,
            "had": float(evidence.high),
            "needed": line.gate.min_fraction,
            "factor": line.gate.else_factor,
        }
        reason = Sentence(key="gate", values=values)
    return Gated(settled=own, interval=Interval(low=low, high=high), reason=reason)


def _group_points(
    group: Group, gated: Mapping[str, Gated], deductions: Sequence[Deducted]
) -> Interval:
    """Points of a group: what does not apply is spread over what does."""
    applied = [line for line in group.lines if _applies(gated[line.id])]
    possible = sum((line.points for line in applied), ZERO)
    if not possible:
        return Interval(low=ZERO, high=group.points)
    earned = Interval.sure(ZERO)
    for line in applied:
        earned += gated[line.id].interval.times(line.points).rounded(INNER)
    taken = sum((d.points for d in deductions if d.group == group.id), ZERO)
    scaled = earned.times(group.points / possible)
    return (scaled + Interval.sure(-taken)).clipped(ZERO, group.points)


def _applies(gated: Gated) -> bool:
    return gated.settled.outcome is not Outcome.NOT_APPLICABLE


def _line_score(
    line: Line, gated: Gated, judgements: Mapping[str, Judgement]
) -> CriterionScore:
    machine = judgements[line.id]
    interval = gated.interval.times(line.points).rounded(INNER)
    if not _applies(gated):
        interval = Interval.sure(ZERO)
    sure = gated.interval.low == gated.interval.high and _applies(gated)
    return CriterionScore(
        id=line.id,
        kind=line.kind,
        outcome=gated.settled.outcome,
        points=_points(interval, line.points),
        fraction=float(gated.interval.low) if sure else None,
        machine=machine,
        rule=line.criterion.rule(),
        reason=gated.reason,
    )


def _points(interval: Interval, most: Decimal) -> Points:
    return Points(low=interval.low, high=interval.high, max=most)


def _flags(
    judgements: Mapping[str, Judgement],
    vetoes: Sequence[Vetoed],
    deductions: Sequence[Deducted],
) -> tuple[Flag, ...]:
    unasked = (
        Flag(kind=key.split(".")[1], text=each.reason, evidence=each.evidence)
        for key, each in judgements.items()
        if key.startswith(PREFIX) and each.outcome is Outcome.NOT_MET
    )
    unchecked = [each.flag for each in vetoes] + [each.flag for each in deductions]
    return (*unasked, *(flag for flag in unchecked if flag is not None))
