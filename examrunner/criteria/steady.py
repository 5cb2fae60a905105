"""A signal that hardly moves, whatever its value."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.expressions import Column
from examrunner.criteria.holding import Rows
from examrunner.criteria.scales import epsilon
from examrunner.criteria.spans import Times
from examrunner.model.judgement import Sentence
from examrunner.model.timeline import NS_PER_S, Series

MEDIANS_PER_STRETCH: Final = 20
"""The median is worked out anew this often within ``over_s``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """Samples near the median of what surrounds them.

    A sample is steady if it lies within ``within`` of the median of the samples of the
    ``over_s`` seconds before it, around it, or after it. Medians are taken at moments
    ``over_s / 20`` apart, from the first sample on; the nearest moment counts. So a
    constant value, one that drifts slowly and one that steps are steady, a jolt is
    not. A single sample is always steady.

    Attributes:
        within: Largest distance from the median.
        over_s: Time that the median is taken over.
    """

    within: float
    over_s: float = 10.0

    def satisfied(self, series: Series, rows: Rows) -> NDArray[np.bool_]:
        """Which of the samples are steady."""
        t_ns, values = series.t_ns[rows], series.values[rows]
        if not len(values):
            return np.zeros(0, np.bool_)
        step_ns = max(1, round(self.over_s * NS_PER_S / MEDIANS_PER_STRETCH))
        medians = _medians(t_ns, values, step_ns)
        nearest = (t_ns - t_ns[0] + step_ns // 2) // step_ns
        found = np.zeros(len(values), np.bool_)
        for shift in (-MEDIANS_PER_STRETCH // 2, 0, MEDIANS_PER_STRETCH // 2):
            row = np.clip(nearest + shift, 0, len(medians) - 1)
            off = np.abs(values - medians[row])
            found |= off <= self.within + epsilon(series.step)
        return found

    def sentence(self, signal: str) -> Sentence:
        """What is wanted of a signal, as words."""
        values = {"signal": signal, "within": self.within, "over_s": self.over_s}
        return Sentence(key="predicate.steady", values=values)


def _medians(t_ns: Times, values: Column, step_ns: int) -> Column:
    """Medians at moments ``step_ns`` apart; NaN where there are no samples."""
    count = int(t_ns[-1] - t_ns[0]) // step_ns + 2
    centres = t_ns[0] + step_ns * np.arange(count, dtype=np.int64)
    half_ns = step_ns * MEDIANS_PER_STRETCH // 2
    first = np.searchsorted(t_ns, centres - half_ns, side="left")
    last = np.searchsorted(t_ns, centres + half_ns, side="right")
    return np.array(
        [
            _median(values[a:b]) if b > a else np.nan
            for a, b in zip(first, last, strict=True)
        ]
    )


def _median(values: Column) -> float:
    """The median; what ``np.median`` gives, at a tenth of its overhead."""
    low, high = (len(values) - 1) // 2, len(values) // 2
    sorted_to = np.partition(values, (low, high, len(values) - 1))
    if math.isnan(sorted_to[-1]):
        return math.nan
    return float(0.5 * (sorted_to[low] + sorted_to[high]))
