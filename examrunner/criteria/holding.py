"""Zero-order hold: for how long each sample of a signal is valid."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.spans import Spans, Times
from examrunner.model.errors import MissingError
from examrunner.model.timeline import NS_PER_S, Quality, Series

DISCARDED: Final = Quality.BAD_CRC | Quality.BAD_COUNTER
"""A receiver ignores such a frame: the value before it stays valid."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """Valid samples with the time for which each of them holds.

    Attributes:
        start_ns: int64 (n,), inclusive, clipped to what was asked.
        end_ns: int64 (n,), exclusive.
        rows: intp (n,), sample numbers within the series.
    """

    start_ns: Times
    end_ns: Times
    rows: NDArray[np.intp]

    def known(self) -> Spans:
        """The time with a valid value."""
        return Spans.joined(self.start_ns, self.end_ns)

    def where(self, mask: NDArray[np.bool_]) -> Spans:
        """The time in which the samples of ``mask`` (n,) hold."""
        return Spans.joined(self.start_ns[mask], self.end_ns[mask])


def hold_ns_of(series: Series, hold_s: float | None) -> int:
    """How long a value stays valid.

    Raises:
        MissingError: If neither the rubric nor the database says so.
    """
    chosen = series.hold_s if hold_s is None else hold_s
    if chosen is None:
        raise MissingError(f"hold time of {series.name}")
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
    first = int(np.searchsorted(series.t_ns, from_ns - hold_ns, "right"))
    last = int(np.searchsorted(series.t_ns, to_ns, "left"))
    start, rows, ends = _usable(series, first, last, require_e2e, out_of_range)
    end = np.minimum(np.append(start[1:], to_ns), start + hold_ns)
    start, end = np.maximum(start, from_ns), np.minimum(end, to_ns)
    kept = (end > start) if ends is None else (end > start) & ~ends
    if kept.all():
        return Held(start_ns=start, end_ns=end, rows=rows)
    return Held(start_ns=start[kept], end_ns=end[kept], rows=rows[kept])


def _usable(
    series: Series, first: int, last: int, require_e2e: bool, out_of_range: bool
) -> tuple[Times, NDArray[np.intp], NDArray[np.bool_] | None]:
    """Times and rows of the samples that count, and which of those only end a value."""
    rows = np.arange(first, last, dtype=np.intp)
    quality = series.quality[first:last]
    if not quality.any():
        return series.t_ns[first:last], rows, None
    ignored = int(DISCARDED | Quality.SHORT) if require_e2e else int(Quality.SHORT)
    believed = ignored | int(DISCARDED)
    if out_of_range:
        believed |= int(Quality.OUT_OF_RANGE)
    kept = (quality & ignored) == 0
    ends = (quality[kept] & (255 & ~believed)) != 0
    return series.t_ns[first:last][kept], rows[kept], ends
