"""Exam time: since the start, pauses cut out."""

import numpy as np

from examrunner.criteria.spans import Spans
from examrunner.model.hearing import ExamClock
from examrunner.model.timeline import NS_PER_S


def running(clock: ExamClock) -> Spans:
    """Recording time in which the exam ran."""
    whole = Spans.of([(clock.start_ns, clock.stop_ns)])
    return whole - Spans.of(clock.pauses_ns)


def exam_ns(clock: ExamClock, t_ns: int) -> int:
    """Exam time of a moment in recording time."""
    return int(running(clock).before(np.array([t_ns], np.int64))[0])


def recording_ns(clock: ExamClock, exam_time_ns: int) -> int:
    """The first moment of recording time with that exam time.

    Later than the stop if the exam ended before.
    """
    spans = running(clock)
    passed = np.concatenate(([0], np.cumsum(spans.lengths_ns())))
    row = int(np.searchsorted(passed, exam_time_ns, "right")) - 1
    if row < 0:
        return clock.start_ns + exam_time_ns
    if row >= len(spans):
        return clock.stop_ns + exam_time_ns - int(passed[-1])
    return int(spans.start_ns[row]) + exam_time_ns - int(passed[row])


def seconds(t_ns: int) -> float:
    """Nanoseconds as seconds, for evidence and sentences."""
    return round(t_ns / NS_PER_S, 6)
