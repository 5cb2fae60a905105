"""What a statistic has to be: limits, a scale, or the distance from a reference."""

import math
from dataclasses import dataclass, replace

from examrunner.criteria.reference_values import value_of
from examrunner.criteria.references import NothingMeasuredError, Reference
from examrunner.criteria.scales import Scale, epsilon
from examrunner.criteria.statistics import DECIMALS, distance
from examrunner.criteria.submitted_models import NothingSubmittedError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Limits of a statistic; with neither limits nor scale it is only measured.

    Attributes:
        min: Smallest value, inclusive; None for no limit.
        max: Largest value, inclusive; None for no limit.
        score: Value to share of the points, instead of limits.
    """

    min: float | None = None
    max: float | None = None
    score: Scale | None = None

    def fraction(self, value: float, step: float) -> float:
        """Share of the points for a value."""
        if self.score is not None:
            return self.score.fraction(value, step)
        slack = epsilon(step)
        low = -math.inf if self.min is None else self.min - slack
        high = math.inf if self.max is None else self.max + slack
        return float(low <= value <= high)

    def sentence(self, unit: str) -> Sentence:
        """What is wanted, as words."""
        if self.score is not None:
            return self.score.sentence(unit)
        low, high = self.min, self.max
        if low is None and high is None:
            return Sentence(key="scale.none")
        if low is None:
            return Sentence(key="scale.at_most", values={"full": high, "unit": unit})
        if high is None:
            return Sentence(key="scale.at_least", values={"full": low, "unit": unit})
        values = {"min": low, "max": high, "unit": unit}
        return Sentence(key="scale.between", values=values)


def compared_with(
    hearing: Hearing, reference: Reference | None, value: float, period: float | None
) -> float:
    """The value, or its distance from the reference; rounded.

    Raises:
        MissingError: If the reference was not recorded.
        NothingMeasuredError: If the candidate never produced the reference.
    """
    if reference is None:
        return round(value, DECIMALS)
    # Nothing is answered here, so that no edit can name the moment.
    at_the_end = replace(reference, at="exam.end")
    try:
        found = value_of(hearing, at_the_end, "", value)
    except NothingSubmittedError:
        raise NothingMeasuredError from None
    return round(distance(value, found, period), DECIMALS)
