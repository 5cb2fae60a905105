"""Error frames on a bus."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_on
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S

ErrorClass = Literal[
    "tx_timeout",
    "lost_arbitration",
    "controller",
    "protocol",
    "transceiver",
    "no_ack",
    "bus_off",
    "bus_error",
    "restarted",
]
CLASS_BITS: Final[dict[ErrorClass, int]] = {
    "tx_timeout": 0x001,
    "lost_arbitration": 0x002,
    "controller": 0x004,
    "protocol": 0x008,
    "transceiver": 0x010,
    "no_ack": 0x020,
    "bus_off": 0x040,
    "bus_error": 0x080,
    "restarted": 0x100,
}
"""Class bits of linux/can/error.h."""
NONE_ALLOWED: Final = Scale(full=0, zero=0)
RATE_DECIMALS: Final = 6
MOST_EVIDENCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFrames:
    """Counts error frames; adapters join several, so counts are lower bounds.

    Attributes:
        bus: CAN channel.
        classes: Only frames with one of these classes; empty for all.
        measure: ``count``, or ``rate`` in frames per second.
        score: What was measured to share of the points.
        window: When to look.
    """

    bus: str
    classes: tuple[ErrorClass, ...] = ()
    measure: Literal["count", "rate"] = "count"
    score: Scale = NONE_ALLOWED
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "bus": self.bus,
            "classes": self._classes(),
            "scale": self.score.sentence(self._unit()),
            "window": window_sentence(self.window),
        }
        return Sentence(key="error_frames.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        t_ns = self._times(hearing, window)
        lost = (lost_on(hearing.timeline, self.bus) & window).total_ns
        share = self._share(len(t_ns), window)
        if lost > MOST_UNKNOWN * window.total_ns and share > 0:
            return recorder_lost(self.bus, window, lost)
        return self._judged(t_ns, window, share)

    def _times(self, hearing: Hearing, window: Spans) -> NDArray[np.int64]:
        errors = hearing.timeline.bus.get(self.bus)
        if errors is None:
            raise MissingError("error_frames", name=self.bus)
        kept = window.holds(errors.t_ns)
        if self.classes:
            bits = sum(CLASS_BITS[name] for name in set(self.classes))
            kept &= (errors.classes & np.uint32(bits)) != 0
        return errors.t_ns[kept]

    def _judged(
        self, t_ns: NDArray[np.int64], window: Spans, share: float
    ) -> Judgement:
        value = self._measured(len(t_ns), window)
        values = {
            "bus": self.bus,
            "classes": self._classes(),
            "count": len(t_ns),
            "value": value,
            "unit": self._unit(),
            "scale": self.score.sentence(self._unit()),
            "span": span_of(window),
        }
        moments = [evidence_at(self.bus, int(t)) for t in t_ns[:MOST_EVIDENCE]]
        return graded(
            share,
            Sentence(key=f"error_frames.reason.{self.measure}", values=values),
            measured=Measured(value=value, unit=self._unit()),
            evidence=[*moments, evidence_of(self.bus, window)],
            details={"count": float(len(t_ns))},
        )

    def _measured(self, count: int, window: Spans) -> float:
        if self.measure == "count":
            return float(count)
        return round(count * NS_PER_S / window.total_ns, RATE_DECIMALS)

    def _share(self, count: int, window: Spans) -> float:
        return self.score.fraction(self._measured(count, window))

    def _unit(self) -> str:
        return "1/s" if self.measure == "rate" else ""

    def _classes(self) -> Sentence | str:
        return ", ".join(self.classes) or Sentence(key="error_frames.all")
