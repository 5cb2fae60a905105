"""Several questions that are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from examrunner.criteria.asking import ask
from examrunner.criteria.verdicts import absent, graded, left_open
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence

Combine = Literal["min", "all", "any", "k_of_n", "mean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """Joins the answers of inner criteria.

    What does not apply is left out. What is open or was not recorded leaves the whole
    open only where the answer depends on it: among ``all``, one that is not met is
    enough to tell.

    Attributes:
        combine: ``min`` takes the worst share, ``all`` wants each met, ``any`` takes
            the best, ``k_of_n`` wants ``k`` met, ``mean`` averages.
        of: The inner criteria.
        k: How many have to be met; all that apply, if they are fewer.
    """

    combine: Combine
    of: tuple[Any, ...]  # criteria of any kind; content builds each by its own class
    k: int = 1

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        if self.combine == "k_of_n" and not 1 <= self.k <= len(self.of):
            return f"'k' is {self.k}, but there are {len(self.of)} criteria"
        return ""

    def rule(self) -> Sentence:
        """The question as a sentence."""
        parts = tuple(inner.rule() for inner in self.of)
        values = {"parts": Sentence(key="list", values={"parts": parts}), "k": self.k}
        return Sentence(key=f"composite.{self.combine}", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found, missing = self._answers(hearing)
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
            if missing is not None:
                raise missing
            first = next(each for each in asked if each.fraction is None)
            return left_open(first.outcome, reason, evidence=evidence)
        choose = max if self.combine == "any" else min
        shown = choose(
            (each for each in asked if each.fraction is not None),
            key=lambda each: each.fraction or 0.0,
        )
        return graded(
            low,
            reason,
            measured=shown.measured,
            evidence=evidence,
            details=shown.details,
            critical=any(each.critical for each in asked),
        )

    def _answers(self, hearing: Hearing) -> tuple[list[Judgement], MissingError | None]:
        """What every inner criterion says, and what was not recorded, if anything."""
        found: list[Judgement] = []
        first: MissingError | None = None
        for inner in self.of:
            try:
                found.append(ask(inner, hearing))
            except MissingError as missing:
                first = first or missing
                reason = Sentence(key="missing.fail", values={"what": absent(missing)})
                found.append(left_open(Outcome.NOT_MEASURED, reason))
        return found, first

    def _joined(self, shares: Sequence[float]) -> float:
        if self.combine == "min":
            return min(shares)
        if self.combine == "any":
            return max(shares)
        if self.combine == "mean":
            return sum(shares) / len(shares)
        needed = len(shares) if self.combine == "all" else min(self.k, len(shares))
        return float(sum(share >= 1 for share in shares) >= needed)
