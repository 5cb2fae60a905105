"""How alike two signals are when one of them is delayed."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from examrunner.criteria.aligned import Source
from examrunner.criteria.expressions import Column
from examrunner.criteria.spans import Spans, Times

LEAST_PAIRS: Final = 10
"""Fewer pairs of values correlate by chance."""
MOST_LAGS: Final = 2000
MOST_POINTS: Final = 200_000
"""Bounds of the work that a rubric can ask for; beyond them the grid gets coarser."""


def grid_of(
    sources: Sequence[Source], window: Spans, reach_ns: int
) -> tuple[Times, int]:
    """Even times over the window, one cycle of the fastest signal apart.

    Args:
        sources: Signals that are compared.
        window: When to look.
        reach_ns: Longest delay.

    Returns:
        The times and their distance in nanoseconds.
    """
    from_ns, to_ns = window.hull_ns
    cycles = [
        int(np.median(np.diff(source.samples.t_ns)))
        for source in sources
        if len(source.samples) > 1
    ]
    bound = max((to_ns - from_ns) // MOST_POINTS, 2 * reach_ns // MOST_LAGS)
    step_ns = max(1, bound, min((cycle for cycle in cycles if cycle), default=1))
    return np.arange(from_ns, to_ns, step_ns, dtype=np.int64), step_ns


def correlation(one: Column, other: Column) -> float:
    """Pearson's r where both are finite; NaN if either is constant."""
    both = np.isfinite(one) & np.isfinite(other)
    x, y = one[both], other[both]
    if len(x) < LEAST_PAIRS or not np.ptp(x) or not np.ptp(y):
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt(np.dot(x, x) * np.dot(y, y)))
    return float(np.dot(x, y)) / size if size else float("nan")


def best_lag(one: Column, other: Column, lags: range) -> tuple[float, int]:
    """The largest correlation and by how many points ``one`` is behind ``other``.

    NaN and 0 if no lag gives a correlation; of equal ones the shortest lag wins.
    """
    found, best = float("nan"), 0
    for lag in sorted(lags, key=abs):
        r = correlation(*_shifted(one, other, lag))
        if np.isnan(found) or r > found + 1e-12:
            found, best = (r, lag) if not np.isnan(r) else (found, best)
    return found, best


def _shifted(one: Column, other: Column, lag: int) -> tuple[Column, Column]:
    if lag < 0:
        return one[:lag], other[-lag:]
    return one[lag:], other[: max(0, len(other) - lag)]
