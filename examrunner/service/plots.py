"""Signals as a page plots them: the smallest and largest value of each column."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examrunner.content.search import SearchPath
from examrunner.decode.tracks import SignalTrack
from examrunner.model.errors import MissingError
from examrunner.model.timeline import NS_PER_S, Series
from examrunner.service.attempt_messages import PlotMessage, SignalMessage
from examrunner.service.opened import opened, rig_of
from examrunner.service.refusals import UnknownError


def signal_names(path: Path, content: SearchPath) -> list[SignalMessage]:
    """Every signal of a recording; those that the rig watches come first."""
    recording, timeline = opened(path, content)
    units: dict[str, str] = {}
    if isinstance(timeline.signals, SignalTrack):
        units.update(timeline.signals.units())
    units.update({f"fib.{name}": one.unit for name, one in timeline.truth.items()})
    watched = [name for name in rig_of(recording, content).watch if name in units]
    return [
        SignalMessage(name=name, unit=units[name])
        for name in dict.fromkeys([*watched, *units])
    ]


def plots(
    path: Path,
    content: SearchPath,
    names: Sequence[str],
    *,
    from_s: float,
    to_s: float | None,
    points: int,
) -> list[PlotMessage]:
    """Columns to plot, at most ``points`` a signal.

    Raises:
        UnknownError: If the recording has no signal of that name.
    """
    _, timeline = opened(path, content)
    end_s = timeline.duration_ns / NS_PER_S if to_s is None else to_s
    try:
        series = [timeline.series(name) for name in names]
    except MissingError as missing:
        raise UnknownError(
            f"the recording has no {missing}.",
            where="names",
            remedy="GET signals without names lists them.",
        ) from None
    return [_plot(one, from_s, end_s, points) for one in series]


def _plot(series: Series, from_s: float, to_s: float, points: int) -> PlotMessage:
    first, last = np.searchsorted(
        series.t_ns, [int(from_s * NS_PER_S), int(to_s * NS_PER_S)]
    )
    # One sample on either side, so that a line enters and leaves the plot.
    part = slice(max(int(first) - 1, 0), int(last) + 1)
    t_ns, values = series.t_ns[part], series.values[part]
    t_s, low, high = decimated(t_ns / NS_PER_S, values, points)
    return PlotMessage(
        name=series.name,
        unit=series.unit,
        t_s=t_s.tolist(),
        low=_listed(low),
        high=_listed(high),
    )


def decimated(
    t_s: NDArray[np.float64], values: NDArray[np.float64], points: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Time of the first sample, smallest and largest value of each column.

    Columns have equally many samples; NaN only where a column has no value at all.

    >>> t = np.arange(6.0)
    >>> _, low, high = decimated(t, np.array([1, 5, 2, 2, 9, 0.0]), 3)
    >>> low.tolist(), high.tolist()
    ([1.0, 2.0, 0.0], [5.0, 2.0, 9.0])
    """
    if len(values) <= points:
        return t_s, values, values
    starts = np.linspace(0, len(values), points, endpoint=False).astype(np.intp)
    return (
        t_s[starts],
        np.fmin.reduceat(values, starts),
        np.fmax.reduceat(values, starts),
    )


def _listed(values: NDArray[np.float64]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
