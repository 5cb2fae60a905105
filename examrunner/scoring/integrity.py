"""What every attempt is checked for without being asked. It only raises flags."""

from collections.abc import Mapping
from typing import Final

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
from examrunner.model.hearing import ExamClock
from examrunner.model.judgement import Judgement, Sentence
from examrunner.model.timeline import Timeline

PREFIX: Final = "integrity."
"""Begins the key of a judgement that nobody asked for."""


def integrity(timeline: Timeline, clock: ExamClock) -> Mapping[str, Judgement]:
    """Judgements about recorder and clock, by ``integrity.<kind>...``."""
    found: dict[str, Judgement] = {}
    exam = Spans.of([(clock.start_ns, clock.stop_ns)])
    for stream in sorted({loss.stream for loss in timeline.health.losses}):
        lost = lost_on(timeline, stream) & exam
        if len(lost):
            values = {
                "stream": stream,
                "lost_s": seconds(lost.total_ns),
                "span": span_of(lost),
            }
            found[f"{PREFIX}loss.{stream}"] = graded(
                0.0,
                Sentence(key="flag.loss", values=values),
                evidence=[evidence_of(stream, lost)],
            )
    for number, step in enumerate(timeline.health.clock_steps):
        values = {"by_s": step.by_s, "moment": moment(step.t_ns)}
        found[f"{PREFIX}clock_step.{number}"] = graded(
            0.0,
            Sentence(key="flag.clock_step", values=values),
            evidence=[evidence_at("clock", step.t_ns)],
        )
    return found
