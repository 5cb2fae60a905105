"""A cyclic message keeps its cycle."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.arrivals import arrivals
from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import lost_for
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.verdicts import (
    OnSilent,
    evidence_of,
    graded,
    silent,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import Messages

NS_PER_MS: Final = 1_000_000
MS_DECIMALS: Final = 3
LONG: Final = 1.5
"""Cycles from which an interval may have swallowed a frame."""
SAMPLING: Final = 64
"""One interval in so many guesses where the 99th percentile lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MsgCycle:
    """Every limit that is given holds for every message.

    Only intervals between two frames of the window count: one that stops for good
    shows in ``min_share`` and ``min_frames`` alone, or as a ``msg_timeout``.

    Attributes:
        messages: Message names; ``$variant.messages`` for a secret.
        nominal_ms: Cycle; None for the database's.
        mean_tol_ms: Largest distance of the mean from the cycle.
        p99_ms: Largest 99th percentile (nearest rank).
        max_gap_ms: Largest interval.
        missing_ratio_max: Largest share of frames that are missing.
        min_share: Fewer frames than this share of those that the cycle makes due in
            the window, as far as the recorder saw it, count as silence.
        min_frames: Fewer frames than this count as silence.
        window: When to look.
        on_silent: What silence means.
    """

    messages: tuple[str, ...] | str
    nominal_ms: float | None = None
    mean_tol_ms: float | None = None
    p99_ms: float | None = None
    max_gap_ms: float | None = None
    missing_ratio_max: float | None = None
    min_share: float | None = None
    min_frames: int = 3
    window: Window = WHOLE_EXAM
    on_silent: OnSilent = "fail"

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key="msg_cycle.rule",
            values={
                "messages": ", ".join(self._names()),
                "limits": Sentence(
                    key="predicate.all", values={"parts": tuple(self._limits())}
                ),
                "window": window_sentence(self.window),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        found = [self._one(hearing, name, window) for name in self._names()]
        opens = [judgement for judgement in found if judgement.fraction is None]
        return min(opens or found, key=lambda judgement: judgement.fraction or 0.0)

    def _names(self) -> tuple[str, ...]:
        return (self.messages,) if isinstance(self.messages, str) else self.messages

    def _limits(self) -> list[Sentence]:
        given = {
            "mean": self.mean_tol_ms,
            "p99": self.p99_ms,
            "max": self.max_gap_ms,
            "missing": self.missing_ratio_max,
            "share": self.min_share,
        }
        shares = {"missing", "share"}
        return [
            Sentence(
                key=f"msg_cycle.{name}",
                values={"limit": 100 * limit if name in shares else limit},
            )
            for name, limit in given.items()
            if limit is not None
        ]

    def _one(self, hearing: Hearing, name: str, window: Spans) -> Judgement:
        message = hearing.timeline.message(name)
        seen = arrivals(message, window)
        starts, gaps = seen.starts(), seen.intervals()
        lost = lost_for(hearing, name) & window
        if len(lost):
            whole, unknown_ns = self._seen_whole(message, starts, gaps, lost)
            if unknown_ns > MOST_UNKNOWN * window.total_ns:
                return recorder_lost(name, window, unknown_ns)
            starts, gaps = starts[whole], gaps[whole]
        needed = self._needed(message, window.total_ns - lost.total_ns)
        if len(seen.t_ns) < needed or not len(gaps):
            return self._silent(message, len(seen.t_ns), needed, window)
        return self._measured(message, starts, gaps, window)

    def _seen_whole(
        self, message: Messages, starts: Times, gaps: Times, lost: Spans
    ) -> tuple[NDArray[np.bool_], int]:
        """Which intervals the recorder saw whole, and the time that it did not see."""
        inside = lost.overlap_ns(starts, starts + gaps)
        torn = inside > 0
        if torn.any():
            torn &= gaps > LONG * self._cycle_ms(message) * NS_PER_MS
        return ~torn, lost.total_ns - int(inside[~torn].sum())

    def _measured(
        self, message: Messages, starts: Times, gaps: Times, window: Spans
    ) -> Judgement:
        cycle = self._cycle_ms(message)
        mean = round(float(gaps.sum()) / len(gaps) / NS_PER_MS, MS_DECIMALS)
        longest = round(int(gaps.max()) / NS_PER_MS, MS_DECIMALS)
        p99 = longest if self.p99_ms is None else round(p99_ms(gaps), MS_DECIMALS)
        missing = round(
            max(0.0, 1 - len(gaps) * cycle * NS_PER_MS / int(gaps.sum())), 6
        )
        checks = (
            (abs(mean - cycle), self.mean_tol_ms),
            (p99, self.p99_ms),
            (longest, self.max_gap_ms),
            (missing, self.missing_ratio_max),
        )
        met = all(limit is None or value <= limit + 1e-9 for value, limit in checks)
        reason = Sentence(
            key="msg_cycle.reason",
            values={
                "message": message.name,
                "mean_ms": mean,
                "cycle_ms": cycle,
                "p99": Sentence(
                    key="msg_cycle.none"
                    if self.p99_ms is None
                    else "msg_cycle.p99_was",
                    values={"p99_ms": p99},
                ),
                "longest_ms": longest,
                "missing": round(100 * missing, 3),
                "limits": Sentence(
                    key="predicate.all", values={"parts": tuple(self._limits())}
                ),
                "span": span_of(window),
            },
        )
        return graded(
            float(met),
            reason,
            measured=Measured(value=mean, unit="ms"),
            evidence=[
                _longest_gap(message.name, starts, gaps),
                evidence_of(message.name, window),
            ],
            details={
                "mean_ms": mean,
                "p99_ms": p99,
                "max_ms": longest,
                "missing": missing,
            },
        )

    def _cycle_ms(self, message: Messages) -> float:
        if self.nominal_ms is not None:
            return self.nominal_ms
        if message.cycle_s is None:
            raise MissingError("cycle_time", name=message.name)
        return 1e3 * message.cycle_s

    def _needed(self, message: Messages, seen_ns: int) -> int:
        """How few frames are no silence."""
        least = max(self.min_frames, 2)
        if self.min_share is None:
            return least
        due = seen_ns / (self._cycle_ms(message) * NS_PER_MS)
        return max(least, math.floor(self.min_share * due))

    def _silent(
        self, message: Messages, frames: int, needed: int, window: Spans
    ) -> Judgement:
        values = {
            "message": message.name,
            "frames": frames,
            "needed": needed,
            "span": span_of(window),
        }
        reason = Sentence(key="msg_cycle.silent", values=values)
        return silent(self.on_silent, reason, evidence_of(message.name, window))


def p99_ms(gaps: Times) -> float:
    """99th percentile by nearest rank, in milliseconds.

    Only the tail is sorted: a sample of the intervals tells where it begins.
    """
    above = len(gaps) - int(np.ceil(0.99 * len(gaps)))
    tail = gaps
    if len(gaps) > 64 * SAMPLING:
        few = np.sort(gaps[::SAMPLING])
        guess = few[int(0.96 * len(few))]
        kept = gaps[gaps >= guess]
        tail = kept if len(kept) > above else gaps
    rank = len(tail) - 1 - above
    return int(np.partition(tail, rank)[rank]) / NS_PER_MS


def _longest_gap(name: str, starts: Times, gaps: Times) -> Evidence:
    row = int(np.argmax(gaps))
    return Evidence(
        stream=name,
        from_s=seconds(int(starts[row])),
        to_s=seconds(int(starts[row] + gaps[row])),
    )
