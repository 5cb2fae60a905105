"""The candidate asks an ECU for something."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_on
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.criteria.uds_patterns import UdsPattern, matching
from examrunner.criteria.uds_patterns import sentence as uds_sentence
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    left_open,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import (
    Evidence,
    Judgement,
    Measured,
    Outcome,
    Sentence,
)
from examrunner.model.timeline import Exchange, ExchangeOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class UdsService:
    """Exchanges that fit a pattern, counted in one of three ways.

    A functional request counts for every ECU that answers it. Where any answer
    will do, it was tried on the other ECUs of that channel as well.

    Attributes:
        request: The pattern; items of the lists below complete it.
        min_count: How many exchanges pass, without the fields below.
        distinct_ecus: Number of different ECUs to share of the points.
        per_ecu: Each of these ECUs earns its share.
        per_item: Each of these patterns earns its share.
        window: When to look.
    """

    request: UdsPattern = field(default_factory=UdsPattern)
    min_count: int = 1
    distinct_ecus: Scale | None = None
    per_ecu: tuple[str, ...] = ()
    per_item: tuple[UdsPattern, ...] = ()
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "request": Sentence(
                key="list",
                values={"parts": tuple(uds_sentence(item) for item in self._items())},
            ),
            "window": window_sentence(self.window),
            "min": self.min_count,
        }
        if self.distinct_ecus is not None:
            values["scale"] = self.distinct_ecus.sentence()
            return Sentence(key="uds_service.rule_ecus", values=values)
        listed = self.per_ecu or self.per_item
        key = "uds_service.rule_items" if listed else "uds_service.rule"
        return Sentence(key=key, values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        found = [
            asked_in(hearing, item, window) or _tried(hearing, item, window)
            for item in self._items()
        ]
        count, wanted, fraction = self._scored(found)
        if fraction < 1:
            lost = doubt(hearing, self._items(), window)
            if lost is not None:
                return lost
        once = dict.fromkeys(e for each in found for e in each)
        everything = sorted(once, key=lambda e: e.from_ns)
        reason = Sentence(
            key="uds_service.reason",
            values={
                "count": count,
                "wanted": wanted,
                "request": Sentence(
                    key="list",
                    values={
                        "parts": tuple(uds_sentence(item) for item in self._items())
                    },
                ),
                "ecus": ", ".join(sorted({e.ecu for e in everything})) or "-",
                "span": span_of(window),
            },
        )
        return graded(
            fraction,
            reason,
            measured=Measured(value=float(count)),
            evidence=_evidence(everything) or [evidence_of("uds", window)],
            details={"count": float(count)},
        )

    def _items(self) -> Sequence[UdsPattern]:
        if self.per_ecu:
            return [replace(self.request, ecu=ecu) for ecu in self.per_ecu]
        return self.per_item or (self.request,)

    def _scored(self, found: Sequence[Sequence[Exchange]]) -> tuple[int, object, float]:
        """What was counted, what was wanted, and the share of the points."""
        if self.distinct_ecus is not None:
            ecus = len({exchange.ecu for each in found for exchange in each})
            scale = self.distinct_ecus
            return ecus, scale.sentence(), scale.fraction(ecus)
        if len(found) > 1:
            tried = sum(bool(each) for each in found)
            return tried, len(found), tried / len(found)
        count = len(found[0])
        return count, self.min_count, float(count >= self.min_count)


def doubt(
    hearing: Hearing, patterns: Sequence[UdsPattern], window: Spans, since_ns: int = 0
) -> Judgement | None:
    """What is missing may have been lost by the recorder; None where it was not.

    Args:
        hearing: The attempt.
        patterns: Exchanges that would have decided otherwise.
        window: Where they were looked for.
        since_ns: Requests before this could not have decided.
    """
    for pattern in patterns:
        unsure = [e for e in _unsure(hearing, pattern, window) if e.from_ns >= since_ns]
        if unsure:
            reason = Sentence(
                key="uds_service.not_recorded",
                values={"request": uds_sentence(pattern), "span": span_of(window)},
            )
            return left_open(Outcome.NOT_MEASURED, reason, evidence=_evidence(unsure))
    unknown = (lost_exchanges(hearing) & window).total_ns
    if unknown > MOST_UNKNOWN * window.total_ns:
        return recorder_lost("UDS", window, unknown)
    return None


def lost_exchanges(hearing: Hearing) -> Spans:
    """Time in which the recorder lost frames of a channel that carries diagnostics."""
    timeline = hearing.timeline
    if not timeline.health.losses:
        return NOWHERE
    channels = {exchange.channel for exchange in timeline.exchanges} or {
        loss.stream for loss in timeline.health.losses
    }
    lost = NOWHERE
    for channel in sorted(channels):
        lost |= lost_on(timeline, channel)
    return lost


def asked_in(hearing: Hearing, pattern: UdsPattern, window: Spans) -> list[Exchange]:
    """The candidate's exchanges of the window that fit the pattern, in order."""
    return [
        exchange
        for exchange in matching(hearing.timeline.exchanges, pattern)
        if _within(exchange, window)
    ]


def _tried(hearing: Hearing, pattern: UdsPattern, window: Spans) -> list[Exchange]:
    """Functional requests that fit, but that this ECU left unanswered."""
    answered = (pattern.result, pattern.nrc, pattern.dtc)
    state = (pattern.session, pattern.unlocked)
    if not pattern.ecu or answered != ("any", None, "") or state != (None, None):
        return []
    exchanges = hearing.timeline.exchanges
    known = {e.channel for e in exchanges if e.ecu == pattern.ecu}
    reached = {
        (exchange.channel, exchange.from_ns): exchange
        for exchange in asked_in(hearing, replace(pattern, ecu=""), window)
        if exchange.functional and (not known or exchange.channel in known)
    }
    return list(reached.values())


def _unsure(hearing: Hearing, pattern: UdsPattern, window: Spans) -> list[Exchange]:
    """Requests that fit, but whose answer was not recorded."""
    if pattern.result == "any" and not pattern.dtc:
        return []
    asked = replace(pattern, result="any", dtc="", nrc=None)
    return [
        exchange
        for exchange in asked_in(hearing, asked, window)
        if exchange.outcome is ExchangeOutcome.NOT_RECORDED
    ]


def _within(exchange: Exchange, window: Spans) -> bool:
    start, end = window.hull_ns
    if not start <= exchange.to_ns < end:
        return False
    inside = window & Spans.of([(exchange.to_ns, exchange.to_ns + 1)])
    return len(inside) > 0


def _evidence(exchanges: Sequence[Exchange]) -> list[Evidence]:
    return [evidence_at(f"uds.{each.ecu}", each.to_ns) for each in exchanges[:10]]
