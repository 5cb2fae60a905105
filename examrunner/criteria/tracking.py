"""How closely a quantity follows its command."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from examrunner.criteria.aligned import Source, source_of
from examrunner.criteria.coverage import LEAST_COVERAGE, objection
from examrunner.criteria.expressions import Column
from examrunner.criteria.lags import best_lag, grid_of
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.too_little import OnTooLittle, too_little
from examrunner.criteria.verdicts import OnSilent, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S

DECIMALS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """The error ``feedback(t) - command(t - tau)`` over the window.

    Attributes:
        command: Command signal.
        feedback: Signal that should follow it.
        score: Error, in the feedback's unit, to share of the points.
        metric: ``rmse`` (root mean square) or ``max`` of the error.
        tau_s: Delay that is allowed; None for the one that fits best.
        tau_max_s: Longest delay that may fit best.
        window: When to look.
        on_too_little: What a command that never changes means.
        hold_s: Hold time where the database gives none.
        on_silent: What a silent bus means.
        min_coverage: Share of the window that needs a valid value.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
        out_of_range: Whether values beyond the database's limits are believed.
    """

    command: str
    feedback: str
    score: Scale
    metric: Literal["rmse", "max"] = "rmse"
    tau_s: float | None = None
    tau_max_s: float = 1.0
    window: Window = WHOLE_EXAM
    on_too_little: OnTooLittle = "review"
    hold_s: float | None = None
    on_silent: OnSilent = "fail"
    min_coverage: float = LEAST_COVERAGE
    require_e2e: bool = True
    out_of_range: bool = False

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "feedback": self.feedback,
            "command": self.command,
            "metric": Sentence(key=f"tracking.{self.metric}"),
            "tau_s": self.tau_max_s if self.tau_s is None else self.tau_s,
            "window": window_sentence(self.window),
            "scale": self.score.sentence(""),
        }
        key = "tracking.rule" if self.tau_s is None else "tracking.rule_tau"
        return Sentence(key=key, values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        feedback = self._source(hearing, self.feedback, window, 0)
        reach_ns = round(max(self.tau_s or 0.0, self.tau_max_s) * NS_PER_S)
        command = self._source(hearing, self.command, window, reach_ns)
        for source in (feedback, command):
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
        if not _moves(command, window):
            return self._nothing("tracking.constant", window)
        tau_ns = self._tau_ns(feedback, command, window)
        errors = _errors(feedback, command, window, tau_ns)
        if not len(errors):
            return self._nothing("tracking.no_pairs", window)
        return self._measured(feedback, errors, tau_ns, window)

    def _source(
        self, hearing: Hearing, name: str, window: Spans, before_ns: int
    ) -> Source:
        from_ns, to_ns = window.hull_ns
        return source_of(
            hearing.timeline,
            name,
            from_ns - before_ns,
            to_ns,
            hold_s=self.hold_s,
            require_e2e=self.require_e2e,
            out_of_range=self.out_of_range,
        )

    def _tau_ns(self, feedback: Source, command: Source, window: Spans) -> int:
        if self.tau_s is not None:
            return round(self.tau_s * NS_PER_S)
        most_ns = round(self.tau_max_s * NS_PER_S)
        t_ns, step_ns = grid_of([feedback, command], window, most_ns)
        outside = ~window.holds(t_ns)
        followed = np.where(outside, np.nan, feedback.at(t_ns))
        asked = np.where(outside, np.nan, command.at(t_ns))
        _, lag = best_lag(followed, asked, range(most_ns // step_ns + 1))
        return lag * step_ns

    def _nothing(self, key: str, window: Spans) -> Judgement:
        values = {
            "command": self.command,
            "feedback": self.feedback,
            "span": span_of(window),
        }
        reason = Sentence(key=key, values=values)
        return too_little(self.on_too_little, reason, evidence_of(self.command, window))

    def _measured(
        self, feedback: Source, errors: Column, tau_ns: int, window: Spans
    ) -> Judgement:
        rmse = round(math.sqrt(float(np.mean(np.square(errors)))), DECIMALS)
        largest = round(float(np.max(np.abs(errors))), DECIMALS)
        value = rmse if self.metric == "rmse" else largest
        unit = feedback.series.unit
        tau_s = round(tau_ns / NS_PER_S, DECIMALS)
        reason = Sentence(
            key="tracking.reason",
            values={
                "feedback": self.feedback,
                "command": self.command,
                "rmse": rmse,
                "largest": largest,
                "unit": unit,
                "tau_s": tau_s,
                "metric": Sentence(key=f"tracking.{self.metric}"),
                "scale": self.score.sentence(unit),
                "span": span_of(window),
            },
        )
        return graded(
            self.score.fraction(value),
            reason,
            measured=Measured(value=value, unit=unit),
            evidence=[evidence_of(self.feedback, window)],
            details={"rmse": rmse, "max": largest, "tau_s": tau_s},
        )


def _moves(command: Source, window: Spans) -> bool:
    inside = window.holds(command.samples.t_ns)
    values = command.series.values[command.samples.rows][inside]
    return bool(len(values)) and float(np.ptp(values)) > 0


def _errors(feedback: Source, command: Source, window: Spans, tau_ns: int) -> Column:
    """The error at every sample of the feedback that has a command."""
    samples = feedback.samples
    inside = window.holds(samples.t_ns)
    values = feedback.series.values[samples.rows][inside]
    errors: Column = values - command.at(samples.t_ns[inside] - tau_ns)
    return errors[np.isfinite(errors)]
