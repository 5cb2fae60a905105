"""Session and security of an ECU over time, from what the candidate and it said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from examrunner.criteria.losses import lost_on
from examrunner.criteria.uds_patterns import sub_function
from examrunner.model.timeline import (
    NS_PER_S,
    Exchange,
    ExchangeOutcome,
    Timeline,
)

S3_NS: Final = 5 * NS_PER_S
"""Without a payload for this long a session falls back (ISO 14229-2, S3 server)."""
DEFAULT_SESSION: Final = 1
LOCKED: Final = 0
SESSION_CONTROL, ECU_RESET, SECURITY_ACCESS = 0x10, 0x11, 0x27
TESTER_PRESENT: Final = 0x3E
EVERY_ECU: Final = "*"
"""ECU name of a functional request that nobody answered."""

Cause = Literal["start", "session", "reset", "unlock", "s3", "lost", "seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EcuState:
    """What an ECU allows from a moment on.

    Attributes:
        from_ns: When it began, recording time.
        session: Diagnostic session; None where the recorder lost what tells it.
        level: Unlocked security level, the sub-function that requests its seed; 0 for
            locked, None as above or where only the unlocking itself was not heard.
        unlocked: Whether any level is unlocked; None as for ``session``.
        cause: What began it.
    """

    from_ns: int
    session: int | None = DEFAULT_SESSION
    level: int | None = LOCKED
    unlocked: bool | None = False
    cause: Cause = "start"

    def text(self) -> str:
        """Session and level as on a state line, ``03+01``."""
        session = "?" if self.session is None else f"{self.session:02X}"
        if self.unlocked is False:
            return session
        return f"{session}+{'?' if self.level is None else f'{self.level:02X}'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """Something that touches the state.

    Attributes:
        t_ns: When.
        request: The request that it answers or is.
        positive: Whether this is the positive answer to it.
        doubtful: Whether the recorder lost what was said.
        before: Exchange whose request ends here, which knows the state.
    """

    t_ns: int
    request: bytes = b""
    positive: bool = False
    doubtful: bool = False
    before: Exchange | None = None


def states_of(timeline: Timeline, ecu: str) -> tuple[EcuState, ...]:
    """Every change of state of an ECU, beginning with the power-on state.

    What the agent sends before the start and after the stop is left out.
    """
    exchanges = [
        e for e in timeline.exchanges if e.phase == "exam" and _reaches(e, ecu)
    ]
    states = [EcuState(from_ns=0)]
    last_ns = 0
    for heard in _in_order(timeline, ecu, exchanges):
        _expire(states, last_ns, heard.t_ns)
        after = _after(states[-1], heard)
        if replace(after, from_ns=0, cause="start") != replace(
            states[-1], from_ns=0, cause="start"
        ):
            states.append(after)
        last_ns = heard.t_ns
    _expire(states, last_ns, timeline.duration_ns)
    return tuple(states)


def spans_of(
    states: Sequence[EcuState], until_ns: int
) -> Iterator[tuple[EcuState, int, int]]:
    """Every state with its start and end, the last one ending at ``until_ns``."""
    ends = [state.from_ns for state in states[1:]] + [until_ns]
    for state, end in zip(states, ends, strict=True):
        yield state, state.from_ns, end


def state_at(states: Sequence[EcuState], t_ns: int) -> EcuState:
    """The state just before something is answered at ``t_ns``."""
    return [state for state in states if state.from_ns <= t_ns][-1]


def _reaches(exchange: Exchange, ecu: str) -> bool:
    return exchange.ecu == ecu or (
        exchange.ecu == EVERY_ECU and exchange.request[:1] == bytes([TESTER_PRESENT])
    )


def _in_order(
    timeline: Timeline, ecu: str, exchanges: Sequence[Exchange]
) -> list[_Heard]:
    heard: list[_Heard] = []
    for exchange in exchanges:
        known = exchange if exchange.ecu == ecu and exchange.request else None
        unsure = exchange.outcome is ExchangeOutcome.NOT_RECORDED
        changes = exchange.request[:1] in _CHANGING
        heard.append(_Heard(t_ns=exchange.to_ns, before=known))
        if unsure and changes:
            heard.append(_Heard(t_ns=exchange.to_ns, doubtful=True))
        heard.extend(
            _Heard(
                t_ns=reply.to_ns,
                request=exchange.request or _asked(reply.data),
                positive=reply is exchange.answer
                and exchange.outcome is ExchangeOutcome.POSITIVE,
            )
            for reply in exchange.replies
        )
    for start, end in _losses(timeline, exchanges):
        heard.append(_Heard(t_ns=start, doubtful=True))
        heard.append(_Heard(t_ns=end, doubtful=True))
    return sorted(heard, key=lambda each: each.t_ns)


_CHANGING: Final = tuple(
    bytes([service]) for service in (SESSION_CONTROL, ECU_RESET, SECURITY_ACCESS)
)


def _asked(answer: bytes) -> bytes:
    """The request of an answer whose request was not recorded."""
    return bytes([answer[0] - 0x40 & 0xFF]) + answer[1:2] if answer else b""


def _losses(timeline: Timeline, exchanges: Sequence[Exchange]) -> list[tuple[int, int]]:
    channels = {exchange.channel for exchange in exchanges}
    if not channels:
        channels = {loss.stream for loss in timeline.health.losses}
    spans = [lost_on(timeline, channel) for channel in sorted(channels)]
    return [
        (int(start), int(end))
        for each in spans
        for start, end in zip(each.start_ns, each.end_ns, strict=True)
    ]


def _expire(states: list[EcuState], last_ns: int, now_ns: int) -> None:
    """Nothing was heard for S3: whatever the session was, it is the default one."""
    state = states[-1]
    changed = state.session != DEFAULT_SESSION or state.unlocked is not False
    if changed and now_ns - last_ns > S3_NS:
        states.append(EcuState(from_ns=last_ns + S3_NS, cause="s3"))


def _after(state: EcuState, heard: _Heard) -> EcuState:
    if heard.doubtful:
        return EcuState(
            from_ns=heard.t_ns, session=None, level=None, unlocked=None, cause="lost"
        )
    if heard.before is not None:
        return _known(state, heard.before)
    if not heard.positive:
        return state
    return _granted(state, heard.request, heard.t_ns)


def _known(state: EcuState, exchange: Exchange) -> EcuState:
    """The decoder knows the state at a request, also where this began before."""
    if state.session is None:
        return state
    if (state.session, state.unlocked) == (exchange.session, exchange.unlocked):
        return state
    return EcuState(
        from_ns=exchange.to_ns,
        session=exchange.session,
        level=(state.level or None) if exchange.unlocked else LOCKED,
        unlocked=exchange.unlocked,
        cause="seen",
    )


def _granted(state: EcuState, request: bytes, t_ns: int) -> EcuState:
    service, sub = request[0] if request else None, sub_function(request)
    if service == SESSION_CONTROL and sub is not None:
        return EcuState(from_ns=t_ns, session=sub, cause="session")
    if service == ECU_RESET:
        return EcuState(from_ns=t_ns, cause="reset")
    if service == SECURITY_ACCESS and sub and sub % 2 == 0:
        return EcuState(
            from_ns=t_ns,
            session=state.session,
            level=sub - 1,
            unlocked=True,
            cause="unlock",
        )
    return state
