"""Diagnostic requests that the recorder may have missed.

A request that was recorded is evidence. One that is missing counts as not made, unless
the recording leaves room for it: its answer was not recorded, an answer was recorded
and its request was not, the state in which it counts is not known, or the recorder lost
time enough for a request and its answer. Who looked for it then leaves the question to
an examiner: neither points nor a zero.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.dtc_codes import dtcs_in, matches_dtc
from examrunner.criteria.ecu_states import state_at, states_of
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import diagnostics_lost
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.uds_patterns import (
    HAS_SUBFUNCTION,
    UdsPattern,
    fits,
    matching,
    wanted,
)
from examrunner.criteria.uds_patterns import sentence as uds_sentence
from examrunner.criteria.verdicts import evidence_at, evidence_of, left_open, span_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.timeline import NS_PER_S, Exchange, ExchangeOutcome

SHORTEST_OUTAGE_NS: Final = NS_PER_S // 10
"""Twice P2 (ISO 14229-2): a shorter loss leaves the request or its answer to see."""
P2_STAR_NS: Final = 5 * NS_PER_S
"""How long before its answer a request may have been sent (ISO 14229-2, P2* server)."""
SHOWN: Final = 10
NEGATIVE, POSITIVE_OFFSET = 0x7F, 0x40
READS_DATA, WRITES_DATA, CONTROLS_OUTPUT, ROUTINE_CONTROL = 0x22, 0x2E, 0x2F, 0x31


def unheard(
    hearing: Hearing, patterns: Sequence[UdsPattern], window: Spans, since_ns: int = 0
) -> Judgement | None:
    """What a missing exchange means where the recorder may have missed it.

    Args:
        hearing: The attempt.
        patterns: Exchanges of which any would have decided otherwise.
        window: Where they were looked for.
        since_ns: Requests before this could not have decided.

    Returns:
        A judgement for an examiner to complete, or None where nothing is missing.
    """
    rest = window & Spans.of([(since_ns, max(since_ns, window.hull_ns[1]))])
    for pattern in patterns:
        traces = [e for e in _traces(hearing, pattern, window) if e.from_ns >= since_ns]
        if traces:
            return _half_heard(pattern, traces, window)
    for pattern in patterns:
        outages = _outages(hearing, pattern.ecu) & rest
        if len(outages):
            return _drowned(pattern, outages)
    unknown = (diagnostics_lost(hearing.timeline) & window).total_ns
    if unknown > MOST_UNKNOWN * window.total_ns:
        return recorder_lost("UDS", window, unknown)
    return None


def unheard_times(hearing: Hearing, pattern: UdsPattern, window: Spans) -> Times:
    """Moments at which a fitting request may have been missed.

    Of an outage its first and its last moment: what has to lie between other events
    lies there if it lies anywhere.
    """
    outages = _outages(hearing, pattern.ecu) & window
    traces = [e.to_ns for e in _traces(hearing, pattern, window)]
    ends = (outages.start_ns, outages.end_ns - 1, np.array(traces, np.int64))
    return np.unique(np.concatenate(ends))


def asked_in(hearing: Hearing, pattern: UdsPattern, window: Spans) -> list[Exchange]:
    """The candidate's exchanges of the window that fit the pattern, in order."""
    return [
        exchange
        for exchange in matching(hearing.timeline.exchanges, pattern)
        if _within(exchange, window)
    ]


def _outages(hearing: Hearing, ecu: str) -> Spans:
    """Losses in which a request could be asked and answered."""
    lost = diagnostics_lost(hearing.timeline, ecu)
    long = lost.lengths_ns() >= SHORTEST_OUTAGE_NS
    return Spans(start_ns=lost.start_ns[long], end_ns=lost.end_ns[long])


def _traces(hearing: Hearing, pattern: UdsPattern, window: Spans) -> list[Exchange]:
    """Exchanges of which too little is known to say that they do not fit."""
    return [
        exchange
        for exchange in hearing.timeline.exchanges
        if exchange.phase == "exam"
        and _within(exchange, window)
        and not (exchange.request and fits(exchange, pattern))
        and _may_fit(hearing, exchange, pattern)
    ]


def _may_fit(hearing: Hearing, exchange: Exchange, pattern: UdsPattern) -> bool:
    """Whether it fits as far as it was recorded."""
    if not exchange.request:
        waited = Spans.of([(exchange.from_ns - P2_STAR_NS, exchange.from_ns + 1)])
        lost = diagnostics_lost(hearing.timeline, exchange.ecu)
        return len(lost & waited) > 0 and _may_answer(exchange, pattern)
    if exchange.outcome is ExchangeOutcome.NOT_RECORDED:
        pattern = replace(pattern, result="any", dtc="", nrc=None)
    stateless = replace(pattern, session=None, unlocked=None)
    if not fits(exchange, stateless):
        return False
    return fits(exchange, pattern) or _in_unknown_state(hearing, exchange)


def _in_unknown_state(hearing: Hearing, exchange: Exchange) -> bool:
    states = states_of(hearing.timeline, exchange.ecu)
    return state_at(states, exchange.to_ns).session is None


def _may_answer(exchange: Exchange, pattern: UdsPattern) -> bool:
    """Whether an answer without its request may be one to what the pattern means."""
    answer = exchange.replies[-1].data if exchange.replies else b""
    if not answer or (pattern.ecu and exchange.ecu != pattern.ecu):
        return False
    if pattern.nrc is not None and exchange.nrc != pattern.nrc:
        return False
    if answer[0] == NEGATIVE:
        refused = pattern.result in {"negative", "any"} and not pattern.dtc
        return refused and pattern.sid in {None, *answer[1:2]}
    if pattern.result in {"negative", "timeout"}:
        return False
    return _echoes(answer, pattern)


def _echoes(answer: bytes, pattern: UdsPattern) -> bool:
    """Whether a positive answer repeats what the pattern asks for."""
    sid = pattern.sid
    if sid is None:
        return True
    if answer[0] != sid + POSITIVE_OFFSET:
        return False
    sub = pattern.sub if sid in HAS_SUBFUNCTION else None
    if sub is not None and answer[1:2] != bytes([sub]):
        return False
    if pattern.dtc:
        return any(matches_dtc(code, pattern.dtc) for code, _ in dtcs_in(answer))
    if pattern.did is not None and sid in {READS_DATA, WRITES_DATA, CONTROLS_OUTPUT}:
        # One answer may hold several identifiers, in an order that nobody recorded.
        dids = [did.to_bytes(2, "big") for did in wanted(pattern.did)]
        return any(did in answer[1:] for did in dids)
    named = pattern.rid is not None and sid == ROUTINE_CONTROL
    return not named or int.from_bytes(answer[2:4], "big") == pattern.rid


def _within(exchange: Exchange, window: Spans) -> bool:
    start, end = window.hull_ns
    if not start <= exchange.to_ns < end:
        return False
    inside = window & Spans.of([(exchange.to_ns, exchange.to_ns + 1)])
    return len(inside) > 0


def _half_heard(
    pattern: UdsPattern, traces: Sequence[Exchange], window: Spans
) -> Judgement:
    reason = Sentence(
        key="uds_service.not_recorded",
        values={"request": uds_sentence(pattern), "span": span_of(window)},
    )
    shown = [evidence_at(f"uds.{each.ecu}", each.to_ns) for each in traces[:SHOWN]]
    return left_open(Outcome.NOT_MEASURED, reason, evidence=shown)


def _drowned(pattern: UdsPattern, outages: Spans) -> Judgement:
    """Nothing was heard of it, and the recorder was not listening all the time."""
    reason = Sentence(
        key="uds_service.outage",
        values={
            "request": uds_sentence(pattern),
            "lost_s": seconds(outages.total_ns),
            "span": span_of(outages),
        },
    )
    shown = evidence_of(f"uds.{pattern.ecu}" if pattern.ecu else "uds", outages)
    return left_open(Outcome.NOT_MEASURED, reason, evidence=[shown])
