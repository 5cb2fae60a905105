"""How often something happens, or how many different things do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.losses import lost_for
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.steps import StepShape, wanted_targets
from examrunner.criteria.turns import Turns
from examrunner.criteria.unseen import unseen_event
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

DECIMALS: Final = 3
MOST_EVIDENCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCount:
    """Counts an event, or how many of several events happen at least once.

    With ``turns`` it counts turns: each direction earns ``min(1, counted / wanted)``
    of its half.

    Attributes:
        event: Event to count; with ``per_item`` or ``targets`` left out.
        per_item: Events of which each has to happen once; each earns its share.
        step: Step of a command; with ``targets``, one item per target.
        turns: Turns of an angle instead; each direction earns half.
        targets: Values that a step has to reach; ``$variant.steps`` for a secret.
        score: Count to share of the points.
        min: Fewest occurrences that pass, without ``score``.
        max: Most occurrences that pass, without ``score``.
        window: When to look.
    """

    event: Event | None = None
    per_item: tuple[Event, ...] = ()
    turns: Turns | None = None
    step: StepShape | None = None
    targets: tuple[float, ...] | str = ()
    score: Scale | None = None
    min: int | None = None
    max: int | None = None
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        if self.turns is not None:
            wanted = self.turns.sentence()
            values = {"turns": wanted, "window": window_sentence(self.window)}
            return Sentence(key="event_count.rule_turns", values=values)
        parts = tuple(event_sentence(event) for event in self._items())
        return Sentence(
            key="event_count.rule" if self.event else "event_count.rule_items",
            values={
                "events": Sentence(key="predicate.all", values={"parts": parts}),
                "window": window_sentence(self.window),
                "scale": self._limits(),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        if self.turns is not None:
            return _turned(hearing, self.turns, window)
        items = self._items()
        times = [happenings(hearing.timeline, event, window) for event in items]
        counts = [len(each) for each in times]
        seen = sum(counts) if self.event else sum(count > 0 for count in counts)
        missing = [
            event for event, count in zip(items, counts, strict=True) if not count
        ]
        asked = missing if self.event is None else items
        for event in () if self._settled(seen) else asked:
            lost = unseen_event(hearing, event, window)
            if lost is not None:
                return lost
        parts = tuple(event_sentence(event) for event in missing)
        key = "missing" if parts else "complete"
        reason = Sentence(
            key="event_count.reason" if self.event else f"event_count.{key}",
            values={
                "event": event_sentence(items[0]) if items else "-",
                "count": seen,
                "wanted": len(items),
                "missing": Sentence(key="predicate.all", values={"parts": parts}),
                "scale": self._limits(),
                "span": span_of(window),
            },
        )
        most = 1 if self.event is None else MOST_EVIDENCE
        shown = sorted(int(t) for each in times for t in each[:most])
        return graded(
            self._fraction(seen, len(items)),
            reason,
            measured=Measured(value=float(seen)),
            evidence=[evidence_at("events", t) for t in shown]
            or [evidence_of("events", window)],
            details={"count": float(seen)},
        )

    def _items(self) -> Sequence[Event]:
        if self.event is not None:
            return (self.event,)
        if self.step is None:
            return self.per_item
        one = Event(step=self.step)
        return [replace(one, step_to=to) for to in wanted_targets(self.targets)]

    def _fraction(self, seen: int, wanted: int) -> float:
        if self.event is None:
            return seen / wanted if wanted else 0.0
        if self.score is not None:
            return self.score.fraction(seen)
        least = 1 if self.min is None and self.max is None else self.min
        enough = least is None or seen >= least
        return float(enough and (self.max is None or seen <= self.max))

    def _settled(self, seen: int) -> bool:
        """Whether the answer is the same if more happened than was recorded."""
        if self.event is None or self.score is not None:
            return False
        if self.max is not None:
            return seen > self.max
        return seen >= (1 if self.min is None else self.min)

    def _limits(self) -> Sentence:
        if self.score is not None:
            return self.score.sentence()
        least = 1 if self.min is None and self.max is None else self.min or 0
        if self.max is None:
            return Sentence(key="count.at_least", values={"min": least})
        return Sentence(key="count.between", values={"min": least, "max": self.max})


def _turned(hearing: Hearing, turns: Turns, window: Spans) -> Judgement:
    ways = [round(w, DECIMALS) for w in turns.counted(hearing.timeline, window)]
    shares = [min(1.0, way / turns.each_way) for way in ways]
    lost_ns = (lost_for(hearing, turns.angle) & window).total_ns
    if sum(shares) < len(shares) and lost_ns > MOST_UNKNOWN * window.total_ns:
        return recorder_lost(turns.angle, window, lost_ns)
    values = {
        "forward": ways[0],
        "backward": ways[1],
        "rule": turns.sentence(),
        "span": span_of(window),
    }
    return graded(
        sum(shares) / len(shares),
        Sentence(key="event_count.turned", values=values),
        measured=Measured(value=min(ways)),
        evidence=[evidence_of(turns.angle, window)],
        details={"forward": ways[0], "backward": ways[1]},
    )
