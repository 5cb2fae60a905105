"""Signals reach targets and stay there for a while."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from examrunner.criteria.coverage import LEAST_COVERAGE, objection
from examrunner.criteria.exam_time import exam_ns
from examrunner.criteria.predicates import Predicate, Truth, compared, evaluate
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import (
    OnSilent,
    evidence_of,
    graded,
    span,
    span_of,
)
from examrunner.criteria.windows import (
    WHOLE_EXAM,
    Anchor,
    Window,
    anchor_sentence,
    moment_of,
    opened,
)
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S

SECONDS_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalReach:
    """Targets hold without interruption for ``hold_s``; measures when that began.

    A hold that the window's end or a gap cuts short does not count.

    Attributes:
        targets: The predicates to reach.
        reached: ``all`` in any order, ``any`` one of them, or ``in_order``.
        hold_s: Shortest stay at a target.
        travel_s: For two targets in order: least and most seconds between the end of
            the last stay at the first one and the second one; any such pair counts.
        anchor: Seconds count from here; None for where the window opens, whatever
            its ``while`` says.
        score: Seconds to share of the points; None for reached or not.
        partial: Whether a part of the targets earns a part of the points.
        window: When to look.
        on_silent: What a silent bus means where a target was not reached.
        min_coverage: Share of the window that needs a valid value.
    """

    targets: tuple[Predicate, ...]
    reached: Literal["all", "any", "in_order"] = "all"
    hold_s: float = 0.0
    travel_s: tuple[float, float] | None = None
    anchor: Anchor | None = None
    score: Scale | None = None
    partial: bool = False
    window: Window = WHOLE_EXAM
    on_silent: OnSilent = "fail"
    min_coverage: float = LEAST_COVERAGE

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key="signal_reach.rule" if self.hold_s else "signal_reach.rule_touch",
            values={
                "targets": self._targets(),
                "hold_s": self.hold_s,
                "window": window_sentence(self.window),
                "scale": self._scale(),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        anchor_ns = self._anchor_ns(hearing)
        truths = [
            evaluate(hearing.timeline, target, *window.hull_ns)
            for target in self.targets
        ]
        found = self._moments(truths, window)
        needed = 1 if self.reached == "any" else len(self.targets)
        if len(found) < needed:
            unseen = self._unseen(hearing, truths, window)
            return unseen or self._not_reached(found, window)
        return self._when(hearing, found, anchor_ns, window)

    def _anchor_ns(self, hearing: Hearing) -> int:
        if self.anchor is not None:
            return moment_of(hearing, self.anchor)
        return opened(hearing, replace(self.window, while_=None)).hull_ns[0]

    def _targets(self) -> Sentence:
        key = {
            "all": "predicate.all", "any": "predicate.any", "in_order": "predicate.then"
        }[self.reached]  # fmt: skip
        parts = tuple(_target_sentence(target) for target in self.targets)
        words = Sentence(key=key, values={"parts": parts})
        if self.travel_s is None:
            return words
        low, high = self.travel_s
        values = {"targets": words, "low": low, "high": high}
        return Sentence(key="signal_reach.travel", values=values)

    def _scale(self) -> Sentence:
        if self.score is None:
            return Sentence(key="signal_reach.whenever")
        scale = self.score.sentence("s")
        if self.anchor is None:
            return scale
        values = {"scale": scale, "anchor": anchor_sentence(self.anchor)}
        return Sentence(key="signal_reach.since", values=values)

    def _moments(self, truths: Sequence[Truth], window: Spans) -> dict[int, int]:
        """When each target was reached, by its number."""
        if self.travel_s is not None:
            return self._travelled([truth.true & window for truth in truths])
        found: dict[int, int] = {}
        after = window.hull_ns[0]
        for number, truth in enumerate(truths):
            moment = self._first(truth.true & window, after)
            if moment is not None:
                found[number] = moment
            if self.reached == "in_order":
                if moment is None:
                    break
                after = moment
        return found

    def _travelled(self, held: Sequence[Spans]) -> dict[int, int]:
        """The first travel from one target to the other that took long enough."""
        first, second = held
        if not len(first) or self.travel_s is None:
            return {}
        hold_ns = max(1, round(self.hold_s * NS_PER_S))
        arrived = second.start_ns[second.lengths_ns() >= hold_ns]
        rows = np.searchsorted(first.end_ns, arrived, "right") - 1
        took_s = (arrived - first.end_ns[rows]) / NS_PER_S
        low, high = self.travel_s
        good = np.flatnonzero((rows >= 0) & (took_s >= low) & (took_s <= high))
        if not len(good):
            return {0: int(first.start_ns[0])}
        row = int(good[0])
        return {0: int(first.end_ns[rows[row]]), 1: int(arrived[row])}

    def _first(self, true: Spans, after_ns: int) -> int | None:
        starts = np.maximum(true.start_ns, after_ns)
        hold_ns = max(1, round(self.hold_s * NS_PER_S))
        rows = np.flatnonzero(true.end_ns - starts >= hold_ns)
        return int(starts[rows[0]]) if len(rows) else None

    def _unseen(
        self, hearing: Hearing, truths: Sequence[Truth], window: Spans
    ) -> Judgement | None:
        """A target that was not reached while nobody could see it."""
        for target, truth in zip(self.targets, truths, strict=True):
            for leaf in compared(target):
                silence = objection(
                    hearing,
                    leaf.track,
                    window,
                    truth.known,
                    on_silent=self.on_silent,
                    min_coverage=self.min_coverage,
                )
                if silence is not None:
                    return silence
        return None

    def _when(
        self, hearing: Hearing, found: dict[int, int], anchor_ns: int, window: Spans
    ) -> Judgement:
        moments = found.values()
        at_ns = min(moments) if self.reached == "any" else max(moments)
        clock = hearing.clock
        passed = exam_ns(clock, at_ns) - exam_ns(clock, anchor_ns)
        value = round(passed / NS_PER_S, SECONDS_DECIMALS)
        reason = Sentence(
            key="signal_reach.reason" if self.hold_s else "signal_reach.reason_touch",
            values={
                "targets": self._targets(),
                "after_s": value,
                "hold_s": self.hold_s,
                "scale": self._scale(),
                "span": span(at_ns, at_ns + round(self.hold_s * NS_PER_S)),
            },
        )
        return graded(
            1.0 if self.score is None else self.score.fraction(value),
            reason,
            measured=Measured(value=value, unit="s"),
            evidence=self._evidence(found, window),
            details={"reached": float(len(found))},
        )

    def _not_reached(self, found: dict[int, int], window: Spans) -> Judgement:
        missing = next(n for n in range(len(self.targets)) if n not in found)
        values: dict[str, object] = {
            "reached": len(found),
            "targets": len(self.targets),
            "missing": predicate_sentence(self.targets[missing]),
            "hold_s": self.hold_s,
            "span": span_of(window),
        }
        key = "not_reached" if self.hold_s else "not_touched"
        if self.travel_s is not None and missing:
            key = "not_travelled"
            values |= {"low": self.travel_s[0], "high": self.travel_s[1]}
        return graded(
            len(found) / len(self.targets) if self.partial else 0.0,
            Sentence(key=f"signal_reach.{key}", values=values),
            evidence=self._evidence(found, window),
            details={"reached": float(len(found))},
        )

    def _evidence(self, found: dict[int, int], window: Spans) -> list[Evidence]:
        hold_ns = round(self.hold_s * NS_PER_S)
        seen = [
            evidence_of(
                compared(self.targets[number])[0].track,
                Spans.of([(at_ns, at_ns + max(1, hold_ns))]),
            )
            for number, at_ns in found.items()
        ]
        return seen or [evidence_of(compared(self.targets[0])[0].track, window)]


def _target_sentence(target: Predicate) -> Sentence:
    """A target as words; in brackets if it has several parts."""
    words = predicate_sentence(target)
    if not (target.all or target.any):
        return words
    return Sentence(key="predicate.group", values={"part": words})
