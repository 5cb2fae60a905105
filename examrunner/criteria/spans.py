"""Stretches of recording time, half open, as columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spans:
    """Disjoint spans [start, end) of recording time, ascending.

    Attributes:
        start_ns: int64 (n,), inclusive.
        end_ns: int64 (n,), exclusive, always later than the start.
    """

    start_ns: Times
    end_ns: Times

    def __len__(self) -> int:
        return len(self.start_ns)

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Self:
        """Spans from (start, end) pairs in order; empty ones are dropped."""
        kept = np.array([p for p in pairs if p[1] > p[0]], np.int64).reshape(-1, 2)
        return cls(start_ns=kept[:, 0], end_ns=kept[:, 1])

    @classmethod
    def joined(cls, start_ns: Times, end_ns: Times) -> Self:
        """Ascending, non-overlapping pieces, those that touch made one."""
        if not len(start_ns):
            return cls(start_ns=start_ns, end_ns=end_ns)
        apart = np.flatnonzero(start_ns[1:] > end_ns[:-1])
        return cls(
            start_ns=start_ns[np.concatenate(([0], apart + 1))],
            end_ns=end_ns[np.concatenate((apart, [len(end_ns) - 1]))],
        )

    @property
    def total_ns(self) -> int:
        """Time in all spans."""
        return int((self.end_ns - self.start_ns).sum())

    @property
    def hull_ns(self) -> tuple[int, int]:
        """First start and last end; (0, 0) if there are no spans."""
        if not len(self):
            return 0, 0
        return int(self.start_ns[0]), int(self.end_ns[-1])

    def lengths_ns(self) -> Times:
        """Length of each span."""
        return self.end_ns - self.start_ns

    def before(self, t_ns: Times) -> Times:
        """Time of these spans that lies before each ``t_ns``."""
        if not len(self):
            return np.zeros(np.shape(t_ns), np.int64)
        lengths = self.lengths_ns()
        passed = np.concatenate(([0], np.cumsum(lengths)))
        row = np.searchsorted(self.start_ns, t_ns, "right") - 1
        at = np.maximum(row, 0)
        inside = np.clip(t_ns - self.start_ns[at], 0, lengths[at])
        measured: Times = np.where(row < 0, 0, passed[at] + inside)
        return measured

    def overlap_ns(self, start_ns: Times, end_ns: Times) -> Times:
        """Time of these spans within each [start, end)."""
        if len(self) == 1:
            first, last = self.hull_ns
            shared: Times = np.minimum(end_ns, last) - np.maximum(start_ns, first)
            return np.maximum(shared, 0)
        return self.before(end_ns) - self.before(start_ns)

    def holds(self, t_ns: Times) -> NDArray[np.bool_]:
        """Whether each time lies within a span."""
        row = np.searchsorted(self.start_ns, t_ns, "right") - 1
        if not len(self):
            return np.zeros(np.shape(t_ns), np.bool_)
        return (row >= 0) & (t_ns < self.end_ns[np.maximum(row, 0)])

    def __and__(self, other: "Spans") -> "Spans":
        if not len(self) or not len(other):
            return NOWHERE
        if len(self) == len(other) == 1:
            first = np.maximum(self.start_ns, other.start_ns)
            last = np.minimum(self.end_ns, other.end_ns)
            return Spans(start_ns=first, end_ns=last) if last > first else NOWHERE
        return _combined(self, other, both=True)

    def __sub__(self, other: "Spans") -> "Spans":
        if not len(self) or not len(other):
            return self
        return _combined(self, other, both=False)

    def __or__(self, other: "Spans") -> "Spans":
        if not len(self) or not len(other):
            return self if len(self) else other
        edges = _edges(self, other)
        inside = self.holds(edges[:-1]) | other.holds(edges[:-1])
        return _pieces(edges, inside)


def _edges(one: Spans, other: Spans) -> Times:
    return np.unique(
        np.concatenate((one.start_ns, one.end_ns, other.start_ns, other.end_ns))
    )


def _combined(one: Spans, other: Spans, *, both: bool) -> Spans:
    edges = _edges(one, other)
    inside = one.holds(edges[:-1]) & (other.holds(edges[:-1]) == both)
    return _pieces(edges, inside)


def _pieces(edges: Times, inside: NDArray[np.bool_]) -> Spans:
    return Spans.joined(edges[:-1][inside], edges[1:][inside])


NOWHERE = Spans.of(())
"""No time at all."""
