"""Which of a candidate's attempts at one task counts, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from examrunner.model.grade import Component, Result
from examrunner.model.score import Verdict

TENTH: Final = Decimal("0.1")


class Standing(StrEnum):
    """How a component stands."""

    REACHED = "reached"
    BELOW_MINIMUM = "below_minimum"
    VETO = "veto"
    UNDECIDED = "undecided"
    MISSING = "missing"

    @property
    def is_open(self) -> bool:
        """Whether the grade has to wait for it."""
        return self in {Standing.MISSING, Standing.UNDECIDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentGrade:
    """One component of one candidate's grade.

    Attributes:
        component: The component.
        standing: How it stands.
        points: 0 to 100; None while it is open.
        result: The attempt that counts; None if there is none.
    """

    component: Component
    standing: Standing
    points: Decimal | None
    result: Result | None


def grade_component(
    component: Component, results: Sequence[Result], attempts: str
) -> ComponentGrade:
    """A component's standing.

    Args:
        component: The component.
        results: The candidate's results of that task, in order of confirmation.
        attempts: Which of them counts: ``best``, ``latest`` or ``first``.
    """
    result = _counting(results, attempts)
    if result is None:
        standing, points = Standing.MISSING, None
    elif _is_undecided(result):
        standing, points = Standing.UNDECIDED, None
    else:
        points = share(result)
        standing = _standing(component, result, points)
    return ComponentGrade(
        component=component, standing=standing, points=points, result=result
    )


def share(result: Result) -> Decimal:
    """Certain points on a scale from 0 to 100, to 0.1: what is shown is what counts."""
    return rounded(result.points.low * 100 / result.points.max)


def rounded(points: Decimal) -> Decimal:
    """To 0.1, halves up."""
    return points.quantize(TENTH, ROUND_HALF_UP)


def _counting(results: Sequence[Result], attempts: str) -> Result | None:
    if not results:
        return None
    if attempts == "first":
        return results[0]
    if attempts == "latest":
        return results[-1]
    # An undecided attempt holds the grade open only while it could still be the best.
    return max(results, key=_promise)


def _promise(result: Result) -> tuple[Decimal, bool, bool]:
    return (
        result.points.high / result.points.max,
        not _is_undecided(result),
        result.verdict is not Verdict.VETO,
    )


def _is_undecided(result: Result) -> bool:
    return (
        result.verdict is Verdict.UNDECIDED or result.points.low != result.points.high
    )


def _standing(component: Component, result: Result, points: Decimal) -> Standing:
    if result.verdict is Verdict.VETO:
        return Standing.VETO
    if points < component.minimum:
        return Standing.BELOW_MINIMUM
    return Standing.REACHED
