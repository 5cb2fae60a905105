"""An ECU is in a session, or unlocked: at some time, or whenever something happens."""

from dataclasses import dataclass

from examrunner.criteria.ecu_states import EcuState, spans_of, states_of
from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.spans import Spans
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.uds_state import UdsState, true_and_known
from examrunner.criteria.uds_state import sentence as state_sentence
from examrunner.criteria.unheard import asked_in
from examrunner.criteria.verdicts import (
    evidence_of,
    graded,
    left_open,
    moment,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Outcome, Sentence

SECURITY_ACCESS, WRONG_KEY = 0x27, 0x35
SHOWN_STATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UdsSession:
    """The ECU is in a diagnostic session.

    Attributes:
        ecu: ECU name.
        session: The session, 3 for extended.
        at: Events at which it has to be; None: at some time.
        partial: Whether the share of events counts instead of all or nothing.
        window: When to look.
    """

    ecu: str
    session: int
    at: Event | None = None
    partial: bool = False
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return _rule(self._question())

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        return _judged(hearing, self._question())

    def _question(self) -> "_Question":
        claim = UdsState(ecu=self.ecu, session=self.session)
        return _Question(
            claim=claim, at=self.at, partial=self.partial, window=self.window
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UdsSecurity:
    """The ECU is unlocked.

    Attributes:
        ecu: ECU name.
        level: The level, the sub-function that requests its seed.
        at: Events at which it has to be; None: at some time.
        partial: Whether the share of events counts instead of all or nothing.
        window: When to look.
    """

    ecu: str
    level: int = 1
    at: Event | None = None
    partial: bool = False
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return _rule(self._question())

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        return _judged(hearing, self._question())

    def _question(self) -> "_Question":
        claim = UdsState(ecu=self.ecu, security=self.level)
        return _Question(
            claim=claim, at=self.at, partial=self.partial, window=self.window
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What both kinds ask about a claim."""

    claim: UdsState
    at: Event | None
    partial: bool
    window: Window


def _rule(question: _Question) -> Sentence:
    values: dict[str, object] = {
        "claim": state_sentence(question.claim),
        "window": window_sentence(question.window),
    }
    if question.at is None:
        return Sentence(key="uds_state.rule", values=values)
    values["event"] = event_sentence(question.at)
    key = "uds_state.rule_share" if question.partial else "uds_state.rule_at"
    return Sentence(key=key, values=values)


def _judged(hearing: Hearing, question: _Question) -> Judgement:
    window = opened(hearing, question.window)
    values = _facts(hearing, question, window)
    true, known = true_and_known(hearing.timeline, question.claim, *window.hull_ns)
    if question.at is None:
        return _sometime(question, true & window, known & window, window, values)
    return _at_events(hearing, question, true, known, window, values)


def _sometime(
    question: _Question,
    true: Spans,
    known: Spans,
    window: Spans,
    values: dict[str, object],
) -> Judgement:
    if not len(true) and known.total_ns < window.total_ns:
        return _lost(question, window, values)
    held_s = round(seconds(true.total_ns), 3)
    return graded(
        float(len(true) > 0),
        Sentence(key="uds_state.reason", values=values | {"held_s": held_s}),
        measured=Measured(value=held_s, unit="s"),
        evidence=[evidence_of(f"uds.{question.claim.ecu}", true or window)],
    )


def _at_events(
    hearing: Hearing,
    question: _Question,
    true: Spans,
    known: Spans,
    window: Spans,
    values: dict[str, object],
) -> Judgement:
    event = question.at or Event()
    times = happenings(hearing.timeline, event, window)
    evidence = [evidence_of(f"uds.{question.claim.ecu}", window)]
    if not len(times):
        values |= {"event": event_sentence(event)}
        reason = Sentence(key="uds_state.absent", values=values)
        return graded(0.0, reason, evidence=evidence)
    held, open_ = true.holds(times), ~known.holds(times)
    refuted = not question.partial and bool((~held & ~open_).any())
    if open_.any() and not refuted:
        return _lost(question, window, values)
    share = float(held.mean())
    counts = {"held": int(held.sum()), "events": len(times)}
    key = "uds_state.reason_share" if question.partial else "uds_state.reason_at"
    return graded(
        share if question.partial else float(held.all()),
        Sentence(key=key, values=values | counts),
        measured=Measured(value=round(100 * share, 2), unit="%"),
        evidence=evidence,
    )


def _lost(question: _Question, window: Spans, values: dict[str, object]) -> Judgement:
    return left_open(
        Outcome.NOT_MEASURED,
        Sentence(key="uds_state.lost", values=values),
        evidence=[evidence_of(f"uds.{question.claim.ecu}", window)],
    )


def _facts(hearing: Hearing, question: _Question, window: Spans) -> dict[str, object]:
    """The state line and the wrong keys, which an examiner wants to see."""
    ecu = question.claim.ecu
    start, end = window.hull_ns
    line = tuple(
        _entry(state)
        for state, from_ns, to_ns in spans_of(states_of(hearing.timeline, ecu), end)
        if from_ns < end and to_ns > start
    )
    wrong = UdsPattern(ecu=ecu, sid=SECURITY_ACCESS, nrc=WRONG_KEY)
    return {
        "claim": state_sentence(question.claim),
        "line": Sentence(key="predicate.then", values={"parts": line[:SHOWN_STATES]}),
        "wrong_keys": len(asked_in(hearing, wrong, window)),
        "span": span_of(window),
    }


def _entry(state: EcuState) -> Sentence:
    return Sentence(
        key="uds_state.entry",
        values={
            "state": state.text(),
            "cause": Sentence(key=f"uds_state.cause.{state.cause}"),
            "moment": moment(state.from_ns),
        },
    )
