"""Trouble codes are cleared, checked by the candidate, and stay away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from examrunner.criteria.coverage import recorder_lost
from examrunner.criteria.dtc_codes import dtcs_in, matches_dtc
from examrunner.criteria.losses import diagnostics_lost
from examrunner.criteria.spans import Spans
from examrunner.criteria.uds_patterns import UdsPattern, fits
from examrunner.criteria.uds_patterns import sentence as uds_sentence
from examrunner.criteria.unheard import unheard
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
        unseen = (_unheard(hearing, each, window) for each in found)
        lost = next((each for each in unseen if each is not None), None)
        if lost is not None:
            return lost
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
        if not clearings:
            return _Proof(ecu=ecu)
        last = clearings[-1]
        own = [e for e in done if e.from_ns > last.to_ns and _reads(e)]
        due_ns = last.to_ns + round(self.hold_s * NS_PER_S)
        posts = [e for e in mine if e.phase == "post" and _reads(e)]
        late = [e for e in posts if e.from_ns >= due_ns]
        since_ns = max(due_ns, late[-1].to_ns if late else 0)
        half = [e for e in mine if e.phase == "post" and _half_read(e, since_ns)]
        has_post = any(e.phase == "post" for e in exchanges)
        shown = [last, *own[-1:], *late[-1:]]
        return _Proof(
            ecu=ecu,
            cleared=True,
            checked=bool(own) and not self._any(own[-1], FAILED_OR_CONFIRMED),
            proven=bool(late) and not self._any(late[-1], FAILED | NOT_TESTED),
            pending=not has_post,
            since_ns=last.to_ns,
            half_read=next(iter(half), None),
            evidence=tuple(evidence_at(f"uds.{ecu}", e.to_ns) for e in shown),
        )

    def _clears(self, exchange: Exchange) -> bool:
        if not fits(exchange, UdsPattern(sid=0x14, result="positive")):
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
    """What is proven about one ECU.

    Attributes:
        ecu: Its name.
        cleared: Whether the candidate cleared its codes.
        checked: Whether the candidate read them afterwards, and they were gone.
        proven: Whether the agent found them gone.
        pending: Whether the agent has not read yet.
        since_ns: When they were last cleared, 0 if never.
        half_read: A later question of the agent whose answer was not recorded.
        evidence: What shows it.
    """

    ecu: str
    cleared: bool = False
    checked: bool = False
    proven: bool = False
    pending: bool = False
    since_ns: int = 0
    half_read: Exchange | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def share(self) -> float:
        return CLEARED * self.cleared + CHECKED * self.checked + PROVEN * self.proven


def _unheard(hearing: Hearing, proof: _Proof, window: Spans) -> Judgement | None:
    """The judgement if the recorder may have missed what is not proven."""
    if not (proof.cleared and proof.checked):
        clearing = UdsPattern(sid=0x14, result="positive")
        asked = [*_READING, clearing] if proof.cleared else [clearing, *_READING]
        asked = [replace(each, ecu=proof.ecu) for each in asked]
        lost = unheard(hearing, asked, window, proof.since_ns)
        if lost is not None:
            return lost
    if not proof.cleared or proof.proven or proof.pending:
        return None
    if proof.half_read is not None:
        return _half_proven(proof.half_read)
    stop_ns = hearing.clock.stop_ns
    after = Spans.of([(stop_ns, max(stop_ns, hearing.timeline.duration_ns))])
    lost_ns = (diagnostics_lost(hearing.timeline, proof.ecu) & after).total_ns
    return recorder_lost("UDS", after, lost_ns) if lost_ns else None


def _half_proven(exchange: Exchange) -> Judgement:
    """The agent asked, and the recorder missed the answer."""
    at = Spans.of([(exchange.from_ns, exchange.to_ns + 1)])
    pattern = UdsPattern(ecu=exchange.ecu, sid=0x19, result="positive")
    values = {"request": uds_sentence(pattern), "span": span_of(at)}
    reason = Sentence(key="uds_service.not_recorded", values=values)
    shown = [evidence_at(f"uds.{exchange.ecu}", exchange.to_ns)]
    return left_open(Outcome.NOT_MEASURED, reason, evidence=shown)


_READING: Final = tuple(
    UdsPattern(sid=0x19, sub=sub, result="positive") for sub in (0x02, 0x0A)
)


def _reads(exchange: Exchange) -> bool:
    return any(fits(exchange, pattern) for pattern in _READING)


def _half_read(exchange: Exchange, since_ns: int) -> bool:
    """Whether codes were asked for since then, and the answer was not recorded."""
    if exchange.outcome is not ExchangeOutcome.NOT_RECORDED:
        return False
    asked = any(fits(exchange, replace(each, result="any")) for each in _READING)
    return asked and exchange.from_ns >= since_ns
