"""Steps of a command signal: a jump within a short edge that then stays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.holding import Held, held
from examrunner.criteria.spans import Spans
from examrunner.model.timeline import NS_PER_S, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShape:
    """What counts as a step.

    Attributes:
        signal: Command signal.
        min_jump: Smallest change, in the signal's unit.
        edge_s: Longest time that the change may take.
        hold_s: Shortest stay at the new value.
        tol: Largest distance from the target, or movement during the stay.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
    """

    signal: str
    min_jump: float
    edge_s: float = 0.04
    hold_s: float = 2.0
    tol: float = 0.5
    require_e2e: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a command.

    Attributes:
        t_ns: When the command left its old value.
        end_ns: When it leaves the new one, or the end of what is known.
        before: Old value.
        after: New value.
    """

    t_ns: int
    end_ns: int
    before: float
    after: float


def steps_in(timeline: Timeline, shape: StepShape, window: Spans) -> tuple[Step, ...]:
    """Every step that begins in the window, in order.

    Raises:
        MissingError: If the command was not recorded.
    """
    series = timeline.series(shape.signal)
    from_ns, to_ns = window.hull_ns
    samples = held(series, from_ns, to_ns, require_e2e=shape.require_e2e)
    if not len(samples):
        return ()
    levels = _levels(series.values[samples.rows], samples)
    found = _jumps(levels, shape)
    inside = window.holds(np.array([step.t_ns for step in found], np.int64))
    return tuple(step for step, kept in zip(found, inside, strict=True) if kept)


Level = tuple[int, int, float]
"""Start, end and value of a stretch in which the command did not change."""


def _levels(values: NDArray[np.float64], samples: Held) -> list[Level]:
    changes = np.flatnonzero(values[1:] != values[:-1])
    last = np.union1d(changes, samples.lapses)
    first = np.append(0, last + 1)
    last = np.append(last, len(values) - 1)
    starts = np.maximum(samples.t_ns[first], samples.from_ns)
    ends = np.append(samples.t_ns[last[:-1] + 1], 0)
    lapsed = np.isin(last, samples.lapses)
    lapsed[-1] = True
    ends[lapsed] = samples.ends_of(last[lapsed])
    levels = zip(starts, ends, values[first], strict=True)
    return [(int(start), int(end), float(value)) for start, end, value in levels]


def _jumps(levels: Sequence[Level], shape: StepShape) -> list[Step]:
    edge_ns, hold_ns = round(shape.edge_s * NS_PER_S), round(shape.hold_s * NS_PER_S)
    found: list[Step] = []
    for index, (start, _, value) in enumerate(levels[1:], 1):
        left = _left_at(levels, index, edge_ns)
        end = _stays_until(levels, index, shape.tol)
        jump = abs(value - left[1])
        if jump >= shape.min_jump and end - start >= hold_ns:
            found.append(Step(t_ns=left[0], end_ns=end, before=left[1], after=value))
    return found


def _left_at(levels: Sequence[Level], index: int, edge_ns: int) -> tuple[int, float]:
    """When and from which value the edge that ends in level ``index`` began."""
    first = index
    while first > 1 and levels[index][0] - levels[first - 1][0] <= edge_ns:
        first -= 1
    return levels[first][0], levels[first - 1][2]


def _stays_until(levels: Sequence[Level], index: int, tol: float) -> int:
    _, end, value = levels[index]
    for following in levels[index + 1 :]:
        if following[0] > end or abs(following[2] - value) > tol:
            return end
        end = following[1]
    return end


def wanted_targets(targets: Sequence[float] | str) -> tuple[float, ...]:
    """The required step targets, after ``$variant`` was filled in."""
    return () if isinstance(targets, str) else tuple(targets)
