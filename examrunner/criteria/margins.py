"""A margin over time: constant from step to step, known or only bounded."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.spans import Spans, Times

Column = NDArray[np.float64]
NEVER: Final = -np.inf
"""Largest of no values; the smallest of none is its negation."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Margin:
    """By how much a formula holds at each time.

    Attributes:
        edges_ns: int64 (n + 1,), strictly ascending; the first is where the time that
            counts begins, the last where it ends, exclusive.
        low: float64 (n,), what is sure between two edges.
        high: float64 (n,), what is possible; equal to ``low`` where all is known.
    """

    edges_ns: Times
    low: Column
    high: Column

    @property
    def length_ns(self) -> int:
        """Time that counts."""
        return int(self.edges_ns[-1] - self.edges_ns[0])

    def __neg__(self) -> "Margin":
        return Margin(edges_ns=self.edges_ns, low=-self.high, high=-self.low)

    def __and__(self, other: "Margin") -> "Margin":
        """The smaller one: both hold."""
        edges = np.union1d(self.edges_ns, other.edges_ns)
        one, two = _rows(self, edges), _rows(other, edges)
        return _shortened(
            edges,
            np.minimum(self.low[one], other.low[two]),
            np.minimum(self.high[one], other.high[two]),
        )

    def __or__(self, other: "Margin") -> "Margin":
        return -(-self & -other)

    def least(self, from_ns: int, to_ns: int) -> "Margin":
        """The smallest margin within [t + from, t + to], at every time t.

        Both ends count. What lies outside of the time that counts is left out; where
        nothing is left the margin is infinite.
        """
        starts, ends = self.edges_ns[:-1] - to_ns, self.edges_ns[1:] - from_ns
        begin, end = int(self.edges_ns[0]), int(self.edges_ns[-1])
        inner = np.concatenate((starts, ends))
        inner = inner[(inner > begin) & (inner < end)]
        edges = np.union1d(np.array([begin, end], np.int64), inner)
        first = np.searchsorted(ends, edges[:-1], "right")
        last = np.searchsorted(starts, edges[:-1], "right") - 1
        low = _least_within(self.low, first, last)
        known = bool((self.low == self.high).all())
        high = low if known else _least_within(self.high, first, last)
        return _shortened(edges, low, high)

    def most(self, from_ns: int, to_ns: int) -> "Margin":
        """The largest margin within [t + from, t + to], likewise."""
        return -(-self).least(from_ns, to_ns)

    def later(self, by_ns: int) -> "Margin":
        """The margin ``by_ns`` later, or earlier; beyond the ends it never holds."""
        begin, end = int(self.edges_ns[0]), int(self.edges_ns[-1])
        moved = np.clip(self.edges_ns - by_ns, begin, end)
        edges = np.union1d(np.array([begin, end], np.int64), moved)
        at = edges[:-1] + by_ns
        inside = (at >= begin) & (at < end)
        rows = np.searchsorted(self.edges_ns, at, "right") - 1
        rows = np.clip(rows, 0, len(self.low) - 1)
        return _shortened(
            edges,
            np.where(inside, self.low[rows], NEVER),
            np.where(inside, self.high[rows], NEVER),
        )

    def until(self, other: "Margin") -> "Margin":
        """This one holds until the other one does, now or some time later."""
        return _chained(self, other, backwards=True)

    def since(self, other: "Margin") -> "Margin":
        """This one holds since the other one did, now or some time before."""
        return _chained(self, other, backwards=False)

    def cut(self, spans: Spans) -> "Margin":
        """The margin within the spans, as if the time between did not exist."""
        within = np.concatenate((spans.start_ns, spans.end_ns))
        edges = np.union1d(self.edges_ns, within)
        kept = spans.holds(edges[:-1])
        starts = edges[:-1][kept]
        rows = _rows(self, np.append(starts, 0))
        moved = np.append(spans.before(starts), spans.total_ns)
        return _shortened(moved, self.low[rows], self.high[rows])


def margin_of(
    from_ns: int, to_ns: int, start_ns: Times, end_ns: Times, values: Column
) -> Margin:
    """A margin from values that hold for a while; in between it is unknown.

    Args:
        from_ns: Where the time that counts begins.
        to_ns: Where it ends, exclusive.
        start_ns: int64 (n,), ascending.
        end_ns: int64 (n,), when each value stops holding, at most the next start.
        values: float64 (n,); not a number where there is none.
    """
    inner = np.concatenate((start_ns, end_ns))
    inner = inner[(inner > from_ns) & (inner < to_ns)]
    edges = np.union1d(np.array([from_ns, to_ns], np.int64), inner)
    row = np.searchsorted(start_ns, edges[:-1], "right") - 1
    at = np.maximum(row, 0)
    low = np.full(len(edges) - 1, NEVER)
    high = -low
    if len(start_ns):
        known = (row >= 0) & (edges[:-1] < end_ns[at]) & ~np.isnan(values[at])
        low[known] = high[known] = values[at][known]
    return _shortened(edges, low, high)


def margin_where(
    from_ns: int, to_ns: int, true: Spans, known: Spans, value: float
) -> Margin:
    """``value`` where something is true, its negation where it is known not to be.

    Args:
        from_ns: Where the time that counts begins.
        to_ns: Where it ends, exclusive.
        true: When it is true.
        known: When it is known whether it is.
        value: The margin of what is true.
    """
    inner = np.concatenate((true.start_ns, true.end_ns, known.start_ns, known.end_ns))
    inner = inner[(inner > from_ns) & (inner < to_ns)]
    edges = np.union1d(np.array([from_ns, to_ns], np.int64), inner)
    holds, told = true.holds(edges[:-1]), known.holds(edges[:-1])
    low = np.where(holds & told, value, -value)
    high = np.where(told & ~holds, -value, value)
    return _shortened(edges, low, high)


def _rows(margin: Margin, edges: Times) -> NDArray[np.intp]:
    return np.searchsorted(margin.edges_ns, edges[:-1], "right") - 1


def _shortened(edges: Times, low: Column, high: Column) -> Margin:
    """Without edges at which nothing changes."""
    changed = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    kept = np.concatenate(([True], changed))
    return Margin(
        edges_ns=np.append(edges[:-1][kept], edges[-1]), low=low[kept], high=high[kept]
    )


def _least_within(
    values: Column, first: NDArray[np.intp], last: NDArray[np.intp]
) -> Column:
    """The least value of each window of rows; both ends of the windows ascend.

    A row leaves the queue once a later one is not larger, so that each is looked at
    twice at most.
    """
    numbers, found = values.tolist(), []
    queue: deque[int] = deque()
    taken = 0
    for start, end in zip(first.tolist(), last.tolist(), strict=True):
        while taken <= end:
            while queue and numbers[queue[-1]] >= numbers[taken]:
                queue.pop()
            queue.append(taken)
            taken += 1
        while queue and queue[0] < start:
            queue.popleft()
        found.append(numbers[queue[0]] if queue else -NEVER)
    return np.array(found, np.float64)


def _chained(first: Margin, other: Margin, *, backwards: bool) -> Margin:
    """Either the other one holds, or the first one does and it goes on from there."""
    edges = np.union1d(first.edges_ns, other.edges_ns)
    one, two = _rows(first, edges), _rows(other, edges)
    low = _chain(first.low[one], other.low[two], backwards=backwards)
    high = _chain(first.high[one], other.high[two], backwards=backwards)
    return _shortened(edges, low, high)


def _chain(first: Column, other: Column, *, backwards: bool) -> Column:
    order: Callable[[list[float]], list[float]] = (
        (lambda found: found[::-1]) if backwards else (lambda found: found)
    )
    reached, found = NEVER, []
    pairs = zip(order(first.tolist()), order(other.tolist()), strict=True)
    for holds, ends in pairs:
        reached = max(ends, min(holds, reached))
        found.append(reached)
    return np.array(order(found), np.float64)
