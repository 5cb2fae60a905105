"""Samples of many signals as one table in order of time, a stretch at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.timeline import NS_PER_S, Quality, Series

ROWS_PER_STRETCH: Final = 200_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """Rows in order of time; equal times keep the order of the signals.

    Attributes:
        t_ns: int64 (n,), recording time.
        signal: int32 (n,), position of the signal.
        values: float64 (n,), engineering values.
        raw: int64 (n,), raw values.
    """

    t_ns: NDArray[np.int64]
    signal: NDArray[np.int32]
    values: NDArray[np.float64]
    raw: NDArray[np.int64]


def stretches(series: Sequence[Series]) -> Iterator[Stretch]:
    """All samples that have a value, so many at a time that memory stays bounded."""
    total = sum(len(each) for each in series)
    if not total:
        return
    first_ns = min(int(each.t_ns[0]) for each in series if len(each))
    last_ns = max(int(each.t_ns[-1]) for each in series if len(each))
    count = -(-total // ROWS_PER_STRETCH)
    edges = np.linspace(first_ns, last_ns + 1, count + 1).astype(np.int64)
    edges[0], edges[-1] = first_ns, last_ns + 1
    for from_ns, to_ns in pairwise(edges.tolist()):
        stretch = _stretch(series, from_ns, to_ns)
        if len(stretch.t_ns):
            yield stretch


def _stretch(series: Sequence[Series], from_ns: int, to_ns: int) -> Stretch:
    parts = [_rows(each, from_ns, to_ns) for each in series]
    t_ns = np.concatenate([each.t_ns[rows] for each, rows in _pairs(series, parts)])
    order = np.argsort(t_ns, kind="stable")
    counts = [len(rows) for rows in parts]
    signal = np.repeat(np.arange(len(series), dtype=np.int32), counts)
    values = np.concatenate([e.values[rows] for e, rows in _pairs(series, parts)])
    raw = np.concatenate([each.raw[rows] for each, rows in _pairs(series, parts)])
    return Stretch(
        t_ns=t_ns[order], signal=signal[order], values=values[order], raw=raw[order]
    )


def _pairs(
    series: Sequence[Series], parts: Sequence[NDArray[np.intp]]
) -> Iterator[tuple[Series, NDArray[np.intp]]]:
    return zip(series, parts, strict=True)


def _rows(series: Series, from_ns: int, to_ns: int) -> NDArray[np.intp]:
    """Positions in a span of time, without samples that were cut off."""
    start, end = np.searchsorted(series.t_ns, [from_ns, to_ns])
    short = series.quality[start:end] & np.uint8(Quality.SHORT)
    rows: NDArray[np.intp] = start + np.flatnonzero(short == 0)
    return rows


def time_text(t_ns: int) -> str:
    """Seconds with all nine digits: nothing is rounded.

    >>> time_text(1_000_000_020), time_text(-500_000_000)
    ('1.000000020', '-0.500000000')
    """
    sign = "-" if t_ns < 0 else ""
    seconds, rest = divmod(abs(t_ns), NS_PER_S)
    return f"{sign}{seconds}.{rest:09d}"


def number_text(value: float, step: float) -> str:
    """The shortest text that reads back as this value; whole steps give whole numbers.

    >>> number_text(3 * 0.1, 0.1), number_text(50.0, 2.0), number_text(50.0, 0.5)
    ('0.30000000000000004', '50', '50.0')
    """
    if step and step.is_integer() and value.is_integer():
        return str(int(value))
    return repr(value)
