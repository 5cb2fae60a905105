"""One number about the values of a signal within a window."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.expressions import Column
from examrunner.criteria.holding import Held
from examrunner.criteria.spans import Spans, Times
from examrunner.model.timeline import NS_PER_S

Statistic = Literal[
    "mean", "median", "min", "max", "std", "rms", "p05", "p95",
    "slope", "delta", "count", "circ_mean",
]  # fmt: skip

DECIMALS: Final = 6
LEVELS: Final = frozenset({"mean", "median", "min", "max", "p05", "p95", "circ_mean"})
"""Statistics that are themselves values of the signal, so that an angle wraps."""
OBSERVED: Final = LEVELS - {"mean", "circ_mean"}
"""Statistics that one sample has: half a raw step favours the candidate."""
FULL_CIRCLE_DEG: Final = 360.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Values:
    """What a signal was within a window.

    Attributes:
        t_ns: int64 (n,), ascending; the first may lie before the window.
        values: float64 (n,).
        held_ns: int64 (n,), time within the window for which each held.
        inside: bool (n,), whether each sample came within the window.
    """

    t_ns: Times
    values: Column
    held_ns: Times
    inside: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.t_ns)

    def unwrapped(self, period: float) -> Column:
        """The values of an angle without the jumps where it starts again."""
        if not len(self):
            return self.values
        found: Column = np.unwrap(self.values, period=period)
        return found


def values_in(window: Spans, t_ns: Times, ends_ns: Times, values: Column) -> Values:
    """The values that hold somewhere in the window."""
    held_ns = window.overlap_ns(t_ns, ends_ns)
    used = held_ns > 0
    return Values(
        t_ns=t_ns[used],
        values=values[used],
        held_ns=held_ns[used],
        inside=window.holds(t_ns[used]),
    )


def ends_of(samples: Held) -> Times:
    """When each sample stops holding."""
    if samples.ends_ns is not None:
        return samples.ends_ns
    following = np.append(samples.t_ns[1:], samples.to_ns)
    limit = np.minimum(samples.t_ns + samples.hold_ns, samples.to_ns)
    ends: Times = np.minimum(following, limit)
    return ends


def statistic(found: Values, wanted: Statistic, period: float | None = None) -> float:
    """The statistic; NaN where the values have none.

    Mean, extremes and difference are those of the held values; the others are those
    of the samples within the window.

    Args:
        found: The values.
        wanted: Which statistic; the slope is per second.
        period: After how much an angle starts again; None if it is no angle.
    """
    if wanted == "count":
        return float(found.inside.sum())
    if wanted == "circ_mean":
        return _circular_mean(found, period or FULL_CIRCLE_DEG)
    values = found.values if period is None else found.unwrapped(period)
    sampled = values[found.inside]
    if not len(values) or (wanted not in _OF_HELD and not len(sampled)):
        return float("nan")
    if wanted == "mean":
        return float(np.average(values, weights=found.held_ns))
    if wanted == "slope":
        return _slope(found.t_ns[found.inside], sampled)
    if wanted in _OF_HELD:
        return float(_OF_HELD[wanted](values))
    return float(_OF_SAMPLES[wanted](sampled))


_OF_HELD: Final[Mapping[str, Callable[[Column], float]]] = {
    "mean": np.mean,
    "min": np.min,
    "max": np.max,
    "delta": lambda values: values[-1] - values[0],
}
_OF_SAMPLES: Final[Mapping[str, Callable[[Column], float]]] = {
    "median": np.median,
    "std": np.std,
    "rms": lambda values: np.sqrt(np.mean(np.square(values))),
    "p05": lambda values: np.percentile(values, 5),
    "p95": lambda values: np.percentile(values, 95),
}


def _circular_mean(found: Values, period: float) -> float:
    turn = 2 * np.pi / period
    sine = float(np.sum(np.sin(found.values * turn) * found.held_ns))
    cosine = float(np.sum(np.cos(found.values * turn) * found.held_ns))
    if np.hypot(sine, cosine) <= 1e-9 * float(found.held_ns.sum()):
        return float("nan")
    return float(np.arctan2(sine, cosine) / turn)


def _slope(t_ns: Times, values: Column) -> float:
    """Slope per second of the line with the least squares."""
    t_s = (t_ns - t_ns[0]) / NS_PER_S
    t_s = t_s - t_s.mean()
    spread = float(np.dot(t_s, t_s))
    return float(np.dot(t_s, values)) / spread if spread else float("nan")


def distance(value: float, reference: float, period: float | None) -> float:
    """How far two values are apart; the shorter way round for an angle."""
    apart = value - reference
    if period is not None:
        apart -= period * round(apart / period)
    return abs(apart)


def period_of(wanted: str, period: float | None) -> float | None:
    """After how much a statistic starts again; None if it does not."""
    if wanted == "circ_mean":
        return period or FULL_CIRCLE_DEG
    return period if wanted in LEVELS else None


def unit_of(wanted: Statistic, unit: str) -> str:
    """Unit of a statistic of values with that unit."""
    if wanted == "count":
        return ""
    if wanted == "slope":
        return f"{unit}/s" if unit else "1/s"
    return unit
