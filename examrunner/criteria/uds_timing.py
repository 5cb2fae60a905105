"""A session is kept alive, and every answer is waited for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from examrunner.criteria.ecu_states import (
    DEFAULT_SESSION,
    TESTER_PRESENT,
    spans_of,
    states_of,
)
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.uds_patterns import HAS_SUBFUNCTION, UdsPattern
from examrunner.criteria.unheard import asked_in, unheard
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Exchange, ExchangeOutcome

NO_SESSION_LOST: Final = Scale(full=0.0, zero=0.0)
P2_STAR_NS: Final = 5 * NS_PER_S
"""How long an ECU may take after NRC 78 (ISO 14229-2, P2* server)."""
SUPPRESS: Final = 0x80
SESSION_CONTROL: Final = 0x10
SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UdsTiming:
    """Counts sessions that fell back by S3, and requests that did not wait for P2.

    Attributes:
        ecu: ECU name.
        expiries: Number of sessions that fell back to share of the points.
        hasty: Number of requests sent before the last one was answered or P2 had
            passed, to share of the points; None: counted and shown only.
        p2_s: Time that an ECU has for its answer.
        window: When to look.
    """

    ecu: str
    expiries: Scale = NO_SESSION_LOST
    hasty: Scale | None = None
    p2_s: float = 0.05
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = self._limits() | {"window": window_sentence(self.window)}
        return Sentence(key="uds_timing.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        opened_, expired = self._sessions(hearing, window)
        if not opened_:
            return self._never(hearing, window)
        hasty = self._hasty(asked_in(hearing, UdsPattern(ecu=self.ecu), window))
        fraction = self.expiries.fraction(len(expired))
        if self.hasty is not None:
            fraction = min(fraction, self.hasty.fraction(len(hasty)))
        if fraction == 1:
            unproven = unheard(hearing, [], window)
            if unproven is not None:
                return unproven
        listed = sorted([*expired, *hasty])[:SHOWN]
        reason = Sentence(
            key="uds_timing.reason",
            values=self._limits()
            | {
                "count": len(expired),
                "count_hasty": len(hasty),
                "times": ", ".join(f"{seconds(t):.2f} s" for t in listed) or "-",
                "span": span_of(window),
            },
        )
        shown = [evidence_at(f"uds.{self.ecu}", t_ns) for t_ns in listed]
        return graded(
            fraction,
            reason,
            measured=Measured(value=float(len(expired))),
            evidence=shown or [evidence_of(f"uds.{self.ecu}", window)],
            details={"expiries": float(len(expired)), "hasty": float(len(hasty))},
        )

    def _sessions(self, hearing: Hearing, window: Spans) -> tuple[bool, list[int]]:
        """Whether a session was open in the window, and when sessions fell back."""
        start, end = window.hull_ns
        states = states_of(hearing.timeline, self.ecu)
        opened_ = any(
            state.session not in {None, DEFAULT_SESSION} and a < end and b > start
            for state, a, b in spans_of(states, end)
        )
        expired = [
            after.from_ns
            for before, after in pairwise(states)
            if after.cause == "s3"
            and before.session not in {None, DEFAULT_SESSION}
            and start <= after.from_ns < end
        ]
        return opened_, expired

    def _hasty(self, exchanges: Sequence[Exchange]) -> list[int]:
        """When requests were sent although the one before was still open."""
        waiting = [e for e in exchanges if e.request[0] != TESTER_PRESENT]
        return [
            later.from_ns
            for earlier, later in pairwise(waiting)
            if later.from_ns < self._open_until(earlier)
        ]

    def _open_until(self, exchange: Exchange) -> int:
        """When the next request may follow, as far as that is known."""
        unknown = exchange.outcome is ExchangeOutcome.NOT_RECORDED
        if unknown or _is_suppressed(exchange.request):
            return exchange.to_ns
        answer = exchange.answer
        if answer is None:
            return exchange.to_ns + round(self.p2_s * NS_PER_S)
        if exchange.outcome is ExchangeOutcome.PENDING:
            return answer.to_ns + P2_STAR_NS
        return answer.to_ns

    def _never(self, hearing: Hearing, window: Spans) -> Judgement:
        asked = UdsPattern(ecu=self.ecu, sid=SESSION_CONTROL, result="positive")
        values = {"ecu": self.ecu, "span": span_of(window)}
        never = graded(
            0.0,
            Sentence(key="uds_timing.never", values=values),
            evidence=[evidence_of(f"uds.{self.ecu}", window)],
        )
        return unheard(hearing, [asked], window) or never

    def _limits(self) -> dict[str, object]:
        ignored = Sentence(key="uds_timing.any")
        return {
            "ecu": self.ecu,
            "p2_s": self.p2_s,
            "expiries": self.expiries.sentence(),
            "hasty": ignored if self.hasty is None else self.hasty.sentence(),
        }


def _is_suppressed(request: bytes) -> bool:
    """Whether a positive answer was asked not to be sent."""
    has_sub = len(request) > 1 and request[0] in HAS_SUBFUNCTION
    return has_sub and bool(request[1] & SUPPRESS)
