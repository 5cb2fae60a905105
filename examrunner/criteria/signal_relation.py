"""How signals are related: a statistic of an expression, or a correlation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from examrunner.criteria.aligned import Aligned, Source, aligned, skew_ns_of, source_of
from examrunner.criteria.circles import circle_radius
from examrunner.criteria.coverage import LEAST_COVERAGE, objection
from examrunner.criteria.expressions import evaluated, parse, signals_in
from examrunner.criteria.lags import best_lag, grid_of
from examrunner.criteria.reference_wording import sentence as reference_sentence
from examrunner.criteria.references import NothingMeasuredError, Reference
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.stat_limits import Wanted, compared_with
from examrunner.criteria.statistics import (
    DECIMALS,
    Statistic,
    period_of,
    statistic,
    unit_of,
    values_in,
)
from examrunner.criteria.too_little import OnTooLittle, too_little
from examrunner.criteria.verdicts import OnSilent, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S

FEWEST_ON_A_CIRCLE: Final = 3
WITHOUT_VALUE: Final = frozenset({"corr", "circle", "circ_mean"})
"""Statistics that many values may not have either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRelation:
    """A statistic of arithmetic over signals, on the union of their sample times.

    Attributes:
        expression: Arithmetic over signals, for example ``A.X - 2 * B.Y``.
        stat: Statistic of the expression; ``corr`` for its correlation with ``other``,
            ``circle`` for the radius of the circle that fits the points of both
            expressions best (``circles.circle_radius``).
        other: The other expression; needed for ``corr`` and ``circle`` only.
        max_lag_s: Longest delay of either for which the best correlation counts.
        ref: If given, the distance of the statistic from it counts.
        score: Value to share of the points.
        min: Smallest value where there is no ``score``.
        max: Largest value where there is no ``score``.
        unit: Unit of the expression, for the sentences.
        period: After how much an angle starts again; None if it is no angle, except
            that ``circ_mean`` then takes 360.
        window: When to look.
        max_skew_s: Values may be so much older than the newest one; None for twice
            the cycle of the slowest message.
        stimulus: Signal that has to move; empty for the first of the expression.
        min_span: How far it has to move.
        min_samples: Fewer common values than this are too little.
        on_too_little: What too few values or too little movement mean.
        hold_s: Hold time where the database gives none.
        on_silent: What a silent bus means.
        min_coverage: Share of the window that needs valid values.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
        out_of_range: Whether values beyond the database's limits are believed.
    """

    expression: str
    stat: Statistic | Literal["corr", "circle"]
    other: str = ""
    max_lag_s: float = 0.0
    ref: Reference | None = None
    score: Scale | None = None
    min: float | None = None
    max: float | None = None
    unit: str = ""
    period: float | None = None
    window: Window = WHOLE_EXAM
    max_skew_s: float | None = None
    stimulus: str = ""
    min_span: float = 0.0
    min_samples: int = 10
    on_too_little: OnTooLittle = "review"
    hold_s: float | None = None
    on_silent: OnSilent = "fail"
    min_coverage: float = LEAST_COVERAGE
    require_e2e: bool = True
    out_of_range: bool = False

    @property
    def of_two(self) -> bool:
        """Whether the statistic is one of two expressions."""
        return self.stat in {"corr", "circle"}

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "what": self._what(),
            "window": window_sentence(self.window),
            "scale": self._wanted().sentence(self._unit()),
        }
        if self.ref is None:
            return Sentence(key="signal_relation.rule", values=values)
        values["reference"] = reference_sentence(self.ref)
        return Sentence(key="signal_relation.rule_ref", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        sources = self._sources(hearing, window)
        for source in sources:
            silence = objection(
                hearing,
                source.name,
                window,
                source.samples.known(),
                on_silent=self.on_silent,
                min_coverage=self.min_coverage,
            )
            if silence is not None:
                return silence
        still = self._still(sources, window)
        if still is not None:
            return still
        if self.stat == "corr":
            value, details = self._correlation(sources, window)
        elif self.stat == "circle":
            value, details = self._circle(hearing, sources, window)
        else:
            value, details = self._statistic(hearing, sources, window, self.stat)
        return self._measured(hearing, value, details, window)

    def _sources(self, hearing: Hearing, window: Spans) -> list[Source]:
        names = [*self._names(), *([self.stimulus] if self.stimulus else [])]
        return [
            source_of(
                hearing.timeline,
                name,
                *window.hull_ns,
                hold_s=self.hold_s,
                require_e2e=self.require_e2e,
                out_of_range=self.out_of_range,
            )
            for name in dict.fromkeys(names)
        ]

    def _still(self, sources: Sequence[Source], window: Spans) -> Judgement | None:
        """The stimulus did not move enough for the question to mean anything."""
        wanted = self.stimulus or (sources[0].name if sources else "")
        for source in sources:
            if source.name != wanted or not self.min_span:
                continue
            inside = window.holds(source.samples.start_ns)
            values = source.series.values[source.samples.rows][inside]
            moved = float(np.ptp(values)) if len(values) else 0.0
            if moved + 1e-9 >= self.min_span:
                continue
            reason = Sentence(
                key="signal_relation.still",
                values={
                    "signal": source.name,
                    "moved": round(moved, DECIMALS),
                    "needed": self.min_span,
                    "unit": source.series.unit,
                    "span": span_of(window),
                },
            )
            evidence = evidence_of(source.name, window)
            return too_little(self.on_too_little, reason, evidence)
        return None

    def _statistic(
        self,
        hearing: Hearing,
        sources: Sequence[Source],
        window: Spans,
        wanted: Statistic,
    ) -> tuple[float, dict[str, float]]:
        found = self._aligned(hearing, sources, window)
        values = evaluated(parse(self.expression), found.columns, len(found.t_ns))
        known = np.isfinite(values) & found.complete()
        kept = values_in(window, found.t_ns[known], found.ends_ns[known], values[known])
        size = float(kept.inside.sum())
        if size < self.min_samples:
            return float("nan"), {"samples": size}
        return statistic(kept, wanted, self.period), {"samples": size}

    def _aligned(
        self, hearing: Hearing, sources: Sequence[Source], window: Spans
    ) -> Aligned:
        names = self._names()
        used = [source for source in sources if source.name in names]
        skew_ns = skew_ns_of(hearing.timeline, names, self.max_skew_s)
        return aligned(used, window, skew_ns)

    def _circle(
        self, hearing: Hearing, sources: Sequence[Source], window: Spans
    ) -> tuple[float, dict[str, float]]:
        both = [parse(text) for text in (self.expression, self.other)]
        found = self._aligned(hearing, sources, window)
        size = len(found.t_ns)
        x, y = (evaluated(each, found.columns, size) for each in both)
        known = np.isfinite(x) & np.isfinite(y) & window.holds(found.t_ns)
        count = int(known.sum())
        few = count < max(self.min_samples, FEWEST_ON_A_CIRCLE)
        radius = float("nan") if few else circle_radius(x[known], y[known])
        return radius, {"samples": float(count)}

    def _correlation(
        self, sources: Sequence[Source], window: Spans
    ) -> tuple[float, dict[str, float]]:
        most_ns = round(self.max_lag_s * NS_PER_S)
        t_ns, step_ns = grid_of(sources, window, most_ns)
        columns = {source.name: source.at(t_ns) for source in sources}
        outside = ~window.holds(t_ns)
        both = []
        for text in (self.expression, self.other):
            values = evaluated(parse(text), columns, len(t_ns))
            both.append(np.where(outside, np.nan, values))
        most = most_ns // step_ns
        value, lag = best_lag(both[0], both[1], range(-most, most + 1))
        return value, {"lag_s": round(lag * step_ns / NS_PER_S, 6)}

    def _measured(
        self, hearing: Hearing, value: float, details: dict[str, float], window: Spans
    ) -> Judgement:
        evidence = self._evidence(window)
        if math.isnan(value):
            values = {"what": self._what(), "span": span_of(window)}
            why = self.stat if self.stat in WITHOUT_VALUE else "few"
            reason = Sentence(key=f"signal_relation.undefined.{why}", values=values)
            return too_little(self.on_too_little, reason, evidence[0])
        period = period_of(self.stat, self.period)
        try:
            compared = compared_with(hearing, self.ref, value, period)
        except NothingMeasuredError:
            named = Reference(value="-") if self.ref is None else self.ref
            values = {"reference": reference_sentence(named), "span": span_of(window)}
            reason = Sentence(key="signal_stat.no_reference", values=values)
            return graded(0.0, reason, evidence=evidence)
        return graded(
            self._wanted().fraction(compared, 0.0),
            self._reason(value, compared, window),
            measured=Measured(value=compared, unit=self._unit()),
            evidence=evidence,
            details={**details, "stat": round(value, DECIMALS)},
        )

    def _reason(self, value: float, compared: float, window: Spans) -> Sentence:
        values: dict[str, object] = {
            "what": self._what(),
            "value": round(value, DECIMALS) + 0.0,
            "unit": self._unit(),
            "scale": self._wanted().sentence(self._unit()),
            "span": span_of(window),
        }
        if self.ref is None:
            return Sentence(key="signal_relation.reason", values=values)
        values |= {"distance": compared, "reference": reference_sentence(self.ref)}
        return Sentence(key="signal_relation.reason_ref", values=values)

    def _evidence(self, window: Spans) -> list[Evidence]:
        names = self._names() or [self.expression]
        return [evidence_of(name, window) for name in names]

    def _names(self) -> list[str]:
        """The signals of the expressions, each once."""
        found = list(signals_in(parse(self.expression)))
        found += signals_in(parse(self.other)) if self.of_two else ()
        return list(dict.fromkeys(found))

    def _wanted(self) -> Wanted:
        return Wanted(min=self.min, max=self.max, score=self.score)

    def _unit(self) -> str:
        if self.stat == "corr":
            return ""
        return self.unit if self.stat == "circle" else unit_of(self.stat, self.unit)

    def _what(self) -> Sentence:
        if self.of_two:
            values: dict[str, object] = {
                "one": self.expression,
                "other": self.other,
                "max_lag_s": self.max_lag_s,
            }
            at_once = self.stat == "corr" and not self.max_lag_s
            key = "relation.corr_at_once" if at_once else f"relation.{self.stat}"
            return Sentence(key=key, values=values)
        values = {
            "stat": Sentence(key=f"stat.{self.stat}"),
            "expression": self.expression,
        }
        return Sentence(key="relation.stat", values=values)
