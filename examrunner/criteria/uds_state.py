"""The claim that an ECU is in a session, or unlocked."""

from dataclasses import dataclass

from examrunner.criteria.ecu_states import EcuState, spans_of, states_of
from examrunner.criteria.spans import Spans
from examrunner.model.judgement import Sentence
from examrunner.model.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class UdsState:
    """A session, a security level, or both.

    Attributes:
        ecu: ECU name.
        session: Diagnostic session; None for any.
        security: Unlocked level, the sub-function that requests its seed; 0 for
            locked, None for either.
    """

    ecu: str
    session: int | None = None
    security: int | None = None

    def holds(self, state: EcuState) -> bool | None:
        """Whether a state is this one; None where that is not known."""
        if self.session is not None and state.session not in {None, self.session}:
            return False
        if self.session is not None and state.session is None:
            return None
        return self._security_holds(state)

    def _security_holds(self, state: EcuState) -> bool | None:
        if self.security is None:
            return True
        if state.unlocked is None:
            return None
        if self.security == 0 or not state.unlocked:
            return (self.security == 0) is not state.unlocked
        return None if state.level is None else state.level == self.security


def true_and_known(
    timeline: Timeline, claim: UdsState, from_ns: int, to_ns: int
) -> tuple[Spans, Spans]:
    """When the claim holds within [from, to), and when it is known whether it does."""
    whole = Spans.of([(from_ns, to_ns)])
    true: list[tuple[int, int]] = []
    known: list[tuple[int, int]] = []
    for state, start, end in spans_of(states_of(timeline, claim.ecu), to_ns):
        holds = claim.holds(state)
        if holds is not None:
            known.append((start, end))
        if holds:
            true.append((start, end))
    return _joined(true) & whole, _joined(known) & whole


def _joined(pairs: list[tuple[int, int]]) -> Spans:
    spans = Spans.of(pairs)
    return Spans.joined(spans.start_ns, spans.end_ns)


def sentence(claim: UdsState) -> Sentence:
    """The claim as words."""
    parts = []
    if claim.session is not None:
        values = {"ecu": claim.ecu, "session": f"{claim.session:02X}"}
        parts.append(Sentence(key="predicate.session", values=values))
    if claim.security == 0:
        parts.append(Sentence(key="predicate.locked", values={"ecu": claim.ecu}))
    elif claim.security is not None:
        values = {"ecu": claim.ecu, "level": f"{claim.security:02X}"}
        parts.append(Sentence(key="predicate.unlocked", values=values))
    if len(parts) == 1:
        return parts[0]
    return Sentence(key="predicate.all", values={"parts": tuple(parts)})
