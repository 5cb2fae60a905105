"""Several questions that are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from examrunner.criteria.asking import ask
from examrunner.criteria.verdicts import graded, left_open
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence

Combine = Literal["min", "all", "any", "k_of_n", "mean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """Joins the answers of inner criteria.

    Attributes:
        combine: ``min`` takes the worst share, ``all`` wants each met, ``any`` takes
            the best, ``k_of_n`` wants ``k`` met, ``mean`` averages.
        of: The inner criteria.
        k: How many have to be met.
    """

    combine: Combine
    of: tuple[Any, ...]  # criteria of any kind; content builds each by its own class
    k: int = 1

    def rule(self) -> Sentence:
        """The question as a sentence."""
        parts = tuple(inner.rule() for inner in self.of)
        values = {"parts": Sentence(key="list", values={"parts": parts}), "k": self.k}
        return Sentence(key=f"composite.{self.combine}", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found = [ask(inner, hearing) for inner in self.of]
        asked = [each for each in found if each.outcome is not Outcome.NOT_APPLICABLE]
        reason = Sentence(
            key="list", values={"parts": tuple(each.reason for each in found)}
        )
        evidence = tuple(span for each in found for span in each.evidence)
        if not asked:
            return left_open(Outcome.NOT_APPLICABLE, reason, evidence=evidence)
        low = self._joined([each.fraction or 0.0 for each in asked])
        high = self._joined(
            [1.0 if each.fraction is None else each.fraction for each in asked]
        )
        if low != high:
            first = next(each for each in asked if each.fraction is None)
            return left_open(first.outcome, reason, evidence=evidence)
        worst = min(
            asked, key=lambda each: 1.0 if each.fraction is None else each.fraction
        )
        return graded(
            low,
            reason,
            measured=worst.measured,
            evidence=evidence,
            details=worst.details,
            critical=any(each.critical for each in asked),
        )

    def _joined(self, shares: Sequence[float]) -> float:
        if self.combine == "min":
            return min(shares)
        if self.combine == "any":
            return max(shares)
        if self.combine == "mean":
            return sum(shares) / len(shares)
        needed = len(shares) if self.combine == "all" else self.k
        return float(sum(share >= 1 for share in shares) >= needed)
