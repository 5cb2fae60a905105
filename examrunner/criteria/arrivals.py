"""Frames of one message within a window."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.spans import Spans, Times
from examrunner.model.errors import MissingError
from examrunner.model.timeline import Messages, Verdict8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrivals:
    """Frames within a window, and which of them follow each other in one span.

    Attributes:
        rows: Slice or rows of the message's columns.
        t_ns: int64 (n,), arrival times.
        follows: bool (n-1,), whether frame i+1 follows frame i in the same span;
            None if all do.
    """

    rows: slice | NDArray[np.intp]
    t_ns: Times
    follows: NDArray[np.bool_] | None

    def starts(self) -> Times:
        """When each of the intervals began."""
        first = self.t_ns[:-1]
        return first if self.follows is None else first[self.follows]

    def intervals(self) -> Times:
        """Times between frames that follow each other."""
        gaps = np.diff(self.t_ns)
        return gaps if self.follows is None else gaps[self.follows]


def arrivals(message: Messages, window: Spans) -> Arrivals:
    """The frames of a message within a window."""
    t_ns = message.frames.t_ns
    first, last = np.searchsorted(t_ns, window.hull_ns, "left")
    if len(window) <= 1:
        return Arrivals(rows=slice(first, last), t_ns=t_ns[first:last], follows=None)
    inside = t_ns[first:last]
    kept = np.flatnonzero(window.holds(inside))
    span = np.searchsorted(window.start_ns, inside[kept], "right")
    return Arrivals(rows=kept + first, t_ns=inside[kept], follows=span[1:] == span[:-1])


def verdict_counts(
    message: Messages, window: Spans, column: NDArray[np.uint8] | None, what: str
) -> tuple[int, int, int | None]:
    """Good verdicts, all verdicts, and the time of the first that is not good.

    Raises:
        MissingError: If the message has no such protection.
    """
    if column is None:
        raise MissingError(what, name=message.name)
    seen = arrivals(message, window)
    verdicts = column[seen.rows]
    known = int(np.count_nonzero(verdicts))
    good = int(np.count_nonzero(verdicts == Verdict8.GOOD))
    if good == known:
        return good, known, None
    wrong = int(np.argmax((verdicts != Verdict8.GOOD) & (verdicts != 0)))
    return good, known, int(seen.t_ns[wrong])
