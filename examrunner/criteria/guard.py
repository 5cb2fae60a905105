"""Something has to be so whenever something else happens."""

from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.exam_time import running
from examrunner.criteria.predicates import Predicate, compared
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.snapshot import Snapshot, snapshot
from examrunner.criteria.unseen import unseen_event
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    left_open,
    moment,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import (
    Evidence,
    Judgement,
    Measured,
    Outcome,
    Sentence,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """At each matching event the predicate holds, by values that are young enough.

    Attributes:
        at: The event; with ``nth`` only that one.
        require: What has to hold then.
        when_event_absent: What it means if the event never happens.
        max_age_s: Oldest value that is believed; None for its hold time.
        partial: Whether the share of events counts instead of all or nothing.
        window: When to look.
    """

    at: Event
    require: Predicate
    when_event_absent: Literal["fail", "na"]
    max_age_s: float | None = None
    partial: bool = False
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key="guard.rule",
            values={
                "event": event_sentence(self.at),
                "predicate": predicate_sentence(self.require),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        times = [int(t) for t in happenings(hearing.timeline, self.at, window)]
        if not times:
            unseen = unseen_event(hearing, self.at, window)
            return unseen or self._absent(hearing)
        seen = [
            snapshot(hearing.timeline, self.require, t, self.max_age_s) for t in times
        ]
        if any(each.holds is None for each in seen):
            return self._stale(times, seen)
        held = [bool(each.holds) for each in seen]
        share = sum(held) / len(held)
        shown = held.index(False) if False in held else 0
        return graded(
            share if self.partial else float(all(held)),
            self._reason(
                "guard.reason", times[shown], seen[shown], sum(held), len(held)
            ),
            measured=Measured(value=round(100 * share, 2), unit="%"),
            evidence=self._evidence(times[shown]),
            details={"events": float(len(held)), "held": float(sum(held))},
        )

    def _reason(
        self, key: str, t_ns: int, seen: Snapshot, held: int, events: int
    ) -> Sentence:
        return Sentence(
            key=key,
            values={
                "held": held,
                "events": events,
                "seen": seen.seen,
                "predicate": predicate_sentence(self.require),
                "moment": moment(t_ns),
            },
        )

    def _evidence(self, t_ns: int) -> tuple[Evidence, ...]:
        return tuple(evidence_at(leaf.track, t_ns) for leaf in compared(self.require))

    def _stale(self, times: list[int], seen: list[Snapshot]) -> Judgement:
        shown = next(i for i, each in enumerate(seen) if each.holds is None)
        held = sum(each.holds is True for each in seen)
        reason = self._reason("guard.stale", times[shown], seen[shown], held, len(seen))
        return left_open(
            Outcome.NEEDS_REVIEW, reason, evidence=self._evidence(times[shown])
        )

    def _absent(self, hearing: Hearing) -> Judgement:
        spans = running(hearing.clock)
        reason = Sentence(
            key="guard.absent",
            values={"event": event_sentence(self.at), "span": span_of(spans)},
        )
        evidence = [evidence_of("ops", spans)]
        if self.when_event_absent == "na":
            return left_open(Outcome.NOT_APPLICABLE, reason, evidence=evidence)
        return graded(0.0, reason, evidence=evidence)
