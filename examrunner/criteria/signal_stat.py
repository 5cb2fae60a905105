"""A statistic of one signal, or its distance from a reference."""

import math
from dataclasses import dataclass
from typing import Final

from examrunner.criteria.coverage import LEAST_COVERAGE, objection
from examrunner.criteria.holding import held
from examrunner.criteria.reference_wording import sentence as reference_sentence
from examrunner.criteria.references import NothingMeasuredError, Reference
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.stat_limits import Wanted, compared_with
from examrunner.criteria.statistics import (
    DECIMALS,
    OBSERVED,
    Statistic,
    Values,
    ends_of,
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
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Series

NOISE_OF_ONE_STEP: Final = 1 / math.sqrt(12)
"""Standard deviation that rounding to raw steps alone makes, in raw steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalStat:
    """A statistic over the valid values of a signal.

    Attributes:
        signal: ``Message.Signal``, or ``fib.<quantity>`` of the fault box.
        stat: ``mean`` is weighted by time, ``median`` is that of the samples.
        ref: If given, the distance of the statistic from it counts.
        score: Value to share of the points.
        min: Smallest value where there is no ``score``.
        max: Largest value where there is no ``score``.
        window: When to look.
        period: After how much an angle starts again; None if it is no angle, except
            that ``circ_mean`` then takes 360.
        min_samples: Fewer valid samples in the window than this are too little.
        on_too_little: What too few samples mean.
        hold_s: Hold time where the database gives none.
        on_silent: What a silent bus means.
        min_coverage: Share of the window that needs a valid value.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
        out_of_range: Whether values beyond the database's limits are believed.
    """

    signal: str
    stat: Statistic
    ref: Reference | None = None
    score: Scale | None = None
    min: float | None = None
    max: float | None = None
    window: Window = WHOLE_EXAM
    period: float | None = None
    min_samples: int = 10
    on_too_little: OnTooLittle = "review"
    hold_s: float | None = None
    on_silent: OnSilent = "fail"
    min_coverage: float = LEAST_COVERAGE
    require_e2e: bool = True
    out_of_range: bool = False

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "stat": Sentence(key=f"stat.{self.stat}"),
            "signal": self.signal,
            "window": window_sentence(self.window),
            "scale": self._wanted().sentence(""),
        }
        if self.ref is None:
            return Sentence(key="signal_stat.rule", values=values)
        values["reference"] = reference_sentence(self.ref)
        return Sentence(key="signal_stat.rule_ref", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        series = hearing.timeline.series(self.signal)
        samples = held(
            series,
            *window.hull_ns,
            hold_s=self.hold_s,
            require_e2e=self.require_e2e,
            out_of_range=self.out_of_range,
        )
        silence = objection(
            hearing,
            self.signal,
            window,
            samples.known(),
            on_silent=self.on_silent,
            # Counting samples measures the silence itself.
            min_coverage=0.0 if self.stat == "count" else self.min_coverage,
        )
        if silence is not None:
            return silence
        values = series.values[samples.rows]
        found = values_in(window, samples.t_ns, ends_of(samples), values)
        return self._measured(hearing, series, found, window)

    def _wanted(self) -> Wanted:
        return Wanted(min=self.min, max=self.max, score=self.score)

    def _measured(
        self, hearing: Hearing, series: Series, found: Values, window: Spans
    ) -> Judgement:
        size = int(found.inside.sum())
        value = statistic(found, self.stat, self.period)
        evidence = evidence_of(self.signal, window)
        if self.stat != "count" and size < self.min_samples:
            return too_little(self.on_too_little, self._few(size, window), evidence)
        if math.isnan(value):
            return too_little(self.on_too_little, self._undefined(window), evidence)
        period = period_of(self.stat, self.period)
        try:
            compared = compared_with(hearing, self.ref, value, period)
        except NothingMeasuredError:
            return graded(0.0, self._no_reference(window), evidence=[evidence])
        step = series.step if self.stat in OBSERVED else 0.0
        return graded(
            self._wanted().fraction(compared, step),
            self._reason(series, value, compared, size, window),
            measured=Measured(value=compared, unit=unit_of(self.stat, series.unit)),
            evidence=[evidence],
            details={"samples": float(size), "stat": round(value, DECIMALS)},
        )

    def _few(self, size: int, window: Spans) -> Sentence:
        values = {
            "signal": self.signal,
            "samples": size,
            "needed": self.min_samples,
            "span": span_of(window),
        }
        return Sentence(key="signal_stat.few", values=values)

    def _undefined(self, window: Spans) -> Sentence:
        values = {
            "stat": Sentence(key=f"stat.{self.stat}"),
            "signal": self.signal,
            "span": span_of(window),
        }
        return Sentence(key="signal_stat.undefined", values=values)

    def _no_reference(self, window: Spans) -> Sentence:
        named = Reference(value="-") if self.ref is None else self.ref
        values = {"reference": reference_sentence(named), "span": span_of(window)}
        return Sentence(key="signal_stat.no_reference", values=values)

    def _reason(
        self, series: Series, value: float, compared: float, size: int, window: Spans
    ) -> Sentence:
        unit = unit_of(self.stat, series.unit)
        values: dict[str, object] = {
            "stat": Sentence(key=f"stat.{self.stat}"),
            "signal": self.signal,
            "value": round(value, DECIMALS) + 0.0,
            "unit": unit,
            "samples": size,
            "scale": self._wanted().sentence(unit),
            "span": span_of(window),
        }
        if self.ref is not None:
            values |= {
                "distance": compared,
                "reference": reference_sentence(self.ref),
            }
            return Sentence(key="signal_stat.reason_ref", values=values)
        resolution = series.step * NOISE_OF_ONE_STEP
        if self.stat == "std" and value < resolution:
            values["resolution"] = round(resolution, DECIMALS)
            return Sentence(key="signal_stat.reason_quantised", values=values)
        return Sentence(key="signal_stat.reason", values=values)
