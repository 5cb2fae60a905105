"""How a measured value becomes a share of the points."""

import math
from dataclasses import dataclass

from examrunner.model.judgement import Sentence

LEAST_EPSILON = 1e-9


def epsilon(step: float = 0.0) -> float:
    """Half a raw step, at least 1e-9: limits favour the candidate by that much.

    3 * 0.1 decodes as 0.30000000000000004 and must not break a limit of 0.3.
    """
    return max(LEAST_EPSILON, 0.5 * abs(step))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Full points at one value and none at another, or steps between.

    Attributes:
        full: Value that earns everything; inclusive.
        zero: Value that earns nothing; equal to ``full`` for pass or fail.
        steps: (limit, share) pairs; the first with value <= limit wins.
        more_is_better: Direction where ``full`` equals ``zero``.
    """

    full: float | None = None
    zero: float | None = None
    steps: tuple[tuple[float, float], ...] = ()
    more_is_better: bool = False

    def fraction(self, value: float, step: float = 0.0) -> float:
        """Share of the points, 0 to 1.

        Args:
            value: What was measured; finite.
            step: Engineering value of one raw step of what was measured.
        """
        slack = epsilon(step)
        if self.steps:
            return next((f for limit, f in self.steps if value <= limit + slack), 0.0)
        if self.full is None or self.zero is None:
            return 0.0
        if self.full == self.zero:
            return float(self._reaches(value, slack))
        if abs(value - self.full) <= slack:
            return 1.0
        raw = (self.zero - value) / (self.zero - self.full)
        return min(1.0, max(0.0, raw))

    def _reaches(self, value: float, slack: float) -> bool:
        limit = self.full or 0.0
        if self.more_is_better:
            return value >= limit - slack
        return value <= limit + slack

    def sentence(self, unit: str = "") -> Sentence:
        """The scale as words."""
        if self.steps:
            listed = "; ".join(f"<= {limit:g}: {f:g}" for limit, f in self.steps)
            return Sentence(key="scale.steps", values={"steps": listed, "unit": unit})
        if self.full == self.zero:
            key = "scale.at_least" if self.more_is_better else "scale.at_most"
            return Sentence(key=key, values={"full": self.full or 0.0, "unit": unit})
        values = {"full": self.full or 0.0, "zero": self.zero or 0.0, "unit": unit}
        return Sentence(key="scale.band", values=values)


def problem_with(scale: Scale) -> str:
    """What is wrong with a scale as its author wrote it; empty if nothing is."""
    if scale.steps:
        limits = [limit for limit, _ in scale.steps]
        return "" if limits == sorted(limits) else "steps must ascend"
    if scale.full is None or scale.zero is None:
        return "a score needs both 'full' and 'zero', or 'steps'"
    if not (math.isfinite(scale.full) and math.isfinite(scale.zero)):
        return "'full' and 'zero' must be finite"
    return ""
