"""A gateway passes a signal on from one bus to another."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_for
from examrunner.criteria.protection import percent
from examrunner.criteria.scales import Scale, epsilon
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    left_open,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Outcome, Sentence
from examrunner.model.timeline import NS_PER_S, Series

NEARLY_ALL: Final = Scale(full=0.99, zero=0.99, more_is_better=True)
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRoute:
    """Share of the source's changes that the target shows in time.

    Attributes:
        source: Signal on the one bus.
        target: Signal on the other bus.
        tol: Largest difference of equal values, in the signals' unit.
        latency_max_s: Latest time after the change.
        offset_s: Calibrated time by which the target's adapter is late.
        uncertainty_s: Of that offset; in favour of the gateway.
        min_changes: With fewer changes nothing is said.
        score: Share of the changes, 0 to 1, to share of the points.
        window: When to look.
    """

    source: str
    target: str
    latency_max_s: float
    tol: float = 0.0
    offset_s: float = 0.0
    uncertainty_s: float = 0.0
    min_changes: int = 20
    score: Scale = NEARLY_ALL
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            **self._limits(),
            "scale": percent(self.score),
            "window": window_sentence(self.window),
        }
        return Sentence(key="gateway_route.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        source = hearing.timeline.series(self.source)
        target = hearing.timeline.series(self.target)
        lost = lost_for(hearing, self.source) | lost_for(hearing, self.target)
        unknown = (lost & window).total_ns
        if unknown > MOST_UNKNOWN * window.total_ns:
            hidden = bool(len(lost_for(hearing, self.source) & window))
            name = self.source if hidden else self.target
            return recorder_lost(name, window, unknown)
        t_ns, values = self._changes(hearing, source, window, lost)
        if len(t_ns) < self.min_changes:
            return self._too_few(len(t_ns), window)
        return self._judged(t_ns, self._latencies(t_ns, values, target), window)

    def _changes(
        self, hearing: Hearing, source: Series, window: Spans, lost: Spans
    ) -> tuple[Times, NDArray[np.float64]]:
        """Changes whose answer would have been recorded, with the new values."""
        good = source.quality == 0
        t_ns, values = source.t_ns[good], source.values[good]
        rows = np.flatnonzero(np.diff(values) != 0) + 1
        latest = t_ns[rows] + self._bounds_ns()[1]
        known = window.holds(t_ns[rows]) & (latest <= hearing.timeline.duration_ns)
        if len(lost):
            known &= lost.overlap_ns(t_ns[rows - 1], latest) == 0
        return t_ns[rows[known]], values[rows[known]]

    def _latencies(
        self, t_ns: Times, values: NDArray[np.float64], target: Series
    ) -> NDArray[np.float64]:
        """Seconds until the target first has each value; NaN if it is late."""
        good = target.quality == 0
        seen_ns, seen = target.t_ns[good], target.values[good]
        earliest, latest = self._bounds_ns()
        row = np.searchsorted(seen_ns, t_ns + earliest, "left")
        end = np.searchsorted(seen_ns, t_ns + latest, "right")
        found = np.full(len(t_ns), np.nan)
        slack = self.tol + epsilon(target.step)
        waiting = np.flatnonzero(row < end)
        while len(waiting):
            at = row[waiting]
            equal = np.abs(seen[at] - values[waiting]) <= slack
            hit = waiting[equal]
            found[hit] = (seen_ns[row[hit]] - t_ns[hit]) / NS_PER_S - self.offset_s
            row[waiting] += 1
            waiting = waiting[~equal & (row[waiting] < end[waiting])]
        return found

    def _judged(
        self, t_ns: Times, latencies: NDArray[np.float64], window: Spans
    ) -> Judgement:
        late = np.isnan(latencies)
        count, matched = len(t_ns), int(np.count_nonzero(~late))
        share = round(matched / count, DECIMALS)
        details = {"changes": float(count), **_quantiles(latencies[~late])}
        values = {
            **self._limits(),
            "matched": matched,
            "changes": count,
            "share": round(100 * share, 4),
            "p95_ms": details.get("p95_ms"),
            "scale": percent(self.score),
            "span": span_of(window),
        }
        first = [evidence_at(self.source, int(t)) for t in t_ns[late][:1]]
        return graded(
            self.score.fraction(share),
            Sentence(
                key="gateway_route.reason" if matched else "gateway_route.none",
                values=values,
            ),
            measured=Measured(value=share),
            evidence=[*first, evidence_of(self.target, window)],
            details=details,
        )

    def _too_few(self, changes: int, window: Spans) -> Judgement:
        values = {
            "source": self.source,
            "changes": changes,
            "needed": self.min_changes,
            "span": span_of(window),
        }
        return left_open(
            Outcome.NOT_MEASURED,
            Sentence(key="gateway_route.few", values=values),
            evidence=[evidence_of(self.source, window)],
        )

    def _bounds_ns(self) -> tuple[int, int]:
        """Earliest and latest time after a change at which the target may answer."""
        early = self.offset_s - self.uncertainty_s
        late = self.offset_s + self.latency_max_s + self.uncertainty_s
        return round(early * NS_PER_S), round(late * NS_PER_S)

    def _limits(self) -> dict[str, object]:
        about = "_about" if self.uncertainty_s else ""
        within = {
            "latency_ms": round(1e3 * self.latency_max_s, 3),
            "uncertainty_ms": round(1e3 * self.uncertainty_s, 3),
        }
        return {
            "source": self.source,
            "target": self.target,
            "tol": self.tol,
            "within": Sentence(key=f"gateway_route.within{about}", values=within),
        }


def _quantiles(latencies_s: NDArray[np.float64]) -> dict[str, float]:
    """Median, 95th percentile and largest latency by nearest rank, in milliseconds."""
    if not len(latencies_s):
        return {}
    ordered = np.sort(latencies_s)
    rank = {"p50_ms": 0.5, "p95_ms": 0.95, "max_ms": 1.0}
    return {
        name: round(1e3 * float(ordered[int(np.ceil(q * len(ordered))) - 1]), 3)
        for name, q in rank.items()
    }
