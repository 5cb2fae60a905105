"""One component of a position, and what it is worth."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.body_positions import UNITS, Component
from examrunner.criteria.holding import held
from examrunner.criteria.scales import Scale
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Sentence
from examrunner.model.timeline import NS_PER_S, Timeline

UNSURE_SHARE: Final = 1 / 3
"""A deviation above this share of the full band is too coarse to mark by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseItem:
    """One component of the position, and what it is worth.

    Attributes:
        of: ``distance`` (forward), ``lateral`` (to the left) and ``height`` in mm;
            ``yaw``, ``pitch`` and ``roll`` in degrees; ``azimuth``, the direction from
            the origin, positive to the left; ``shift``, how far it moved ``since``.
        score: Distance from what is wanted to share of the points.
        want: The right value.
        signal: Signal whose median over ``signal_s`` before the moment is wanted.
        signal_s: How long that is.
        weight: Share of this item.
    """

    of: Component
    score: Scale
    want: float = 0.0
    signal: str = ""
    signal_s: float = 5.0
    weight: float = 1.0

    @property
    def full(self) -> float:
        """The largest error that still earns everything."""
        if self.score.steps:
            return self.score.steps[0][0]
        return self.score.full or 0.0

    def is_unsure(self, sigma: float) -> bool:
        """Whether a standard deviation is too large to tell right from wrong."""
        return sigma > UNSURE_SHARE * self.full

    def wanted(self, timeline: Timeline, at_ns: int) -> float:
        """The right value at a moment.

        Raises:
            MissingError: If the signal that says so has no value then.
        """
        if not self.signal:
            return self.want
        series = timeline.series(self.signal)
        samples = held(series, at_ns - round(self.signal_s * NS_PER_S), at_ns + 1)
        if not len(samples):
            raise MissingError("value_then", name=self.signal)
        return float(np.median(series.values[samples.rows]))

    def rule(self, *, alone: bool) -> Sentence:
        """What is asked, as words; an item that is not alone has a weight."""
        unit = UNITS[self.of]
        values: dict[str, object] = {
            "component": Sentence(key=f"pose.{self.of}"),
            "want": self.signal or f"{self.want:g} {unit}",
            "scale": self.score.sentence(unit),
        }
        key = "target_pose.of_shift" if self.of == "shift" else "target_pose.of"
        words = Sentence(key=key, values=values)
        if alone:
            return words
        weighed = {"item": words, "weight": self.weight}
        return Sentence(key="target_pose.weighed", values=weighed)

    def reason(self, error: float, sigma: float) -> Sentence:
        """What was measured, as words."""
        unit = UNITS[self.of]
        values = {
            "component": Sentence(key=f"pose.{self.of}"),
            "error": error,
            "sigma": float(f"{sigma:.1g}"),
            "scale": self.score.sentence(unit),
            "unit": unit,
        }
        key = "target_pose.moved" if self.of == "shift" else "target_pose.item"
        return Sentence(key=key, values=values)
