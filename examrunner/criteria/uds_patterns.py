"""Which diagnostic exchanges a rubric means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.dtc_codes import dtcs_in, matches_dtc
from examrunner.model.judgement import Sentence
from examrunner.model.timeline import Exchange, ExchangeOutcome

Result = Literal["positive", "negative", "timeout", "any"]

HAS_SUBFUNCTION = frozenset(
    {0x10, 0x11, 0x19, 0x27, 0x28, 0x29, 0x2C, 0x31, 0x3E, 0x83, 0x85, 0x86, 0x87}
)
TESTER_PRESENT = 0x3E


@dataclass(frozen=True, slots=True, kw_only=True)
class UdsPattern:
    """A pattern of UDS requests; what is left out matches anything.

    Attributes:
        ecu: ECU name of the rig.
        sid: Service identifier.
        sub: Sub-function without the suppress bit.
        did: Data identifier, or several of which any is meant.
        rid: Routine identifier.
        dtc: Trouble code pattern in the answer, ``U01??-87``; ``|`` separates several.
        data: Bytes that the request has to contain, hexadecimal.
        result: How it was answered.
        nrc: Negative response code.
        session: Session of the ECU at that time.
        unlocked: Whether security access was granted at that time.
    """

    ecu: str = ""
    sid: int | None = None
    sub: int | None = None
    did: int | tuple[int, ...] | None = None
    rid: int | None = None
    dtc: str = ""
    data: str = ""
    result: Result = "any"
    nrc: int | None = None
    session: int | None = None
    unlocked: bool | None = None


def matching(
    exchanges: Sequence[Exchange], pattern: UdsPattern, *, phase: str = "exam"
) -> list[Exchange]:
    """The exchanges of a phase that the pattern means, in order."""
    return [e for e in exchanges if e.phase == phase and fits(e, pattern)]


def fits(exchange: Exchange, pattern: UdsPattern) -> bool:
    """Whether one exchange is what the pattern means."""
    return (
        bool(exchange.request)
        and (not pattern.ecu or exchange.ecu == pattern.ecu)
        and _request_fits(exchange.request, pattern)
        and _answer_fits(exchange, pattern)
        and pattern.session in {None, exchange.session}
        and pattern.unlocked in {None, exchange.unlocked}
    )


def _request_fits(request: bytes, pattern: UdsPattern) -> bool:
    if pattern.sid is None:
        return request[0] != TESTER_PRESENT
    if request[0] != pattern.sid:
        return False
    if pattern.sub is not None and sub_function(request) != pattern.sub:
        return False
    if pattern.did is not None and not (wanted(pattern.did) & set(dids_of(request))):
        return False
    if pattern.rid is not None and pattern.rid != _number(request[2:4]):
        return False
    return bytes.fromhex(pattern.data) in request


def _answer_fits(exchange: Exchange, pattern: UdsPattern) -> bool:
    if pattern.nrc is not None and exchange.nrc != pattern.nrc:
        return False
    if pattern.result != "any" and exchange.outcome not in _OUTCOMES[pattern.result]:
        return False
    if not pattern.dtc:
        return True
    answer = exchange.answer
    found = dtcs_in(answer.data) if answer is not None else ()
    return any(matches_dtc(code, pattern.dtc) for code, _ in found)


_OUTCOMES: dict[str, tuple[ExchangeOutcome, ...]] = {
    "positive": (ExchangeOutcome.POSITIVE,),
    "negative": (ExchangeOutcome.NEGATIVE,),
    "timeout": (ExchangeOutcome.NO_ANSWER,),
}


def wanted(did: int | tuple[int, ...]) -> set[int]:
    """One or several data identifiers as a set."""
    return {did} if isinstance(did, int) else set(did)


def dids_of(request: bytes) -> tuple[int, ...]:
    """Data identifiers that a 22, 2E or 2F request names."""
    if request[0] == 0x22:
        return tuple(_number(request[i : i + 2]) for i in range(1, len(request) - 1, 2))
    return (_number(request[1:3]),)


def sub_function(request: bytes) -> int | None:
    """Sub-function without the suppress bit; None where the service has none."""
    if len(request) < 2 or request[0] not in HAS_SUBFUNCTION:
        return None
    return request[1] & 0x7F


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big")


def is_hex(text: str) -> bool:
    """Whether a text is bytes in hexadecimal."""
    return len(text) % 2 == 0 and re.fullmatch(r"[0-9A-Fa-f]*", text) is not None


def sentence(pattern: UdsPattern) -> Sentence:
    """A pattern as the request that a scan tool shows."""
    key = "uds.any_request" if pattern.sid is None else "uds.request"
    words = Sentence(
        key=key,
        values={
            "request": _request_text(pattern),
            "ecu": pattern.ecu or Sentence(key="uds.any_ecu"),
            "result": _result(pattern),
        },
    )
    if pattern.session is not None:
        values = {"request": words, "session": f"{pattern.session:02X}"}
        words = Sentence(key="uds.request_in", values=values)
    if pattern.unlocked is not None:
        key = "uds.request_unlocked" if pattern.unlocked else "uds.request_locked"
        words = Sentence(key=key, values={"request": words})
    return words


def _request_text(pattern: UdsPattern) -> str:
    parts = [] if pattern.sid is None else [f"{pattern.sid:02X}"]
    if pattern.sub is not None:
        parts.append(f"{pattern.sub:02X}")
    if pattern.did is not None:
        parts.append("/".join(f"{did:04X}" for did in sorted(wanted(pattern.did))))
    if pattern.rid is not None:
        parts.append(f"{pattern.rid:04X}")
    if pattern.data:
        parts.append(pattern.data)
    return " ".join(parts)


def _result(pattern: UdsPattern) -> Sentence:
    words = Sentence(key=f"uds.result.{pattern.result}")
    if pattern.nrc is not None:
        values = {"result": words, "nrc": f"{pattern.nrc:02X}"}
        words = Sentence(key="uds.result.refused", values=values)
    if pattern.dtc:
        values = {"result": words, "dtc": pattern.dtc}
        words = Sentence(key="uds.result.listing", values=values)
    return words
