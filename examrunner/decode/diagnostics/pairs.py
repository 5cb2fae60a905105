"""Finds who talks diagnostics to whom in a recording that does not say it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.decode.diagnostics.payloads import Fault, Payloads
from examrunner.decode.diagnostics.transport import reassemble
from examrunner.decode.diagnostics.units import Columns
from examrunner.model.frames import Frames
from examrunner.model.station import Ecu
from examrunner.model.timeline import NS_PER_S

ANSWER_BIT: Final = 0x40
"""Set in the first byte of every response, clear in every request (ISO 14229-1)."""

USABLE_SHARE: Final = 0.9
"""Share of an identifier's frames that must make sense as ISO-TP."""

ANSWER_WITHIN_NS: Final = 5 * NS_PER_S

USUAL_OFFSET: Final = 8
"""Response identifier minus request identifier, where no request was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speaker:
    """An identifier that carries diagnostic payloads."""

    channel: str
    can_id: int
    payloads: Payloads
    answers: bool
    has_long: bool


def find_ecus(columns: Columns) -> tuple[Ecu, ...]:
    """The diagnostic servers that a recording shows, named by their identifiers.

    An identifier counts if nearly all of its frames make sense as ISO-TP and it either
    carries a long message or belongs to a request that somebody answered.
    """
    speakers = [
        speaker
        for (channel, can_id, _), frames in sorted(columns.items())
        if (speaker := _speaker(channel, can_id, frames)) is not None
    ]
    found = []
    for answering in (one for one in speakers if one.answers):
        asking = _asking(answering, speakers)
        if asking is None and not answering.has_long:
            continue
        request_id = (
            answering.can_id - USUAL_OFFSET if asking is None else asking.can_id
        )
        found.append(
            Ecu(
                name=f"0x{answering.can_id:X}",
                channel=answering.channel,
                request_id=request_id,
                response_id=answering.can_id,
            )
        )
    return tuple(found)


def _speaker(channel: str, can_id: int, frames: Frames) -> _Speaker | None:
    payloads = reassemble(frames)
    odd = payloads.count(Fault.MALFORMED) + payloads.count(Fault.STRAY)
    if not len(payloads) or odd > (1 - USABLE_SHARE) * len(frames):
        return None
    heads = payloads.content[payloads.starts[:-1]]
    share = float(np.mean((heads & ANSWER_BIT) != 0))
    return _Speaker(
        channel=channel,
        can_id=can_id,
        payloads=payloads,
        answers=share > 0.5,
        has_long=bool(payloads.multi.any()),
    )


def _asking(answering: _Speaker, speakers: list[_Speaker]) -> _Speaker | None:
    """Who asked most of what was answered; None if nobody asked half of it."""
    least = len(answering.payloads) / 2
    best = None
    for asking in speakers:
        if asking.answers or asking.channel != answering.channel:
            continue
        matched = _answered(asking.payloads, answering.payloads)
        if matched >= least:
            best, least = asking, matched + 1
    return best


def _answered(asked: Payloads, told: Payloads) -> int:
    """How many of the answers follow a request for the same service closely."""
    services = asked.content[asked.starts[:-1]]
    heads = told.content[told.starts[:-1]]
    latest = np.searchsorted(asked.to_ns, told.from_ns, side="right") - 1
    known = latest >= 0
    latest, heads = latest[known], heads[known]
    soon = told.from_ns[known] - asked.to_ns[latest] <= ANSWER_WITHIN_NS
    negative = heads == 0x7F
    same = negative | (heads == (services[latest] | ANSWER_BIT))
    return int(np.count_nonzero(soon & same))
