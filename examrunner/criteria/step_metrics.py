"""What one step of a command did to its feedback."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.holding import held
from examrunner.criteria.steps import Step
from examrunner.model.timeline import NS_PER_S, Series

Metric = Literal["delay", "rise", "overshoot_pct", "settle", "sse"]

UNITS: Final = {
    "delay": "s", "rise": "s", "overshoot_pct": "%", "settle": "s", "sse": "",
}  # fmt: skip
DECIMALS: Final = {
    "delay": 4, "rise": 4, "overshoot_pct": 2, "settle": 4, "sse": 3,
}  # fmt: skip
MOST_START_NOISE: Final = 0.01
"""Largest standard deviation before a valid step, as a share of its jump."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Response:
    """Feedback after one step, normalised so that 0 is the start and 1 the target.

    Attributes:
        t_s: float64 (n,), seconds since the step.
        z: float64 (n,), normalised feedback.
        jump: Commanded amplitude in the feedback's unit.
        noise: Standard deviation of the feedback before the step, same unit.
        end_s: End of what belongs to the step.
    """

    t_s: NDArray[np.float64]
    z: NDArray[np.float64]
    jump: float
    noise: float
    end_s: float


def response(
    series: Series, step: Step, *, y0_s: float, t_max_s: float
) -> Response | None:
    """The response to a step; None if the feedback did not rest before it."""
    y0_ns, t_max_ns = round(y0_s * NS_PER_S), round(t_max_s * NS_PER_S)
    end_ns = min(step.end_ns, step.t_ns + t_max_ns)
    before = _samples(series, step.t_ns - y0_ns, step.t_ns)
    after = _samples(series, step.t_ns, end_ns)
    if len(before) < 2 or len(after) < 2:
        return None
    start = float(np.median(series.values[before]))
    noise = float(np.std(series.values[before]))
    jump = step.after - start
    if not jump or noise > MOST_START_NOISE * abs(jump):
        return None
    return Response(
        t_s=(series.t_ns[after] - step.t_ns) / NS_PER_S,
        z=(series.values[after] - start) / jump,
        jump=jump,
        noise=noise,
        end_s=(end_ns - step.t_ns) / NS_PER_S,
    )


def _samples(series: Series, from_ns: int, to_ns: int) -> NDArray[np.intp]:
    samples = held(series, from_ns, to_ns)
    inside = np.flatnonzero(samples.t_ns >= from_ns)
    return np.array([samples.row(int(at)) for at in inside], np.intp)


def delay(found: Response, threshold: float) -> float:
    """Seconds until the feedback leaves its rest."""
    return _crossing(found, max(threshold, 3 * found.noise / abs(found.jump)))


def rise(found: Response, low: float, high: float) -> float:
    """Seconds between two levels."""
    return _crossing(found, high) - _crossing(found, low)


def overshoot_pct(found: Response) -> float:
    """Percent of the amplitude by which the feedback passes the target."""
    return 100 * max(0.0, float(np.max(found.z)) - 1)


def settle(found: Response, band: float, hold_s: float) -> float:
    """Seconds until the feedback stays within the band; NaN if it never does."""
    outside = np.flatnonzero(np.abs(found.z - 1) > band + 1e-9)
    if not outside.size:
        return 0.0
    back = int(outside[-1]) + 1
    if back == len(found.z) or found.end_s - found.t_s[back] < hold_s - 1e-9:
        return float("nan")
    return float(found.t_s[back])


def sse(found: Response, tail_s: float) -> float:
    """Distance of the last stretch's mean from the target, in the feedback's unit."""
    tail = found.z[found.t_s >= found.end_s - tail_s]
    if not len(tail):
        return float("nan")
    return abs(float(np.mean(tail)) - 1) * abs(found.jump)


def _crossing(found: Response, level: float) -> float:
    """First crossing of a level, interpolated between samples; NaN if there is none."""
    above = np.flatnonzero(found.z >= level)
    if not above.size:
        return float("nan")
    row = int(above[0])
    if row == 0:
        return float(found.t_s[0])
    z0, z1 = found.z[row - 1], found.z[row]
    t0, t1 = found.t_s[row - 1], found.t_s[row]
    return float(t0 + (level - z0) / (z1 - z0) * (t1 - t0))
