"""The same noise twice: traffic that was recorded before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, moment, span_of
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.traces import NoiseTrace

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A stretch of one signal that was there before.

    Attributes:
        trace: The signal.
        rows: Its marks that were there before.
        before: Where they were before.
    """

    trace: NoiseTrace
    rows: Rows
    before: Sentence

    @property
    def spans(self) -> Spans:
        """Time of the stretch, which may have holes."""
        last = np.maximum.accumulate(self.trace.end_ns[self.rows])
        first = np.minimum(self.trace.t_ns[self.rows], last)
        first[1:] = np.maximum(first[1:], last[:-1])
        kept = last > first
        return Spans.joined(first[kept], last[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedTraffic:
    """No signal of the rig shows the same noise twice.

    Noise never repeats itself: a stretch whose turning points (value and distance, 32
    in a row) were there before, earlier in this recording or in an earlier one, was
    played back. It does not matter when it was played, with which time stamps, or that
    frames of it are missing.

    Only the exam counts, but what the rig sent before it may be what is repeated. A
    recording in which nothing is noisy proves nothing: then it is not measured.

    Attributes:
        fewest: Repeated marks of one signal that are evidence. One alone has a chance
            of less than one in a million for a whole exam.
    """

    fewest: int = 2

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(key="replayed_traffic.rule")

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question.

        Raises:
            MissingError: If nothing of the rig was noisy.
        """
        clock = hearing.clock
        exam = Spans.of([(clock.start_ns, clock.stop_ns)])
        if not any(exam.holds(trace.t_ns).any() for trace in hearing.timeline.noise):
            raise MissingError("noise")
        repeats = [r for r in _repeats(hearing, exam) if len(r.rows) >= self.fewest]
        if not repeats:
            values = {"signals": len(hearing.timeline.noise), "span": span_of(exam)}
            return graded(1.0, Sentence(key="replayed_traffic.none", values=values))
        worst = max(repeats, key=lambda each: each.spans.total_ns)
        repeated_s = round(seconds(worst.spans.total_ns), 1)
        values = {
            "signal": worst.trace.name,
            "repeated_s": repeated_s,
            "span": span_of(worst.spans),
            "before": worst.before,
        }
        return graded(
            0.0,
            Sentence(key="replayed_traffic.reason", values=values),
            measured=Measured(value=repeated_s, unit="s"),
            evidence=[evidence_of(r.trace.name, r.spans) for r in repeats],
            details={"count": float(len(repeats))},
        )


def _repeats(hearing: Hearing, exam: Spans) -> Iterator[Repeat]:
    for trace in hearing.timeline.noise:
        inside = exam.holds(trace.t_ns)
        again, first = _again(trace.marks)
        rows = np.flatnonzero(inside & again)
        if len(rows):
            where = moment(int(trace.t_ns[first[rows[0]]]))
            before = Sentence(key="replayed.here", values={"moment": where})
            yield Repeat(trace=trace, rows=rows, before=before)
        for earlier in hearing.earlier:
            rows = np.flatnonzero(inside & _among(trace, earlier.noise))
            if len(rows):
                values = {"recording": earlier.digest[:12]}
                before = Sentence(key="replayed.there", values=values)
                yield Repeat(trace=trace, rows=rows, before=before)


def _again(marks: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], Rows]:
    """Which marks were there before in the same signal, and in which row first."""
    _, first, place = np.unique(marks, return_index=True, return_inverse=True)
    firsts = first[place]
    return firsts != np.arange(len(marks)), firsts


def _among(
    trace: NoiseTrace, noise: Mapping[str, NDArray[np.uint64]]
) -> NDArray[np.bool_]:
    known = noise.get(trace.name)
    if known is None or not len(known):
        return np.zeros(len(trace.marks), np.bool_)
    row = np.minimum(np.searchsorted(known, trace.marks), len(known) - 1)
    found: NDArray[np.bool_] = known[row] == trace.marks
    return found
