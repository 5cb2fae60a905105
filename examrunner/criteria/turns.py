"""Full turns of a table or wheel, each way, at a speed that counts."""

from dataclasses import dataclass

import numpy as np

from examrunner.criteria.holding import Held, held
from examrunner.criteria.predicates import Predicate, evaluate
from examrunner.criteria.spans import Spans
from examrunner.model.judgement import Sentence
from examrunner.model.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """How far something has to turn.

    The way that ``angle`` goes from sample to sample, the shorter way round, is added
    up for each direction while ``rate`` lies within the limits; ``per_turn`` of it is
    a turn. A way across a gap in the samples does not count.

    Attributes:
        angle: Signal of the angle, which may start again after ``per_turn``.
        rate: Signal of its speed, positive where the angle grows.
        each_way: Turns wanted in each direction.
        slowest: Smallest absolute speed that counts.
        fastest: Largest absolute speed that counts.
        per_turn: Angle of one turn.
    """

    angle: str
    rate: str
    each_way: float
    slowest: float = 0.0
    fastest: float
    per_turn: float = 360.0

    def counted(self, timeline: Timeline, window: Spans) -> tuple[float, float]:
        """Turns forward and backward within the window.

        Raises:
            MissingError: If a signal was not recorded.
        """
        series = timeline.series(self.angle)
        samples = held(series, *window.hull_ns)
        if len(samples) < 2:
            return 0.0, 0.0
        ways = np.diff(series.values[samples.rows])
        ways -= self.per_turn * np.round(ways / self.per_turn)
        ways[samples.lapses] = 0.0
        forward = self._sum(ways, samples, timeline, window, 1)
        return forward, self._sum(-ways, samples, timeline, window, -1)

    def _sum(
        self,
        ways: np.ndarray[tuple[int], np.dtype[np.float64]],
        samples: Held,
        timeline: Timeline,
        window: Spans,
        sign: int,
    ) -> float:
        low, high = sorted((sign * self.slowest, sign * self.fastest))
        fast = Predicate(signal=self.rate, min=low, max=high)
        spans = evaluate(timeline, fast, *window.hull_ns).true & window
        counts = spans.holds(samples.start_ns[:-1]) & (ways > 0)
        return float(ways[counts].sum()) / self.per_turn

    def sentence(self) -> Sentence:
        """What is wanted, as words."""
        values = {
            "angle": self.angle,
            "each": self.each_way,
            "slowest": self.slowest,
            "fastest": self.fastest,
        }
        return Sentence(key="event_count.turns", values=values)
