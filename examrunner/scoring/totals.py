"""The two ends of a score: what is sure, and what is still possible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from examrunner.model.rubric import Rubric
from examrunner.model.score import Verdict
from examrunner.scoring.deciding import Settled
from examrunner.scoring.intervals import PRINTED, ZERO, Interval, half_up, share
from examrunner.scoring.taking import Standing, Vetoed


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of the interval.

    Attributes:
        points: Final points, not yet rounded.
        failed: Whether a critical limit or a group minimum fails the task.
    """

    points: Decimal
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Both ends of a score.

    Attributes:
        low: If everything open turns out badly.
        high: If everything open turns out well.
        veto: Whether a veto was confirmed.
        held: Whether a veto waits for an examiner.
    """

    low: End
    high: End
    veto: bool
    held: bool

    @property
    def points(self) -> Interval:
        """Final points, not yet rounded."""
        return Interval(low=self.low.points, high=self.high.points)

    @classmethod
    def of(
        cls,
        rubric: Rubric,
        groups: Mapping[str, Interval],
        lines: Mapping[str, Settled],
        vetoes: Sequence[Vetoed],
    ) -> "Ends":
        """Sum the groups; apply critical limits, minima and vetoes."""
        standings = {each.standing for each in vetoes}
        veto = Standing.CONFIRMED in standings
        held = Standing.HELD in standings and not veto
        critical = any(each.critical for each in lines.values())
        possible = critical or any(
            line.critical and lines[line.id].outcome.is_open for line in rubric.lines()
        )
        low = _end(rubric, {id_: g.low for id_, g in groups.items()}, possible)
        high = _end(rubric, {id_: g.high for id_, g in groups.items()}, critical)
        nothing = End(points=ZERO, failed=True)
        if veto:
            return cls(low=nothing, high=nothing, veto=True, held=False)
        return cls(low=nothing if held else low, high=high, veto=False, held=held)


def _end(rubric: Rubric, groups: Mapping[str, Decimal], critical: bool) -> End:
    raw = sum(groups.values(), ZERO)
    points = min(raw, rubric.cuts.fail_cap) if critical else raw
    short = any(
        half_up(groups[group.id], PRINTED)
        < half_up(share(rubric.group_minima[group.id]) * group.points, PRINTED)
        for group in rubric.groups
        if group.id in rubric.group_minima
    )
    return End(points=points, failed=critical or short)


def verdict_of(rubric: Rubric, ends: Ends) -> Verdict:
    """The verdict, read from the rounded points."""
    if ends.veto:
        return Verdict.VETO
    if ends.held:
        return Verdict.UNDECIDED
    low, high = (_passes(rubric, end) for end in (ends.low, ends.high))
    if low != high:
        return Verdict.UNDECIDED
    return Verdict.PASS if high else Verdict.FAIL


def _passes(rubric: Rubric, end: End) -> bool:
    enough = half_up(end.points, PRINTED) >= rubric.cuts.passing
    return enough and not end.failed
