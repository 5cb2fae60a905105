"""Something has to be so whenever something else happens."""

from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.predicates import Predicate, compared
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.snapshot import Snapshot, snapshot
from examrunner.criteria.spans import Spans
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

    Values that are too old to tell leave it to an examiner, unless all or nothing
    counts and it is known not to have held once.

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
            key="guard.rule" if self.max_age_s is None else "guard.rule_age",
            values={
                "event": event_sentence(self.at),
                "predicate": predicate_sentence(self.require),
                "age_s": self.max_age_s or 0.0,
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        times = [int(t) for t in happenings(hearing.timeline, self.at, window)]
        if not times:
            lost = unseen_event(hearing, self.at, window)
            return self._absent(window) if lost is None else lost
        seen = [
            snapshot(hearing.timeline, self.require, t, self.max_age_s) for t in times
        ]
        held = [each.holds for each in seen]
        if None in held and (self.partial or False not in held):
            return self._stale(times, seen)
        share = held.count(True) / len(held)
        shown = held.index(False) if False in held else 0
        return graded(
            share if self.partial else float(all(held)),
            self._reason(
                "guard.reason", times[shown], seen[shown], held.count(True), len(held)
            ),
            measured=Measured(value=round(100 * share, 2), unit="%"),
            evidence=self._evidence(times[shown]),
            details={"events": float(len(held)), "held": float(held.count(True))},
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
        tracks = dict.fromkeys(leaf.track for leaf in compared(self.require))
        return tuple(evidence_at(track, t_ns) for track in tracks)

    def _stale(self, times: list[int], seen: list[Snapshot]) -> Judgement:
        shown = next(i for i, each in enumerate(seen) if each.holds is None)
        held = sum(each.holds is True for each in seen)
        reason = self._reason("guard.stale", times[shown], seen[shown], held, len(seen))
        return left_open(
            Outcome.NEEDS_REVIEW, reason, evidence=self._evidence(times[shown])
        )

    def _absent(self, window: Spans) -> Judgement:
        reason = Sentence(
            key="guard.absent",
            values={"event": event_sentence(self.at), "span": span_of(window)},
        )
        evidence = [evidence_of("events", window)]
        if self.when_event_absent == "na":
            return left_open(Outcome.NOT_APPLICABLE, reason, evidence=evidence)
        return graded(0.0, reason, evidence=evidence)
