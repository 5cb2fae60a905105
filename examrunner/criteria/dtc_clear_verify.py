"""Trouble codes are cleared, checked by the candidate, and stay away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.dtc_codes import dtcs_in, matches_dtc
from examrunner.criteria.dtc_reports import (
    BY_STATUS_MASK,
    READ_DTC_INFORMATION,
    SUPPORTED,
)
from examrunner.criteria.uds_patterns import UdsPattern, fits, sub_function
from examrunner.criteria.uds_patterns import sentence as uds_sentence
from examrunner.criteria.uds_service import lost_exchanges
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
from examrunner.model.timeline import NS_PER_S, Exchange, ExchangeOutcome

CLEARED, CHECKED, PROVEN = 0.4, 0.3, 0.3
FAILED_OR_CONFIRMED: Final = 0x09
FAILED: Final = 0x01
NOT_TESTED: Final = 0x50
"""Not completed since the last clearing, or in this operation cycle."""
CLEAR: Final = 0x14
ALL_GROUPS: Final = 0xFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class DtcClearVerify:
    """0.4 for clearing, 0.3 for the candidate's check, 0.3 for the agent's proof.

    Attributes:
        ecus: ECUs that stored the codes; the mean over them counts.
        dtcs: Pattern of the codes, ``U01??-87``; ``|`` separates several.
        hold_s: Time between clearing and the agent's reading.
        window: When clearing counts, for example from the repair on.
    """

    ecus: str | tuple[str, ...]
    dtcs: str
    hold_s: float
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "ecus": ", ".join(self._names()),
            "dtcs": self.dtcs,
            "hold_s": self.hold_s,
            "window": window_sentence(self.window),
        }
        return Sentence(key="dtc_clear_verify.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        found = [self._one(hearing, ecu, *window.hull_ns) for ecu in self._names()]
        share = sum(each.share for each in found) / len(found)
        lost = (lost_exchanges(hearing) & window).total_ns
        if share < 1 and lost > MOST_UNKNOWN * window.total_ns:
            return recorder_lost("UDS", window, lost)
        for each in found:
            if each.share < 1 and each.unheard is not None:
                return _unheard(each.unheard, span_of(window))
        pending = any(each.pending for each in found)
        parts = tuple(
            Sentence(
                key="dtc_clear_verify.pending"
                if each.pending
                else "dtc_clear_verify.reason",
                values={
                    "ecu": each.ecu,
                    "cleared": CLEARED * each.cleared,
                    "checked": CHECKED * each.checked,
                    "proven": PROVEN * each.proven,
                    "hold_s": self.hold_s,
                    "span": span_of(window),
                },
            )
            for each in found
        )
        reason = Sentence(key="list", values={"parts": parts})
        evidence = [span for each in found for span in each.evidence]
        evidence = evidence or [evidence_of("uds", window)]
        if pending:
            return left_open(Outcome.NOT_MEASURED, reason, evidence=evidence)
        measured = Measured(value=round(share, 6))
        return graded(share, reason, measured=measured, evidence=evidence)

    def _names(self) -> tuple[str, ...]:
        return (self.ecus,) if isinstance(self.ecus, str) else self.ecus

    def _one(self, hearing: Hearing, ecu: str, from_ns: int, to_ns: int) -> "_Proof":
        exchanges = hearing.timeline.exchanges
        mine = [e for e in exchanges if e.ecu == ecu and e.request]
        done = [e for e in mine if e.phase == "exam" and from_ns <= e.to_ns < to_ns]
        clearings = [e for e in done if self._clears(e)]
        unheard = [e for e in mine if e.outcome is ExchangeOutcome.NOT_RECORDED]
        lost = [e for e in unheard if e in done and self._covers(e)]
        if not clearings:
            return _Proof(ecu=ecu, unheard=next(iter(lost), None))
        last = clearings[-1]
        own = [e for e in done if e.from_ns > last.to_ns and _reads(e)]
        due_ns = last.to_ns + round(self.hold_s * NS_PER_S)
        posts = [e for e in mine if e.phase == "post" and _reads(e)]
        late = [e for e in posts if e.from_ns >= due_ns]
        has_post = any(e.phase == "post" for e in exchanges)
        shown = [last, *own[-1:], *late[-1:]]
        checked = bool(own) and not self._any(own[-1], FAILED_OR_CONFIRMED)
        proven = bool(late) and not self._any(late[-1], FAILED | NOT_TESTED)
        if not checked:
            since_ns = own[-1].to_ns if own else last.to_ns
            lost += [e for e in unheard if e in done and _later_list(e, since_ns)]
        if not proven:
            since_ns = late[-1].to_ns if late else due_ns
            posts = [e for e in unheard if e.phase == "post"]
            lost += [e for e in posts if _later_list(e, since_ns)]
        return _Proof(
            ecu=ecu,
            cleared=True,
            checked=checked,
            proven=proven,
            pending=not has_post,
            unheard=next(iter(lost), None),
            evidence=tuple(evidence_at(f"uds.{ecu}", e.to_ns) for e in shown),
        )

    def _clears(self, exchange: Exchange) -> bool:
        positive = exchange.outcome is ExchangeOutcome.POSITIVE
        return positive and self._covers(exchange)

    def _covers(self, exchange: Exchange) -> bool:
        """Whether a request clears these codes."""
        if exchange.request[0] != CLEAR:
            return False
        group = int.from_bytes(exchange.request[1:4], "big")
        return group == ALL_GROUPS or matches_dtc(group, self.dtcs)

    def _any(self, exchange: Exchange, bits: int) -> bool:
        """Whether a matching code of the answer has any of these status bits."""
        answer = exchange.answer
        codes: Sequence[tuple[int, int]] = dtcs_in(answer.data) if answer else ()
        return any(
            status & bits and matches_dtc(number, self.dtcs) for number, status in codes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """What is proven about one ECU."""

    ecu: str
    cleared: bool = False
    checked: bool = False
    proven: bool = False
    pending: bool = False
    unheard: Exchange | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def share(self) -> float:
        return CLEARED * self.cleared + CHECKED * self.checked + PROVEN * self.proven


def _unheard(exchange: Exchange, span: Sentence) -> Judgement:
    """An answer that would have decided was not recorded."""
    pattern = UdsPattern(ecu=exchange.ecu, sid=exchange.request[0], result="positive")
    values = {"request": uds_sentence(pattern), "span": span}
    reason = Sentence(key="uds_service.not_recorded", values=values)
    shown = [evidence_at(f"uds.{exchange.ecu}", exchange.to_ns)]
    return left_open(Outcome.NOT_MEASURED, reason, evidence=shown)


def _later_list(exchange: Exchange, since_ns: int) -> bool:
    """Whether a request asks for a list of codes at that time or later."""
    asks = exchange.request[0] == READ_DTC_INFORMATION
    listed = asks and sub_function(exchange.request) in {BY_STATUS_MASK, SUPPORTED}
    return listed and exchange.from_ns >= since_ns


def _reads(exchange: Exchange) -> bool:
    pattern = UdsPattern(sid=0x19, sub=0x02, result="positive")
    return fits(exchange, pattern) or fits(
        exchange, UdsPattern(sid=0x19, sub=0x0A, result="positive")
    )
