"""What the recorder says about itself: lost data, a wall clock that jumped."""

from collections.abc import Iterator

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import lost_on
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    moment,
    span_of,
)
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence


def losses(hearing: Hearing) -> Iterator[tuple[str, Judgement]]:
    """Streams of which the recorder lost something during the exam."""
    timeline, clock = hearing.timeline, hearing.clock
    exam = Spans.of([(clock.start_ns, clock.stop_ns)])
    for stream in sorted({loss.stream for loss in timeline.health.losses}):
        lost = lost_on(timeline, stream) & exam
        if len(lost):
            values = {
                "stream": stream,
                "lost_s": seconds(lost.total_ns),
                "span": span_of(lost),
            }
            reason = Sentence(key="flag.loss", values=values)
            evidence = [evidence_of(stream, lost)]
            yield f"loss.{stream}", graded(0.0, reason, evidence=evidence)


def clock_steps(hearing: Hearing) -> Iterator[tuple[str, Judgement]]:
    """Every jump of the wall clock."""
    for number, step in enumerate(hearing.timeline.health.clock_steps):
        values = {"by_s": step.by_s, "moment": moment(step.t_ns)}
        reason = Sentence(key="flag.clock_step", values=values)
        evidence = [evidence_at("clock", step.t_ns)]
        yield f"clock_step.{number}", graded(0.0, reason, evidence=evidence)
