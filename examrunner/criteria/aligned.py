"""Several signals at the same times, each held from sample to sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.expressions import Column
from examrunner.criteria.holding import Held, held
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.statistics import ends_of
from examrunner.model.errors import MissingError
from examrunner.model.timeline import NS_PER_S, Series, Timeline

CYCLES_OF_SKEW: Final = 2
"""How many cycles of the slowest message a value may be older than the newest."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One signal, as a rubric names it, with its valid samples of a stretch."""

    name: str
    series: Series
    samples: Held

    def at(self, t_ns: Times, most_age_ns: int | None = None) -> Column:
        """The value that is valid at each time; NaN where there is none.

        Args:
            t_ns: int64 (n,).
            most_age_ns: Older values count as none; None for the hold time alone.
        """
        if not len(self.samples):
            return np.full(len(t_ns), np.nan)
        row = np.searchsorted(self.samples.t_ns, t_ns, "right") - 1
        at = np.maximum(row, 0)
        valid = (row >= 0) & (t_ns < ends_of(self.samples)[at])
        if most_age_ns is not None:
            valid &= t_ns - self.samples.t_ns[at] <= most_age_ns
        return np.where(valid, self.series.values[self.samples.rows][at], np.nan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aligned:
    """Signals at every time at which one of them has a sample.

    Attributes:
        t_ns: int64 (n,), ascending.
        ends_ns: int64 (n,), when the values of that time stop being valid together.
        columns: float64 (n,) by signal; NaN where a signal has no value young enough.
    """

    t_ns: Times
    ends_ns: Times
    columns: Mapping[str, Column]

    def complete(self) -> NDArray[np.bool_]:
        """Where every signal has a value."""
        whole = np.ones(len(self.t_ns), np.bool_)
        for column in self.columns.values():
            whole &= np.isfinite(column)
        return whole


def source_of(
    timeline: Timeline,
    name: str,
    from_ns: int,
    to_ns: int,
    *,
    hold_s: float | None = None,
    require_e2e: bool = True,
    out_of_range: bool = False,
) -> Source:
    """A signal with its valid samples in [from, to).

    Raises:
        MissingError: If it was not recorded, or nothing says how long it holds.
    """
    series = timeline.series(name)
    samples = held(
        series,
        from_ns,
        to_ns,
        hold_s=hold_s,
        require_e2e=require_e2e,
        out_of_range=out_of_range,
    )
    return Source(name=name, series=series, samples=samples)


def skew_ns_of(
    timeline: Timeline, names: Sequence[str], max_skew_s: float | None
) -> int | None:
    """How old a value may be beside the newest one; None if nothing says so."""
    if max_skew_s is not None:
        return round(max_skew_s * NS_PER_S)
    cycles = [_cycle_s(timeline, name) for name in names]
    known = [cycle for cycle in cycles if cycle is not None]
    return round(CYCLES_OF_SKEW * max(known) * NS_PER_S) if known else None


def _cycle_s(timeline: Timeline, name: str) -> float | None:
    try:
        return timeline.message(name.partition(".")[0]).cycle_s
    except MissingError:
        return None


def aligned(sources: Sequence[Source], window: Spans, skew_ns: int | None) -> Aligned:
    """The signals on the union of their sample times within the window's hull."""
    to_ns = window.hull_ns[1]
    starts = [source.samples.start_ns for source in sources]
    t_ns = np.unique(np.concatenate(starts)) if starts else np.zeros(0, np.int64)
    ends_ns = np.append(t_ns[1:], to_ns)
    columns = {}
    for source in sources:
        columns[source.name] = source.at(t_ns, skew_ns)
        ends_ns = np.minimum(ends_ns, _valid_until(source, t_ns, skew_ns))
    return Aligned(t_ns=t_ns, ends_ns=np.maximum(ends_ns, t_ns), columns=columns)


def _valid_until(source: Source, t_ns: Times, skew_ns: int | None) -> Times:
    if not len(source.samples):
        return t_ns
    row = np.searchsorted(source.samples.t_ns, t_ns, "right") - 1
    at = np.maximum(row, 0)
    ends = ends_of(source.samples)[at]
    if skew_ns is not None:
        ends = np.minimum(ends, source.samples.t_ns[at] + skew_ns + 1)
    return ends
