"""The candidate asks an ECU for something."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from examrunner.criteria.ecu_states import EVERY_ECU
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.uds_patterns import sentence as uds_sentence
from examrunner.criteria.unheard import asked_in, unheard
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import (
    Evidence,
    Judgement,
    Measured,
    Sentence,
)
from examrunner.model.timeline import Exchange


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
            lost = unheard(hearing, self._items(), window)
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
                "ecus": _named(everything),
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


def _named(exchanges: Sequence[Exchange]) -> Sentence | str:
    """The ECUs asked; what was sent to all and answered by none has no name."""
    names = sorted({each.ecu for each in exchanges} - {EVERY_ECU})
    if not names and exchanges:
        return Sentence(key="uds.nobody")
    return ", ".join(names) or "-"


def _stream(ecu: str) -> str:
    return "uds" if ecu == EVERY_ECU else f"uds.{ecu}"


def _evidence(exchanges: Sequence[Exchange]) -> list[Evidence]:
    return [evidence_at(_stream(each.ecu), each.to_ns) for each in exchanges[:10]]
