"""Requests joined with their answers, as far as a listener can prove it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from examrunner.decode.diagnostics.payloads import Broken
from examrunner.decode.diagnostics.states import EcuState
from examrunner.decode.diagnostics.units import (
    Columns,
    Direction,
    Unit,
    conversation,
)
from examrunner.model.frames import Frames
from examrunner.model.station import Ecu
from examrunner.model.timeline import (
    NS_PER_S,
    Exchange,
    ExchangeOutcome,
    Loss,
    Reply,
)

P2_STAR_NS: Final = 5 * NS_PER_S
"""A request counts as unanswered after this long (ISO 14229-2, P2* server)."""

NEGATIVE: Final = 0x7F
RESPONSE_PENDING: Final = 0x78
POSITIVE_OFFSET: Final = 0x40

EVERY_ECU: Final = "*"
"""ECU name of a functional request that nobody answered."""

Phase = tuple[int, int, str]


def exchanges(
    columns: Columns,
    ecus: Sequence[Ecu],
    functional_id: int,
    losses: Sequence[Loss] = (),
    phases: Sequence[Phase] = (),
    end_ns: int | None = None,
) -> tuple[Exchange, ...]:
    """All exchanges of all ECUs, ordered by the start of the request.

    Args:
        columns: Frames by identifier.
        ecus: The rig's diagnostic servers.
        functional_id: Identifier of functional requests.
        losses: Time that the recorder lost; ``stream`` is the channel.
        phases: (from, to, name) spans of recording time; ``exam`` outside of them.
        end_ns: When the recording ended; default: the last frame of any column.
    """
    if end_ns is None:
        ends = [int(frames.t_ns[-1]) for frames in columns.values() if len(frames)]
        end_ns = max(ends, default=0)
    found: list[Exchange] = []
    for ecu in ecus:
        spoken = conversation(columns, ecu, functional_id)
        listener = _Listener(
            ecu=ecu,
            torn=spoken.torn,
            losses=[loss for loss in losses if loss.stream == ecu.channel],
            phases=phases,
            end_ns=end_ns,
        )
        found += listener.listen(spoken.units)
    found += _unanswered(columns, ecus, functional_id, found, phases)
    return tuple(sorted(found, key=lambda exchange: (exchange.from_ns, exchange.ecu)))


@dataclass(slots=True, kw_only=True)
class _Open:
    """A request that still waits."""

    unit: Unit
    state: EcuState
    replies: list[Reply] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Listener:
    """Walks through the payloads of one ECU once."""

    ecu: Ecu
    torn: Sequence[Broken]
    losses: Sequence[Loss]
    phases: Sequence[Phase]
    end_ns: int
    state: EcuState = field(default_factory=EcuState)
    waiting: list[_Open] = field(default_factory=list)
    done: list[Exchange] = field(default_factory=list)

    def listen(self, units: Sequence[Unit]) -> list[Exchange]:
        for unit in units:
            self._expire(unit.from_ns)
            self.state = self.state.at(unit.from_ns)
            if unit.direction is Direction.RESPONSE:
                self._answer(unit)
            else:
                self._ask(unit)
        self._expire(None)
        return self.done

    def _ask(self, unit: Unit) -> None:
        for older in [o for o in self.waiting if _same_service(o.unit, unit)]:
            self._close(older, until_ns=unit.from_ns)
        self.state = self.state.heard(unit.to_ns)
        self.waiting.append(_Open(unit=unit, state=self.state))

    def _answer(self, unit: Unit) -> None:
        reply = Reply(from_ns=unit.from_ns, to_ns=unit.to_ns, data=unit.data)
        asked = next((o for o in self.waiting if _answers(unit, o.unit)), None)
        self.state = self.state.heard(unit.to_ns)
        if asked is None:
            self._unasked(unit, reply)
            return
        asked.replies.append(reply)
        if _nrc(unit.data) == RESPONSE_PENDING:
            return
        if _nrc(unit.data) is None:
            self.state = self.state.granted(asked.unit.data, unit.to_ns)
        self._close(asked, until_ns=unit.from_ns)

    def _unasked(self, unit: Unit, reply: Reply) -> None:
        """An answer whose request was not recorded."""
        if _nrc(unit.data) is None and unit.data:
            asked = bytes([unit.data[0] - POSITIVE_OFFSET & 0xFF]) + unit.data[1:2]
            self.state = self.state.granted(asked, unit.to_ns)
        nrc = _nrc(unit.data)
        self.done.append(
            Exchange(
                ecu=self.ecu.name,
                channel=self.ecu.channel,
                from_ns=unit.from_ns,
                to_ns=unit.from_ns,
                request=b"",
                replies=(reply,),
                outcome=_outcome_of(nrc),
                nrc=nrc,
                session=self.state.session,
                unlocked=self.state.unlocked,
                phase=_phase_at(unit.from_ns, self.phases),
            )
        )

    def _expire(self, now_ns: int | None) -> None:
        for older in list(self.waiting):
            heard_ns = older.replies[-1].to_ns if older.replies else older.unit.to_ns
            if now_ns is None or now_ns - heard_ns > P2_STAR_NS:
                self._close(older, until_ns=min(heard_ns + P2_STAR_NS, self.end_ns))

    def _close(self, asked: _Open, *, until_ns: int) -> None:
        self.waiting.remove(asked)
        if asked.unit.direction is Direction.FUNCTIONAL and not asked.replies:
            return
        last = asked.replies[-1].data if asked.replies else b""
        nrc = _nrc(last)
        outcome = _outcome_of(nrc) if asked.replies else self._silence(asked, until_ns)
        self.done.append(
            Exchange(
                ecu=self.ecu.name,
                channel=self.ecu.channel,
                from_ns=asked.unit.from_ns,
                to_ns=asked.unit.to_ns,
                request=asked.unit.data,
                replies=tuple(asked.replies),
                outcome=outcome,
                nrc=None if nrc == RESPONSE_PENDING else nrc,
                functional=asked.unit.direction is Direction.FUNCTIONAL,
                session=asked.state.session,
                unlocked=asked.state.unlocked,
                phase=_phase_at(asked.unit.from_ns, self.phases),
            )
        )

    def _silence(self, asked: _Open, until_ns: int) -> ExchangeOutcome:
        """Nothing answered, or an answer was there and was not recorded whole."""
        since_ns = asked.unit.to_ns
        lost = any(
            loss.from_ns < until_ns and loss.to_ns > since_ns for loss in self.losses
        )
        torn = any(since_ns <= broken.from_ns <= until_ns for broken in self.torn)
        cut = until_ns == self.end_ns and until_ns - since_ns < P2_STAR_NS
        unproven = lost or torn or (cut and until_ns - since_ns < _P2_NS)
        return ExchangeOutcome.NOT_RECORDED if unproven else ExchangeOutcome.NO_ANSWER


_P2_NS: Final = NS_PER_S // 20
"""P2 server, 50 ms: before it has passed, an answer may still come."""


def _same_service(older: Unit, newer: Unit) -> bool:
    return (
        older.direction == newer.direction
        and bool(older.data)
        and older.data[:1] == newer.data[:1]
    )


def _answers(response: Unit, request: Unit) -> bool:
    if not response.data or not request.data:
        return False
    if response.data[0] == NEGATIVE:
        return response.data[1:2] == request.data[:1]
    return response.data[0] == request.data[0] + POSITIVE_OFFSET


def _nrc(data: bytes) -> int | None:
    return data[2] if len(data) > 2 and data[0] == NEGATIVE else None


def _outcome_of(nrc: int | None) -> ExchangeOutcome:
    if nrc is None:
        return ExchangeOutcome.POSITIVE
    if nrc == RESPONSE_PENDING:
        return ExchangeOutcome.PENDING
    return ExchangeOutcome.NEGATIVE


def _phase_at(t_ns: int, phases: Sequence[Phase]) -> str:
    return next((name for start, end, name in phases if start <= t_ns < end), "exam")


def _unanswered(
    columns: Columns,
    ecus: Sequence[Ecu],
    functional_id: int,
    found: Sequence[Exchange],
    phases: Sequence[Phase],
) -> list[Exchange]:
    """Functional requests that no ECU answered: they were tried all the same."""
    answered = {
        (exchange.channel, exchange.from_ns)
        for exchange in found
        if exchange.functional
    }
    nobody = {
        channel: Ecu(
            name=EVERY_ECU,
            channel=channel,
            request_id=functional_id,
            response_id=functional_id,
        )
        for channel in sorted({ecu.channel for ecu in ecus})
    }
    silent: list[Exchange] = []
    for channel, ecu in nobody.items():
        asked = {key: value for key, value in columns.items() if key[0] == channel}
        asked.setdefault((channel, functional_id, False), Frames.empty())
        for unit in conversation(asked, ecu, functional_id).units:
            if unit.direction is not Direction.FUNCTIONAL:
                continue
            if (channel, unit.from_ns) not in answered:
                silent.append(
                    Exchange(
                        ecu=EVERY_ECU,
                        channel=channel,
                        from_ns=unit.from_ns,
                        to_ns=unit.to_ns,
                        request=unit.data,
                        functional=True,
                        phase=_phase_at(unit.from_ns, phases),
                    )
                )
    return silent
