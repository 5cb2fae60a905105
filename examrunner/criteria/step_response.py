"""How a controlled quantity follows steps of its command."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from examrunner.criteria import step_metrics
from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.holding import held
from examrunner.criteria.losses import lost_for
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.step_metrics import DECIMALS, UNITS, Metric, Response
from examrunner.criteria.steps import Step, StepShape, steps_in, wanted_targets
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResponse:
    """One metric of the step response over the required steps.

    Of several steps to the same target the last one in the window counts. A
    missing step, and one from a feedback that did not rest, earns nothing.

    Attributes:
        metric: ``delay``, ``rise``, ``overshoot_pct``, ``settle`` or ``sse``.
        score: Value to share of the points.
        command: Command signal.
        feedback: Signal that should follow it.
        steps: Targets of the required steps; ``$variant.steps`` for a secret.
        window: When to look.
        aggregate: ``mean`` or ``worst`` over the shares of the steps.
        min_jump: Smallest jump of a step.
        edge_s: Longest time that the jump may take.
        step_hold_s: Shortest time that the command stays after a step.
        step_tol: Largest distance of the command from the target.
        y0_s: Time before the step in which the feedback has to rest.
        t_max_s: Time after the step that belongs to it.
        threshold: Level that ends the delay, as a share of the jump.
        levels: Levels between which the rise is measured.
        band: Band of the settling time, as a share of the jump.
        hold_s: Shortest stay in that band.
        tail_s: Last stretch over which the steady-state error is averaged.
    """

    metric: Metric
    score: Scale
    command: str
    feedback: str
    steps: tuple[float, ...] | str
    window: Window = WHOLE_EXAM
    aggregate: Literal["mean", "worst"] = "mean"
    min_jump: float
    edge_s: float = 0.04
    step_hold_s: float = 2.0
    step_tol: float = 0.5
    y0_s: float = 0.3
    t_max_s: float = 3.0
    threshold: float = 0.02
    levels: tuple[float, float] = (0.1, 0.9)
    band: float = 0.02
    hold_s: float = 0.5
    tail_s: float = 0.5

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key=f"step_response.rule.{self.metric}",
            values={
                "feedback": self.feedback,
                "command": self.command,
                "steps": self.steps
                if isinstance(self.steps, str)
                else ", ".join(f"{to:g}" for to in self.steps),
                "window": window_sentence(self.window),
                "scale": self.score.sentence(UNITS[self.metric]),
                "threshold": 100 * self.threshold,
                "low": 100 * self.levels[0],
                "high": 100 * self.levels[1],
                "band": 100 * self.band,
                "hold_s": self.hold_s,
                "tail_s": self.tail_s,
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        series = hearing.timeline.series(self.feedback)
        found = self._found(hearing, window)
        lost = self._lost(hearing, found)
        if lost is not None:
            return lost
        unit = UNITS[self.metric] or series.unit
        values = [self._value(series, step) for step in found]
        return self._scored(series, found, values, window, unit)

    def _scored(
        self,
        series: Series,
        found: Sequence[Step | None],
        values: Sequence[float],
        window: Spans,
        unit: str,
    ) -> Judgement:
        shares = [0.0 if math.isnan(v) else self.score.fraction(v) for v in values] or [
            0.0
        ]
        real = [value for value in values if not math.isnan(value)]
        mean = round(sum(real) / len(real), DECIMALS[self.metric]) if real else None
        never = self.metric == "settle" and any(
            step is not None and math.isnan(value) and self._rested(series, step)
            for step, value in zip(found, values, strict=True)
        )
        fraction = (
            min(shares) if self.aggregate == "worst" else sum(shares) / len(shares)
        )
        return graded(
            fraction,
            self._reason(series, found, values, mean, window, unit),
            measured=None if mean is None else Measured(value=mean, unit=unit),
            evidence=self._evidence(found) or [evidence_of(self.feedback, window)],
            details={
                f"step_{i}": round(value, DECIMALS[self.metric])
                for i, value in enumerate(values, 1)
                if not math.isnan(value)
            },
            critical=never,
        )

    def _found(self, hearing: Hearing, window: Spans) -> list[Step | None]:
        shape = StepShape(
            signal=self.command,
            min_jump=self.min_jump,
            edge_s=self.edge_s,
            hold_s=self.step_hold_s,
            tol=self.step_tol,
        )
        seen = steps_in(hearing.timeline, shape, window)
        last = {
            to: step
            for to in wanted_targets(self.steps)
            for step in seen
            if abs(step.after - to) <= self.step_tol
        }
        return [
            replace(last[to], after=to) if to in last else None
            for to in wanted_targets(self.steps)
        ]

    def _lost(self, hearing: Hearing, found: Sequence[Step | None]) -> Judgement | None:
        """Too much of the steps was lost by the recorder to measure them."""
        hull = Spans.of(sorted((s.t_ns, self._end_ns(s)) for s in found if s))
        for name in (self.feedback, self.command):
            lost = lost_for(hearing, name) & hull
            if not len(lost):
                continue
            known = held(hearing.timeline.series(name), *hull.hull_ns).known()
            unknown = (lost - known).total_ns
            if unknown > MOST_UNKNOWN * hull.total_ns:
                return recorder_lost(name, hull, unknown)
        return None

    def _end_ns(self, step: Step) -> int:
        return min(step.end_ns, step.t_ns + round(self.t_max_s * NS_PER_S))

    def _response(self, series: Series, step: Step) -> Response | None:
        return step_metrics.response(series, step, y0_s=self.y0_s, t_max_s=self.t_max_s)

    def _rested(self, series: Series, step: Step) -> bool:
        return self._response(series, step) is not None

    def _value(self, series: Series, step: Step | None) -> float:
        found = self._response(series, step) if step is not None else None
        if found is None:
            return float("nan")
        value = {
            "delay": lambda: step_metrics.delay(found, self.threshold),
            "rise": lambda: step_metrics.rise(found, *self.levels),
            "overshoot_pct": lambda: step_metrics.overshoot_pct(found),
            "settle": lambda: step_metrics.settle(found, self.band, self.hold_s),
            "sse": lambda: step_metrics.sse(found, self.tail_s),
        }[self.metric]()
        return round(value, DECIMALS[self.metric])

    def _evidence(self, found: Sequence[Step | None]) -> list[Evidence]:
        return [
            Evidence(
                stream=self.feedback,
                from_s=seconds(step.t_ns),
                to_s=seconds(self._end_ns(step)),
            )
            for step in found
            if step is not None
        ]

    def _reason(
        self,
        series: Series,
        found: Sequence[Step | None],
        values: Sequence[float],
        mean: float | None,
        window: Spans,
        unit: str,
    ) -> Sentence:
        each = tuple(
            Sentence(
                key=self._key(series, step, value),
                values={"target": to, "value": value},
            )
            for to, step, value in zip(
                wanted_targets(self.steps), found, values, strict=True
            )
        )
        key = "step_response.none" if mean is None else "step_response.reason"
        return Sentence(
            key=key,
            values={
                "metric": Sentence(key=f"metric.{self.metric}"),
                "mean": mean or 0.0,
                "unit": unit,
                "each": each,
                "scale": self.score.sentence(unit),
                "span": span_of(window),
            },
        )

    def _key(self, series: Series, step: Step | None, value: float) -> str:
        """What became of one step, as a key of its sentence."""
        if not math.isnan(value):
            return "step_response.each"
        if step is None:
            return "step_response.missing"
        rested = self._rested(series, step)
        return f"step_response.{'never' if rested else 'restless'}"
