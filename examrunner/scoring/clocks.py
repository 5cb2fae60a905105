"""Exam time, as the operations of a recording tell it."""

from examrunner.model.hearing import ExamClock
from examrunner.model.timeline import Op, Timeline


def exam_clock(timeline: Timeline) -> ExamClock:
    """The clock of an attempt.

    Without a start the whole recording counts (an imported log); without a stop the
    exam lasts until the recording ends, and a pause without a resume likewise.
    """
    end = timeline.duration_ns
    start = next((op.t_ns for op in timeline.operations("start")), 0)
    stop = next(
        (op.t_ns for op in timeline.operations("stop") if op.t_ns >= start), end
    )
    return ExamClock(
        start_ns=start, stop_ns=stop, pauses_ns=_pauses(timeline.ops, start, stop)
    )


def _pauses(
    ops: tuple[Op, ...], start_ns: int, stop_ns: int
) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    since: int | None = None
    for op in ops:
        if op.name == "pause" and since is None:
            since = op.t_ns
        elif op.name == "resume" and since is not None:
            found.append((since, op.t_ns))
            since = None
    if since is not None:
        found.append((since, stop_ns))
    clipped = ((max(a, start_ns), min(b, stop_ns)) for a, b in found)
    return tuple(pair for pair in clipped if pair[1] > pair[0])
