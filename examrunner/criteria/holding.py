"""Zero-order hold: for how long each sample of a signal is valid."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.spans import NOWHERE, Spans, Times
from examrunner.model.errors import MissingError
from examrunner.model.timeline import NS_PER_S, Quality, Series

DISCARDED: Final = Quality.BAD_CRC | Quality.BAD_COUNTER
"""A receiver ignores such a frame: the value before it stays valid."""


Rows = NDArray[np.intp] | slice
"""Sample numbers of a series: a slice where all samples count."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """Valid samples with the time for which each of them holds.

    Most questions need runs of samples only, so that the times of every single sample
    are worked out when somebody asks for them.

    Attributes:
        rows: Sample numbers within the series.
        t_ns: int64 (n,), times of those samples, at most the first before the window.
        ends_ns: int64 (n,), when each stops holding; None where the hold time and the
            next sample tell.
        from_ns: Start of what was asked.
        to_ns: End of what was asked, exclusive.
        hold_ns: How long a value stays valid.
    """

    rows: Rows
    t_ns: Times
    ends_ns: Times | None
    from_ns: int
    to_ns: int
    hold_ns: int

    def __len__(self) -> int:
        return len(self.t_ns)

    def row(self, index: int) -> int:
        """Sample number of the sample at ``index``."""
        if isinstance(self.rows, slice):
            return int(self.rows.start) + index
        return int(self.rows[index])

    @cached_property
    def start_ns(self) -> Times:
        """int64 (n,), when each sample begins to hold, clipped to what was asked."""
        return np.maximum(self.t_ns, self.from_ns)

    @cached_property
    def lapses(self) -> NDArray[np.intp]:
        """Samples whose value lapses before the next one comes."""
        if self.ends_ns is not None:
            return np.flatnonzero(self.t_ns[1:] > self.ends_ns[:-1])
        return np.flatnonzero(np.diff(self.t_ns) > self.hold_ns)

    def ends_of(self, samples: NDArray[np.intp]) -> Times:
        """When samples stop holding; those before a lapse, and the last one, only."""
        if self.ends_ns is not None:
            return self.ends_ns[samples]
        return np.minimum(self.t_ns[samples] + self.hold_ns, self.to_ns)

    def known(self) -> Spans:
        """The time with a valid value."""
        return self.where(np.ones(len(self), np.bool_))

    def where(self, mask: NDArray[np.bool_]) -> Spans:
        """The time in which the samples of ``mask`` (n,) hold."""
        if not len(self):
            return NOWHERE
        first = np.flatnonzero(mask & ~_behind(mask))
        last = np.flatnonzero(mask & ~_ahead(mask))
        following = np.minimum(last + 1, len(self) - 1)
        ends = np.where(last + 1 < len(self), self.t_ns[following], self.ends_of(last))
        starts = np.maximum(self.t_ns[first], self.from_ns)
        filled = ends > starts
        found = Spans.joined(starts[filled], ends[filled])
        return found - self._lapsed() if len(self.lapses) else found

    def _lapsed(self) -> Spans:
        """The time between samples in which no value was valid."""
        return Spans.joined(self.ends_of(self.lapses), self.t_ns[self.lapses + 1])


def _behind(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask one sample later: what came before each sample."""
    return np.append(False, mask[:-1])


def _ahead(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask one sample earlier: what follows each sample."""
    return np.append(mask[1:], False)


def hold_ns_of(series: Series, hold_s: float | None) -> int:
    """How long a value stays valid.

    Raises:
        MissingError: If neither the rubric nor the database says so.
    """
    chosen = series.hold_s if hold_s is None else hold_s
    if chosen is None:
        raise MissingError("hold_time", name=series.name)
    return round(chosen * NS_PER_S)


def held(
    series: Series,
    from_ns: int,
    to_ns: int,
    *,
    hold_s: float | None = None,
    require_e2e: bool = True,
    out_of_range: bool = False,
) -> Held:
    """The samples that are valid somewhere in [from, to).

    Args:
        series: The signal.
        from_ns: Start of the stretch, recording time.
        to_ns: End of the stretch, exclusive.
        hold_s: Overrides the hold time of the database.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
        out_of_range: Whether values beyond the database's limits are believed.
    """
    hold_ns = hold_ns_of(series, hold_s)
    t_ns = series.t_ns
    first, last = (int(row) for row in np.searchsorted(t_ns, (from_ns, to_ns), "left"))
    if not series.quality[max(0, first - 1) : last].any():
        # The last sample up to the opening applies there, if it is young enough.
        first = max(0, int(np.searchsorted(t_ns, from_ns, "right")) - 1)
        if first < last and t_ns[first] + hold_ns <= from_ns:
            first += 1
        rows: Rows = slice(first, max(first, last))
        return _held(rows, t_ns[rows], None, from_ns, to_ns, hold_ns)
    first = int(np.searchsorted(t_ns, from_ns - hold_ns, "right"))
    rows, ends_ns = _usable(
        series, first, last, hold_ns, require_e2e=require_e2e, out_of_range=out_of_range
    )
    ends_ns = np.minimum(ends_ns, to_ns)
    inside = (ends_ns > from_ns) & (ends_ns > t_ns[rows])
    return _held(
        rows[inside], t_ns[rows[inside]], ends_ns[inside], from_ns, to_ns, hold_ns
    )


def _held(
    rows: Rows,
    t_ns: Times,
    ends_ns: Times | None,
    from_ns: int,
    to_ns: int,
    hold_ns: int,
) -> Held:
    return Held(
        rows=rows,
        t_ns=t_ns,
        ends_ns=ends_ns,
        from_ns=from_ns,
        to_ns=to_ns,
        hold_ns=hold_ns,
    )


def _usable(
    series: Series,
    first: int,
    last: int,
    hold_ns: int,
    *,
    require_e2e: bool,
    out_of_range: bool,
) -> tuple[NDArray[np.intp], Times]:
    """Rows of the samples that have a value, and when each stops holding."""
    quality = series.quality[first:last]
    ignored = int(DISCARDED | Quality.SHORT) if require_e2e else int(Quality.SHORT)
    believed = ignored | int(DISCARDED)
    if out_of_range:
        believed |= int(Quality.OUT_OF_RANGE)
    rows = np.flatnonzero((quality & ignored) == 0) + first
    t_ns = series.t_ns[rows]
    following = np.append(t_ns[1:], np.iinfo(np.int64).max)
    ends_ns = np.minimum(following, t_ns + hold_ns)
    valid = (series.quality[rows] & (255 & ~believed)) == 0
    return rows[valid], ends_ns[valid]
