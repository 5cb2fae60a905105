"""Things happen, in order or in any order, before the window closes."""

from collections.abc import Iterable, Mapping, Sequence
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

    Two different events may happen at the same moment; an event that is named twice
    has to happen twice. An event that came too early is not met, and neither is
    anything after it.

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
        rule = "rule_strict" if self.strict else "rule"
        return Sentence(
            key=f"event_order.{'rule_any' if self.any_order else rule}",
            values={
                "events": Sentence(
                    key="predicate.all" if self.any_order else "predicate.then",
                    values={"parts": parts},
                ),
                "window": window_sentence(self.window),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        times = [happenings(hearing.timeline, event, window) for event in self.order]
        found = self._found(times)
        missing = [i for i in range(len(times)) if i not in found]
        too_early = bool(missing) and self._is_too_early(times, missing[0])
        lost = self._unseen(hearing, window, times, missing, too_early=too_early)
        if lost is not None:
            return lost
        return graded(
            self._share(found),
            self._reason(len(found), missing, window, too_early=too_early),
            measured=Measured(value=float(len(found))),
            evidence=[evidence_at("events", t) for t in sorted(found.values())]
            or [evidence_of("events", window)],
        )

    def _reason(
        self,
        found: int,
        missing: Sequence[int],
        window: Spans,
        *,
        too_early: bool,
    ) -> Sentence:
        shown = missing if self.any_order else missing[:1]
        parts = tuple(event_sentence(self.order[index]) for index in shown)
        why = "too_early" if too_early else "missing" if missing else "reason"
        return Sentence(
            key=f"event_order.{why}_any" if self.any_order else f"event_order.{why}",
            values={
                "found": found,
                "wanted": len(self.order),
                "events": Sentence(key="predicate.all", values={"parts": parts}),
                "span": span_of(window),
            },
        )

    def _is_too_early(self, times: Sequence[Times], index: int) -> bool:
        """Whether an event without its turn did happen."""
        used = self.order[:index].count(self.order[index])
        return not self.any_order and len(times[index]) > used

    def _unseen(
        self,
        hearing: Hearing,
        window: Spans,
        times: Sequence[Times],
        missing: Sequence[int],
        *,
        too_early: bool,
    ) -> Judgement | None:
        """The judgement if what is missing may have happened unseen."""
        asked: Iterable[int] = missing if self.any_order else missing[:1]
        if too_early:
            # It may have its turn if one before it happened earlier and was lost.
            asked = range(missing[0] + 1)
        if not self._is_hoped(hearing, window, times):
            asked = [index for index in asked if self.order[index].uds is None]
        lost = [unseen_event(hearing, self.order[index], window) for index in asked]
        if self.any_order and not self.partial and None in lost:
            return None
        return next((each for each in lost if each is not None), None)

    def _is_hoped(
        self, hearing: Hearing, window: Spans, times: Sequence[Times]
    ) -> bool:
        """Whether requests that may have been missed would have earned more."""
        hoped = [
            np.unique(np.concatenate((seen, unseen_times(hearing, event, window))))
            for event, seen in zip(self.order, times, strict=True)
        ]
        return self._share(self._found(hoped)) > self._share(self._found(times))

    def _found(self, times: Sequence[Times]) -> dict[int, int]:
        return self._present(times) if self.any_order else self._prefix(times)

    def _share(self, found: Mapping[int, int]) -> float:
        share = len(found) / len(self.order)
        return share if self.partial else float(share == 1)

    def _prefix(self, times: Sequence[Times]) -> dict[int, int]:
        """Moment of each event of the longest prefix that happened in order."""
        found: dict[int, int] = {}
        rows: list[int] = []
        after = -1
        for index, each in enumerate(times):
            free = 1 + max(
                (rows[i] for i in found if self.order[i] == self.order[index]),
                default=-1,
            )
            row = max(free, int(np.searchsorted(each, after, "left")))
            if row >= len(each) or (self.strict and row > free):
                break
            rows.append(row)
            after = int(each[row])
            found[index] = after
        return found

    def _present(self, times: Sequence[Times]) -> dict[int, int]:
        """Moment of each event that happened, whatever the order."""
        found: dict[int, int] = {}
        for index, each in enumerate(times):
            before = self.order[:index].count(self.order[index])
            if before < len(each):
                found[index] = int(each[before])
        return found
