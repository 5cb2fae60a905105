"""Which identifiers are on a bus."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.arrivals import arrivals
from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_on
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Messages

SEEN: Final = 2
"""Frames from which an identifier counts as seen: one alone may be a bit error."""
EQUAL: Final = Scale(full=1, zero=1, more_is_better=True)
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSet:
    """The cyclic identifiers seen are those expected, by their Jaccard index.

    Identifiers that the databases know without a cycle come when something happens and
    are left out, unless they are expected; unknown identifiers count.

    Attributes:
        bus: CAN channel.
        messages: Expected message names; ``$variant.messages`` for a secret.
        score: Jaccard index to share of the points.
        window: When to look.
    """

    bus: str
    messages: tuple[str, ...] | str
    score: Scale = EQUAL
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "bus": self.bus,
            "messages": _names(self._expected()),
            "scale": self.score.sentence(),
            "window": window_sentence(self.window),
        }
        return Sentence(key="node_set.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        on_bus = {
            name: message
            for name, message in hearing.timeline.messages.items()
            if message.channel == self.bus
        }
        if not on_bus:
            raise MissingError("frames", name=self.bus)
        expected = self._expected()
        for name in expected:
            hearing.timeline.message(name)
        seen = {
            name
            for name, message in on_bus.items()
            if (name in expected or _is_cyclic(message))
            and len(arrivals(message, window).t_ns) >= SEEN
        }
        lost = (lost_on(hearing.timeline, self.bus) & window).total_ns
        if lost > MOST_UNKNOWN * window.total_ns and seen != expected:
            return recorder_lost(self.bus, window, lost)
        return self._judged(seen, expected, window)

    def _judged(self, seen: set[str], expected: set[str], window: Spans) -> Judgement:
        union = seen | expected
        index = round(len(seen & expected) / len(union), DECIMALS) if union else 1.0
        values = {
            "bus": self.bus,
            "index": index,
            "missing": _names(expected - seen),
            "strange": _names(seen - expected),
            "scale": self.score.sentence(),
            "span": span_of(window),
        }
        return graded(
            self.score.fraction(index),
            Sentence(key="node_set.reason", values=values),
            measured=Measured(value=index),
            evidence=[evidence_of(self.bus, window)],
            details={
                "missing": float(len(expected - seen)),
                "strange": float(len(seen - expected)),
            },
        )

    def _expected(self) -> set[str]:
        named = self.messages
        return {named} if isinstance(named, str) else set(named)


def _is_cyclic(message: Messages) -> bool:
    """Whether frames are due without an event, as far as anybody knows."""
    return message.cycle_s is not None or message.name.startswith("0x")


def _names(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "-"
