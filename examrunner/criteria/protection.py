"""Share of frames whose checksum or counter is right."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.arrivals import verdict_counts
from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_for
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import (
    OnSilent,
    evidence_at,
    evidence_of,
    graded,
    silent,
    span_of,
)
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Messages

SHARE_DECIMALS: Final = 6
Protection = Literal["counter", "checksum"]


def judged_share(
    hearing: Hearing,
    message: Messages,
    window: Spans,
    scale: Scale,
    on_silent: OnSilent,
    what: Protection,
) -> Judgement:
    """The judgement about one protection of one message.

    Raises:
        MissingError: If the message has no such protection.
    """
    column: NDArray[np.uint8] | None
    column = message.crc if what == "checksum" else message.counter
    good, known, first_wrong = verdict_counts(message, window, column, what)
    if not known:
        return _nothing(hearing, message, window, on_silent)
    share = round(good / known, SHARE_DECIMALS)
    reason = Sentence(
        key=f"{what}.reason",
        values={
            "message": message.name,
            "share": round(100 * share, 4),
            "good": good,
            "frames": known,
            "scale": percent(scale),
            "span": span_of(window),
        },
    )
    whole = evidence_of(message.name, window)
    return graded(
        scale.fraction(share),
        reason,
        measured=Measured(value=round(100 * share, SHARE_DECIMALS - 2), unit="%"),
        evidence=[whole]
        if first_wrong is None
        else [evidence_at(message.name, first_wrong), whole],
        details={
            "frames": float(known),
            "wrong": float(known - good),
            "bad_pct": round(100 - 100 * share, SHARE_DECIMALS - 2),
        },
    )


def percent(scale: Scale) -> Sentence:
    """A scale of shares, worded in percent."""
    return Scale(
        full=None if scale.full is None else round(100 * scale.full, 6),
        zero=None if scale.zero is None else round(100 * scale.zero, 6),
        steps=tuple((round(100 * limit, 6), f) for limit, f in scale.steps),
        more_is_better=scale.more_is_better,
    ).sentence("%")


def _nothing(
    hearing: Hearing, message: Messages, window: Spans, on_silent: OnSilent
) -> Judgement:
    lost = (lost_for(hearing, message.name) & window).total_ns
    if lost > MOST_UNKNOWN * window.total_ns:
        return recorder_lost(message.name, window, lost)
    values = {"message": message.name, "span": span_of(window)}
    reason = Sentence(key="message.silent", values=values)
    return silent(on_silent, reason, evidence_of(message.name, window))
