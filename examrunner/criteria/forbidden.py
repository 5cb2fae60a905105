"""Something that must not happen, in pauses neither."""

from dataclasses import dataclass
from typing import Final, Literal

from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.left_off import left_off
from examrunner.criteria.predicates import Predicate, any_of, evaluate
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.spans import Spans
from examrunner.criteria.unseen import unseen_event, unseen_state
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, span_of
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S

LEFT_OFF: Final = {0x28: "forbidden.left_messages", 0x85: "forbidden.left_codes"}
"""Services that switch something off, and what that is as words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """Counts what is forbidden: events, stretches of predicates, things left off.

    Something that was seen counts whatever else was not recorded. Where nothing was
    seen, but the recorder lost more than 2 % of the exam, its absence is not proven.

    Attributes:
        events: Moments of which each counts.
        states: Predicates of which each uninterrupted stretch counts.
        longer_than_s: Stretches up to this long do not count.
        left_off: Services, 0x28 and 0x85, by which an ECU's messages or trouble codes
            were switched off and are still off at the stop; each counts.
    """

    events: tuple[Event, ...] = ()
    states: tuple[Predicate, ...] = ()
    longer_than_s: float = 0.0
    left_off: tuple[Literal[0x28, 0x85], ...] = ()

    def rule(self) -> Sentence:
        """The question as a sentence."""
        parts = (
            *(event_sentence(event) for event in self.events),
            *(self._worded(state) for state in self.states),
            *(Sentence(key=LEFT_OFF[one]) for one in self.left_off),
        )
        return Sentence(key="forbidden.rule", values={"events": any_of(parts)})

    def _worded(self, state: Predicate) -> Sentence:
        words = predicate_sentence(state)
        if not self.longer_than_s:
            return words
        values = {"state": words, "longer_s": self.longer_than_s}
        return Sentence(key="forbidden.longer", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        clock = hearing.clock
        window = Spans.of([(clock.start_ns, clock.stop_ns)])
        evidence = self._seen(hearing, window)
        lost = None if evidence else self._unseen(hearing, window)
        if lost is not None:
            return lost
        reason = Sentence(
            key="forbidden.reason" if evidence else "forbidden.none",
            values={
                "count": len(evidence),
                "rule": self.rule(),
                "first_s": evidence[0].from_s if evidence else 0.0,
                "span": span_of(window),
            },
        )
        return graded(
            float(not evidence),
            reason,
            measured=Measured(value=float(len(evidence))),
            evidence=evidence or [evidence_of("events", window)],
            details={"count": float(len(evidence))},
        )

    def _seen(self, hearing: Hearing, window: Spans) -> list[Evidence]:
        """Everything that happened, in order.

        Raises:
            MissingError: If nothing did, and something was not recorded.
        """
        found = self._left(hearing)
        missing: MissingError | None = None
        unwanted: tuple[Event | Predicate, ...] = (*self.events, *self.states)
        for forbidden in unwanted:
            try:
                if isinstance(forbidden, Event):
                    found.extend(_moments(hearing, forbidden, window))
                else:
                    found.extend(self._stretches(hearing, forbidden, window))
            except MissingError as error:
                missing = missing or error
        if missing is not None and not found:
            raise missing
        return sorted(found, key=lambda one: one.from_s)

    def _unseen(self, hearing: Hearing, window: Spans) -> Judgement | None:
        found = [unseen_event(hearing, event, window) for event in self.events]
        found += [unseen_state(hearing, state, window) for state in self.states]
        return next((each for each in found if each is not None), None)

    def _left(self, hearing: Hearing) -> list[Evidence]:
        found = left_off(hearing.timeline, self.left_off, hearing.clock.stop_ns)
        return [evidence_at(f"uds.{ecu}", off_ns) for ecu, off_ns in found]

    def _stretches(
        self, hearing: Hearing, state: Predicate, window: Spans
    ) -> list[Evidence]:
        shortest = round(self.longer_than_s * NS_PER_S)
        true = evaluate(hearing.timeline, state, *window.hull_ns).true
        return [
            evidence_of(state.track or "events", Spans.of([(int(a), int(b))]))
            for a, b in zip(true.start_ns, true.end_ns, strict=True)
            if b - a > shortest
        ]


def _moments(hearing: Hearing, event: Event, window: Spans) -> list[Evidence]:
    return [
        evidence_at(event.signal or "events", int(t))
        for t in happenings(hearing.timeline, event, window)
    ]
