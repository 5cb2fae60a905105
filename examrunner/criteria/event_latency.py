"""How long after one event another one followed."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.exam_time import exam_ns
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.uds_patterns import matching
from examrunner.criteria.unseen import unseen_event
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    span,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Timeline

SECONDS_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLatency:
    """Exam time from the first ``from`` to the first ``to`` after it.

    A diagnostic request as ``from`` counts from its end; as ``to`` it means the
    beginning of its final answer. Where the recorder lost more than 2 % of the time in
    between, ``to`` may have come sooner: less than full points are left open.

    Attributes:
        from_: What starts the time.
        to: What ends it; one before ``from`` does not count.
        score: Seconds to share of the points.
        window: When to look for both.
    """

    from_: Event
    to: Event
    score: Scale
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key="event_latency.rule",
            values={
                "from": event_sentence(self.from_),
                "to": self._end(),
                "window": window_sentence(self.window),
                "scale": self.score.sentence("s"),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        starts = happenings(hearing.timeline, self.from_, window)
        if not len(starts):
            return self._missing(
                hearing, self.from_, event_sentence(self.from_), window
            )
        start = int(starts[0])
        end = self._following(hearing.timeline, start, window)
        if end is None:
            after = window & Spans.of([(start, window.hull_ns[1])])
            return self._missing(hearing, self.to, self._end(), after)
        clock = hearing.clock
        passed = exam_ns(clock, end) - exam_ns(clock, start)
        value = round(passed / NS_PER_S, SECONDS_DECIMALS)
        fraction = self.score.fraction(value)
        waited = window & Spans.of([(start, end)])
        lost = unseen_event(hearing, self.to, waited) if fraction < 1 else None
        if lost is not None:
            return lost
        reason = Sentence(
            key="event_latency.reason",
            values={
                "from": event_sentence(self.from_),
                "to": self._end(),
                "latency_s": value,
                "scale": self.score.sentence("s"),
                "span": span(start, end),
            },
        )
        return graded(
            fraction,
            reason,
            measured=Measured(value=value, unit="s"),
            evidence=[evidence_at("events", start), evidence_at("events", end)],
        )

    def _following(self, timeline: Timeline, start: int, window: Spans) -> int | None:
        """The first ``to`` after the start; another event may be simultaneous."""
        earliest = start + 1 if self.to == self.from_ else start
        after = window & Spans.of([(earliest, window.hull_ns[1])])
        if self.to.uds is None:
            times = happenings(timeline, self.to, after)
        else:
            times = _answers(timeline, self.to)
            times = np.sort(times[after.holds(times)])
        return int(times[0]) if len(times) else None

    def _end(self) -> Sentence:
        words = event_sentence(self.to)
        if self.to.uds is None:
            return words
        return Sentence(key="event_latency.answer", values={"request": words})

    def _missing(
        self, hearing: Hearing, event: Event, words: Sentence, window: Spans
    ) -> Judgement:
        lost = unseen_event(hearing, event, window)
        if lost is not None:
            return lost
        reason = Sentence(
            key="event_latency.missing",
            values={
                "event": words,
                "scale": self.score.sentence("s"),
                "span": span_of(window),
            },
        )
        return graded(0.0, reason, evidence=[evidence_of("events", window)])


def _answers(timeline: Timeline, event: Event) -> Times:
    """When the final answers to the requests of an event began."""
    if event.uds is None:
        return np.zeros(0, np.int64)
    found = matching(timeline.exchanges, event.uds)
    return np.array([e.answer.from_ns for e in found if e.answer], np.int64)
