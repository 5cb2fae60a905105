"""A signal stays within limits for a share of the time."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.coverage import LEAST_COVERAGE, objection
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.holding import Held, held
from examrunner.criteria.matching import Scalar, equal_to, shown, within
from examrunner.criteria.predicates import limits
from examrunner.criteria.protection import percent
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.statistics import ends_of
from examrunner.criteria.verdicts import OnSilent, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Series

MOST_EVIDENCE: Final = 5
SHARE_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one signal, both inclusive.

    Attributes:
        signal: ``Message.Signal``.
        min: Smallest value; None for no limit.
        max: Largest value; None for no limit.
        equals: Value or enumeration text, instead of limits.
        hold_s: Hold time where the database gives none.
    """

    signal: str
    min: float | None = None
    max: float | None = None
    equals: Scalar | None = None
    hold_s: float | None = None

    def sentence(self) -> Sentence:
        """The limits as words."""
        if self.equals is None:
            return limits(self.signal, self.min, self.max)
        values = {"signal": self.signal, "value": self.equals}
        return Sentence(key="predicate.is", values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRange:
    """Share of the valid time in which signals stay within limits; the worst counts.

    Attributes:
        all: The signals with their limits.
        window: When to look.
        share: Share of the time that passes; ignored if ``score`` is given.
        score: Share of the time to share of the points.
        ignore_shorter_than_s: Excursions shorter than this do not count.
        on_silent: What a silent bus means.
        min_coverage: Share of the window that needs a valid value.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
        out_of_range: Whether values beyond the database's limits are believed.
    """

    all: tuple[Limits, ...]
    window: Window = WHOLE_EXAM
    share: float = 1.0
    score: Scale | None = None
    ignore_shorter_than_s: float = 0.0
    on_silent: OnSilent = "fail"
    min_coverage: float = LEAST_COVERAGE
    require_e2e: bool = True
    out_of_range: bool = True

    def rule(self) -> Sentence:
        """The question as a sentence."""
        parts = tuple(each.sentence() for each in self.all)
        return Sentence(
            key="signal_range.rule",
            values={
                "limits": Sentence(key="predicate.all", values={"parts": parts}),
                "window": window_sentence(self.window),
                "scale": percent(self._scale()),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        found = [self._one(hearing, window, each) for each in self.all]
        for judgement in found:
            if judgement.fraction is None:
                return judgement
        return min(found, key=lambda judgement: judgement.fraction or 0.0)

    def _scale(self) -> Scale:
        if self.score is not None:
            return self.score
        return Scale(full=self.share, zero=self.share, more_is_better=True)

    def _one(self, hearing: Hearing, window: Spans, each: Limits) -> Judgement:
        series = hearing.timeline.series(each.signal)
        samples = held(
            series,
            *window.hull_ns,
            hold_s=each.hold_s,
            require_e2e=self.require_e2e,
            out_of_range=self.out_of_range,
        )
        silence = objection(
            hearing,
            each.signal,
            window,
            samples.known(),
            on_silent=self.on_silent,
            min_coverage=self.min_coverage,
        )
        if silence is not None:
            return silence
        return self._measured(series, samples, window, each)

    def _measured(
        self, series: Series, samples: Held, window: Spans, each: Limits
    ) -> Judgement:
        inside = within(series, samples.rows, each.min, each.max)
        if each.equals is not None:
            inside &= equal_to(series, samples.rows, each.equals)
        outside = ~inside
        bad = samples.where(outside)
        if len(window) > 1:
            bad &= window
        shortest = round(self.ignore_shorter_than_s * NS_PER_S)
        counted = bad.lengths_ns() >= shortest
        valid = (samples.known() & window).total_ns
        good = 1 - int(bad.lengths_ns()[counted].sum()) / valid
        good = round(good, SHARE_DECIMALS)
        return graded(
            self._scale().fraction(good),
            self._reason(series, samples, window, each, good),
            measured=Measured(value=round(100 * good, SHARE_DECIMALS - 2), unit="%"),
            evidence=_excursions(each.signal, bad, counted)
            or (evidence_of(each.signal, window),),
            details={"excursions": float(counted.sum())},
        )

    def _reason(
        self, series: Series, samples: Held, window: Spans, each: Limits, good: float
    ) -> Sentence:
        # A gap between two parts of the window has samples that nobody asked about.
        seen = np.flatnonzero(window.overlap_ns(samples.t_ns, ends_of(samples)))
        values = series.values[samples.rows][seen]
        lowest, highest = seen[np.argmin(values)], seen[np.argmax(values)]
        return Sentence(
            key="signal_range.reason",
            values={
                "limits": each.sentence(),
                "share": round(100 * good, 4),
                "lowest": shown(series, samples.row(int(lowest))),
                "highest": shown(series, samples.row(int(highest))),
                "scale": percent(self._scale()),
                "span": span_of(window),
            },
        )


def _excursions(
    signal: str, bad: Spans, counted: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Evidence, ...]:
    """The longest excursions, in order of time."""
    rows = np.flatnonzero(counted)
    longest = rows[np.argsort(-bad.lengths_ns()[rows], kind="stable")[:MOST_EVIDENCE]]
    return tuple(
        Evidence(
            stream=signal,
            from_s=seconds(int(bad.start_ns[row])),
            to_s=seconds(int(bad.end_ns[row])),
        )
        for row in np.sort(longest)
    )
