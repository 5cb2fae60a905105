"""What an ECU was told to leave out and was never told to do again."""

from collections.abc import Iterator
from typing import Final

from examrunner.criteria.ecu_states import DEFAULT_SESSION, states_of
from examrunner.criteria.uds_patterns import sub_function
from examrunner.model.timeline import Exchange, ExchangeOutcome, Timeline

COMMUNICATION, CODE_SETTING = 0x28, 0x85
ON: Final = {COMMUNICATION: 0x00, CODE_SETTING: 0x01}
"""Sub-function with which everything is on again; any other switches something off."""
SUPPRESSED: Final = 0x80


def left_off(
    timeline: Timeline, services: tuple[int, ...], stop_ns: int
) -> list[tuple[str, int]]:
    """ECU and moment of every switching off that still stands at the stop.

    A service counts as used if its answer is positive, or if no positive answer was
    wanted and none came. The sub-function that switches on, or the default session
    (asked for, by a reset, or because the session ended by itself), ends it.

    Args:
        timeline: What was recorded.
        services: 0x28 (messages), 0x85 (trouble codes), or both.
        stop_ns: When the exam ended.
    """
    ecus = sorted({e.ecu for e in timeline.exchanges if e.phase == "exam"})
    return [
        (ecu, off_ns)
        for ecu in ecus
        for service in services
        for off_ns in _standing(timeline, ecu, service, stop_ns)
    ]


def _standing(
    timeline: Timeline, ecu: str, service: int, stop_ns: int
) -> Iterator[int]:
    """The last switching off by a service, unless something ended it."""
    switched = [
        exchange
        for exchange in timeline.exchanges
        if exchange.ecu == ecu
        and exchange.phase == "exam"
        and exchange.request[:1] == bytes([service])
        and exchange.to_ns < stop_ns
        and _accepted(exchange)
    ]
    if not switched or sub_function(switched[-1].request) == ON[service]:
        return
    last = switched[-1]
    ended = any(
        last.to_ns < state.from_ns <= stop_ns and state.session == DEFAULT_SESSION
        for state in states_of(timeline, ecu)
    )
    if not ended:
        yield last.to_ns


def _accepted(exchange: Exchange) -> bool:
    if exchange.outcome is ExchangeOutcome.POSITIVE:
        return True
    wanted_none = len(exchange.request) > 1 and exchange.request[1] & SUPPRESSED
    return bool(wanted_none) and exchange.outcome is ExchangeOutcome.NO_ANSWER
