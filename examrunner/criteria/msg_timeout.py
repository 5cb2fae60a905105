"""How often and for how long a message was missing."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_for
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Messages

MOST_EVIDENCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MsgTimeout:
    """Counts gaps longer than the message's timeout; without ``score`` it measures.

    A gap counts if it is too long beside what the recorder lost of it. Where the
    recorder lost too much in gaps, more of them may be left and an examiner decides.

    Attributes:
        message: Message name; ``$variant.message`` for a secret.
        timeout_ms: Longest gap that is none; None for the database's.
        score: Number of gaps to share of the points; None for always met.
        window: When to look.
    """

    message: str
    timeout_ms: float | None = None
    score: Scale | None = None
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "message": self.message,
            "window": window_sentence(self.window),
            "scale": self._scale(),
        }
        if self.timeout_ms is None:
            return Sentence(key="msg_timeout.rule", values=values)
        values["limit_ms"] = self.timeout_ms
        return Sentence(key="msg_timeout.rule_limit", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        message = hearing.timeline.message(self.message)
        limit = self._limit_ns(message)
        lost = lost_for(hearing, message.name)
        seen = gaps_of(message, window, limit)
        gaps = _known(seen, lost, limit)
        unknown_ns = (seen & lost).total_ns
        share = 1.0 if self.score is None else self.score.fraction(len(gaps))
        if unknown_ns > MOST_UNKNOWN * window.total_ns and share > 0:
            return recorder_lost(message.name, window, unknown_ns)
        return self._judged(message, gaps, window, share, limit)

    def _judged(
        self, message: Messages, gaps: Spans, window: Spans, share: float, limit_ns: int
    ) -> Judgement:
        lengths = gaps.lengths_ns()
        count = len(gaps)
        details = {
            "count": float(count),
            "total_s": round(int(lengths.sum()) / NS_PER_S, 3),
            "longest_s": round(int(lengths.max()) / NS_PER_S, 3) if count else 0.0,
        }
        reason = Sentence(
            key="msg_timeout.reason",
            values={
                "message": message.name,
                "limit_ms": limit_ns / 1e6,
                **details,
                "count": count,
                "scale": self._scale(),
                "span": span_of(window),
            },
        )
        pairs = zip(gaps.start_ns, gaps.end_ns, strict=True)
        evidence = [
            evidence_of(message.name, Spans.of([(int(a), int(b))])) for a, b in pairs
        ]
        return graded(
            share,
            reason,
            measured=Measured(value=float(count)),
            evidence=evidence[:MOST_EVIDENCE] or [evidence_of(message.name, window)],
            details=details,
        )

    def _scale(self) -> Sentence:
        if self.score is None:
            return Sentence(key="scale.none")
        return self.score.sentence()

    def _limit_ns(self, message: Messages) -> int:
        if self.timeout_ms is not None:
            return round(self.timeout_ms * 1e6)
        if message.timeout_s is None:
            raise MissingError("timeout", name=message.name)
        return round(message.timeout_s * NS_PER_S)


def gaps_of(message: Messages, window: Spans, limit_ns: int) -> Spans:
    """Stretches of the window without a frame that are longer than the limit."""
    found = Spans.of([])
    t_ns = message.frames.t_ns
    for start, end in zip(window.start_ns, window.end_ns, strict=True):
        first, last = np.searchsorted(t_ns, (start, end), "left")
        edges = np.concatenate(([start], t_ns[first:last], [end]))
        rows = np.flatnonzero(np.diff(edges) > limit_ns)
        found |= Spans(start_ns=edges[rows], end_ns=edges[rows + 1])
    return found


def _known(gaps: Spans, lost: Spans, limit_ns: int) -> Spans:
    """The gaps that are too long even if every lost frame was one of the message."""
    proven = [
        bool(((Spans.of([gap]) - lost).lengths_ns() > limit_ns).any())
        for gap in zip(gaps.start_ns.tolist(), gaps.end_ns.tolist(), strict=True)
    ]
    known = np.array(proven, np.bool_)
    return Spans(start_ns=gaps.start_ns[known], end_ns=gaps.end_ns[known])
