"""Frames of a message look as its database says."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.arrivals import Arrivals, arrivals
from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_for
from examrunner.criteria.protection import percent
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
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.frames import BRS, EXTENDED, FD
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Messages

EVERY: Final = Scale(full=1, zero=1, more_is_better=True)
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class MsgLayout:
    """Share of frames with the right length, format and identifier type.

    Attributes:
        message: Message name; ``$variant.message`` for a secret.
        brs: Whether the bit rate has to switch; None where that does not matter,
            because databases do not say.
        score: Share of the frames, 0 to 1, to share of the points.
        window: When to look.
        on_silent: What silence means.
    """

    message: str
    brs: bool | None = None
    score: Scale = EVERY
    window: Window = WHOLE_EXAM
    on_silent: OnSilent = "fail"

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "message": self.message,
            "scale": percent(self.score),
            "window": window_sentence(self.window),
        }
        if self.brs is None:
            return Sentence(key="msg_layout.rule", values=values)
        key = "msg_layout.switches" if self.brs else "msg_layout.keeps"
        values["switches"] = Sentence(key=key)
        return Sentence(key="msg_layout.rule_brs", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        message = hearing.timeline.message(self.message)
        if message.length is None or message.fd is None:
            raise MissingError("layout", name=message.name)
        seen = arrivals(message, window)
        if len(seen.t_ns):
            return self._judged(message, seen, window)
        lost = (lost_for(hearing, message.name) & window).total_ns
        if lost > MOST_UNKNOWN * window.total_ns:
            return recorder_lost(message.name, window, lost)
        values = {"message": message.name, "span": span_of(window)}
        reason = Sentence(key="message.silent", values=values)
        return silent(self.on_silent, reason, evidence_of(message.name, window))

    def _judged(self, message: Messages, seen: Arrivals, window: Spans) -> Judgement:
        right = self._right(message, seen)
        frames, good = len(right), int(np.count_nonzero(right))
        share = round(good / frames, DECIMALS)
        values = {
            "message": message.name,
            "length": message.length,
            "frames": frames,
            "good": good,
            "share": round(100 * share, 4),
            "scale": percent(self.score),
            "span": span_of(window),
        }
        wrong = [evidence_at(message.name, int(t)) for t in seen.t_ns[~right][:1]]
        return graded(
            self.score.fraction(share),
            Sentence(key="msg_layout.reason", values=values),
            measured=Measured(value=round(100 * share, 4), unit="%"),
            evidence=[*wrong, evidence_of(message.name, window)],
            details={"frames": float(frames), "wrong": float(frames - good)},
        )

    def _right(self, message: Messages, seen: Arrivals) -> NDArray[np.bool_]:
        flags = message.frames.flags[seen.rows]
        right = message.frames.length[seen.rows] == message.length
        right &= ((flags & FD) != 0) == message.fd
        right &= ((flags & EXTENDED) != 0) == message.extended
        if self.brs is not None:
            right &= ((flags & BRS) != 0) == self.brs
        found: NDArray[np.bool_] = right
        return found
