"""Things happen, in order or in any order, before the window closes."""

from dataclasses import dataclass

import numpy as np

from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.unseen import unseen_event, unseen_times
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrder:
    """Events follow each other; each takes the earliest match after the one before.

    Attributes:
        order: The events.
        window: When to look.
        any_order: Whether their order does not matter.
        partial: Whether a part of them earns a part of the points.
        strict: Whether a later event may not happen before an earlier one at all.
    """

    order: tuple[Event, ...]
    window: Window = WHOLE_EXAM
    any_order: bool = False
    partial: bool = False
    strict: bool = False

    def rule(self) -> Sentence:
        """The question as a sentence."""
        parts = tuple(event_sentence(event) for event in self.order)
        key = "event_order.rule_any" if self.any_order else "event_order.rule"
        return Sentence(
            key=key,
            values={
                "events": Sentence(key="predicate.then", values={"parts": parts}),
                "window": window_sentence(self.window),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        times = [happenings(hearing.timeline, event, window) for event in self.order]
        found = self._found(times)
        share = len(found) / len(self.order)
        missing = len(found) < len(self.order)
        first = next(i for i in range(len(times) + 1) if i not in found)
        lost = self._unseen(hearing, window, times, found, first) if missing else None
        if lost is not None:
            return lost
        reason = Sentence(
            key="event_order.missing" if missing else "event_order.reason",
            values={
                "found": len(found),
                "wanted": len(self.order),
                "event": event_sentence(self.order[first if missing else -1]),
                "span": span_of(window),
            },
        )
        return graded(
            share if self.partial else float(not missing),
            reason,
            measured=Measured(value=float(len(found))),
            evidence=[evidence_at("events", t) for t in sorted(found.values())]
            or [evidence_of("events", window)],
        )

    def _unseen(
        self,
        hearing: Hearing,
        window: Spans,
        times: list[Times],
        found: dict[int, int],
        first: int,
    ) -> Judgement | None:
        """The judgement if the recorder may have missed what is missing."""
        unseen = [unseen_times(hearing, event, window) for event in self.order]
        if not any(map(len, unseen)):
            return unseen_event(hearing, self.order[first], window)
        hoped = [
            np.unique(np.concatenate(pair)) for pair in zip(times, unseen, strict=True)
        ]
        if len(self._found(hoped)) <= len(found):
            return None
        asked = [self.order[first], *self.order]
        judgements = (unseen_event(hearing, event, window) for event in asked)
        return next((each for each in judgements if each is not None), None)

    def _found(self, times: list[Times]) -> dict[int, int]:
        return _present(times) if self.any_order else self._prefix(times)

    def _prefix(self, times: list[Times]) -> dict[int, int]:
        """Moment of each event of the longest prefix that happened in order."""
        found: dict[int, int] = {}
        after = -1
        for index, each in enumerate(times):
            row = int(np.searchsorted(each, after, "left"))
            if row == len(each) or (self.strict and row > 0):
                break
            after = int(each[row])
            found[index] = after
        return found


def _present(times: list[Times]) -> dict[int, int]:
    return {index: int(each[0]) for index, each in enumerate(times) if len(each)}
