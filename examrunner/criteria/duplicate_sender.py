"""Somebody else sends a message too."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_for
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.model.e2e import COUNTER_MODULUS
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Outcome, Sentence
from examrunner.model.timeline import NS_PER_S, Messages

EARLY: Final = 0.3
"""Frames that follow after less than this share of the cycle are suspicious."""
FEWEST_FRAMES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSender:
    """No message shows early frames or two interleaved counters.

    The share is taken over short stretches, so that a forgery of a few seconds in a
    long exam is seen. The threshold is not zero because a sender may legally repeat a
    frame after an error in its last bit. A message of which the recorder lost so much
    that none of its frames is left is not measured, unless another shows a stranger.

    Attributes:
        messages: Messages that belong to the rig.
        most: Largest share of suspicious frames in a stretch.
        stretch_s: Length of a stretch.
        surplus: Share of frames beyond those of one sender that a stretch must have to
            be suspicious. 0 (default) also finds a forger who keeps the true sender
            silent; more tells a second sender from a counter that is out of order.
    """

    messages: tuple[str, ...]
    most: float = 0.02
    stretch_s: float = 10.0
    surplus: float = 0.0

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "messages": ", ".join(self.messages),
            "most": 100 * self.most,
            "stretch_s": self.stretch_s,
        }
        return Sentence(key="duplicate_sender.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        clock = hearing.clock
        window = Spans.of([(clock.start_ns, clock.stop_ns)])
        return max(
            (self._one(hearing, name, window) for name in self.messages), key=_rank
        )

    def _one(self, hearing: Hearing, name: str, window: Spans) -> Judgement:
        message = hearing.timeline.message(name)
        first, last = np.searchsorted(message.frames.t_ns, window.hull_ns, "left")
        lost_ns = (window & lost_for(hearing, name)).total_ns
        if first == last and lost_ns > MOST_UNKNOWN * window.total_ns:
            return recorder_lost(name, window, lost_ns)
        t_ns = message.frames.t_ns[first:last]
        suspicious = _early(message, t_ns) | _interleaved(message, first, last)
        worst, where = self._worst(t_ns, suspicious, message.cycle_s)
        where = where & window if len(where) else window
        share = round(100 * worst, 3)
        reason = Sentence(
            key="duplicate_sender.reason",
            values={
                "message": message.name,
                "share": share,
                "most": 100 * self.most,
                "span": span_of(where),
            },
        )
        return graded(
            float(worst <= self.most),
            reason,
            measured=Measured(value=share, unit="%"),
            evidence=[evidence_of(message.name, where)],
            details={"count": float(suspicious.sum())},
        )

    def _worst(
        self,
        t_ns: NDArray[np.int64],
        suspicious: NDArray[np.bool_],
        cycle_s: float | None,
    ) -> tuple[float, Spans]:
        """Largest share over the stretches, and the stretch that has it."""
        if not suspicious.any():
            return 0.0, Spans.of([])
        length = round(self.stretch_s * NS_PER_S)
        stretch = (t_ns - t_ns[0]) // length
        frames = np.bincount(stretch)
        shares = np.bincount(stretch, weights=suspicious) / np.maximum(frames, 1)
        shares[frames < FEWEST_FRAMES] = 0.0
        if cycle_s is not None and self.surplus:
            shares[frames < (1 + self.surplus) * self.stretch_s / cycle_s] = 0.0
        if not shares.any():
            return 0.0, Spans.of([])
        row = int(np.argmax(shares))
        start = int(t_ns[0]) + row * length
        return float(shares[row]), Spans.of([(start, start + length)])


def _rank(found: Judgement) -> tuple[bool, bool, float]:
    """What is seen comes before what could not be seen, and that before nothing."""
    share = 0.0 if found.measured is None else found.measured.value
    return found.outcome is Outcome.NOT_MET, found.outcome.is_open, share


def _early(message: Messages, t_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
    if message.cycle_s is None or not len(t_ns):
        return np.zeros(len(t_ns), np.bool_)
    limit = EARLY * message.cycle_s * NS_PER_S
    return np.concatenate(([False], np.diff(t_ns) < limit))


def _interleaved(message: Messages, first: int, last: int) -> NDArray[np.bool_]:
    """Frames that go on counting from the last but one instead of the last."""
    flagged = np.zeros(last - first, np.bool_)
    if message.counter is None or last - first < 3:
        return flagged
    count = (message.frames.data[first:last, 1] & 0x0F).astype(np.int8)
    by_one = (count[1:] - count[:-1]) % COUNTER_MODULUS
    by_two = (count[2:] - count[:-2]) % COUNTER_MODULUS
    flagged[2:] = (by_two == 1) & (by_one[1:] != 1)
    return flagged
