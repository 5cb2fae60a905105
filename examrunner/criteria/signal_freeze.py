"""For how long a signal stood still while what should move it moved."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.aligned import Source, source_of
from examrunner.criteria.coverage import LEAST_COVERAGE, objection
from examrunner.criteria.expressions import Column
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import NOWHERE, Spans, Times
from examrunner.criteria.statistics import ends_of
from examrunner.criteria.too_little import OnTooLittle, too_little
from examrunner.criteria.verdicts import OnSilent, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S

SECONDS_DECIMALS: Final = 3
SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFreeze:
    """The longest time without a change while the stimulus moved.

    A stretch counts if the stimulus moves by ``min_move`` within it. It counts from
    where the stimulus begins to move, so that resting together is no freeze. A gap
    or a pause ends a stretch.

    Attributes:
        signal: Signal that should move.
        stimulus: Signal that moves it.
        min_move: How far the stimulus has to move.
        score: Seconds to share of the points.
        min_change_lsb: Smallest change of the signal that is one, in raw steps.
        noise: Changes of the stimulus up to this are no movement.
        window: When to look.
        on_too_little: What a stimulus that never moves enough means.
        hold_s: Hold time where the database gives none.
        on_silent: What a silent bus means.
        min_coverage: Share of the window that needs a valid value.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
        out_of_range: Whether values beyond the database's limits are believed.
    """

    signal: str
    stimulus: str
    min_move: float
    score: Scale
    min_change_lsb: float = 1.0
    noise: float = 0.0
    window: Window = WHOLE_EXAM
    on_too_little: OnTooLittle = "review"
    hold_s: float | None = None
    on_silent: OnSilent = "fail"
    min_coverage: float = LEAST_COVERAGE
    require_e2e: bool = True
    out_of_range: bool = True

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key="signal_freeze.rule",
            values={
                "signal": self.signal,
                "stimulus": self.stimulus,
                "min_move": self.min_move,
                "window": window_sentence(self.window),
                "scale": self.score.sentence("s"),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        signal = self._source(hearing, self.signal, window)
        stimulus = self._source(hearing, self.stimulus, window)
        for source in (signal, stimulus):
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
        moved = self._moved(stimulus, window)
        if moved + SLACK < self.min_move:
            return self._no_stimulus(stimulus, moved, window)
        return self._measured(signal, stimulus, window)

    def _source(self, hearing: Hearing, name: str, window: Spans) -> Source:
        return source_of(
            hearing.timeline,
            name,
            *window.hull_ns,
            hold_s=self.hold_s,
            require_e2e=self.require_e2e,
            out_of_range=self.out_of_range,
        )

    def _moved(self, stimulus: Source, window: Spans) -> float:
        samples = stimulus.samples
        inside = window.holds(samples.start_ns)
        values = stimulus.series.values[samples.rows][inside]
        return float(np.ptp(values)) if len(values) else 0.0

    def _no_stimulus(self, stimulus: Source, moved: float, window: Spans) -> Judgement:
        reason = Sentence(
            key="signal_relation.still",
            values={
                "signal": self.stimulus,
                "moved": round(moved, 6),
                "needed": self.min_move,
                "unit": stimulus.series.unit,
                "span": span_of(window),
            },
        )
        return too_little(
            self.on_too_little, reason, evidence_of(self.stimulus, window)
        )

    def _measured(self, signal: Source, stimulus: Source, window: Spans) -> Judgement:
        least = self.min_change_lsb * signal.series.step
        frozen = self._frozen(_cut(still(signal, least), window), stimulus)
        longest = _longest(frozen)
        value = round(longest.total_ns / NS_PER_S, SECONDS_DECIMALS)
        seen = longest if len(longest) else window
        reason = Sentence(
            key="signal_freeze.reason",
            values={
                "signal": self.signal,
                "stimulus": self.stimulus,
                "frozen_s": value,
                "min_move": self.min_move,
                "unit": stimulus.series.unit,
                "scale": self.score.sentence("s"),
                "span": span_of(seen),
            },
        )
        return graded(
            self.score.fraction(value),
            reason,
            measured=Measured(value=value, unit="s"),
            evidence=[evidence_of(self.signal, seen), evidence_of(self.stimulus, seen)],
            details={"frozen": float(len(frozen))},
        )

    def _frozen(self, stretches: Spans, stimulus: Source) -> Spans:
        """What is left of the stretches once the stimulus moves within them."""
        t_ns = stimulus.samples.t_ns
        values = stimulus.series.values[stimulus.samples.rows]
        firsts = np.searchsorted(t_ns, stretches.start_ns, "right") - 1
        lasts = np.searchsorted(t_ns, stretches.end_ns, "left")
        pairs = []
        for first, last, end in zip(firsts, lasts, stretches.end_ns, strict=True):
            begin = max(0, int(first))
            within = values[begin:last]
            if len(within) < 2 or float(np.ptp(within)) + SLACK < self.min_move:
                continue
            leaves = int(np.argmax(np.abs(within - within[0]) > self.noise + SLACK))
            pairs.append((int(t_ns[begin + leaves]), int(end)))
        return Spans.of(pairs)


def still(source: Source, least: float) -> Spans:
    """Stretches in which a signal stays by less than ``least`` at its first value.

    Any difference is a change where ``least`` is 0, as for floating point signals.
    """
    samples = source.samples
    if not len(samples):
        return NOWHERE
    values = source.series.values[samples.rows]
    breaks = np.union1d(_changes(values, least), samples.lapses + 1)
    firsts = np.append(0, breaks).astype(np.intp)
    starts: Times = samples.start_ns[firsts]
    ends = np.append(ends_of(samples)[firsts[1:] - 1], ends_of(samples)[-1])
    kept = ends > starts
    return Spans(start_ns=starts[kept], end_ns=ends[kept])


def _changes(values: Column, least: float) -> list[int]:
    """Samples that differ from the first one of their stretch."""
    runs = np.flatnonzero(np.diff(values)) + 1
    if not least:
        return [int(run) for run in runs]
    found, base = [], float(values[0])
    for run, value in zip(runs.tolist(), values[runs].tolist(), strict=True):
        if abs(value - base) >= least - SLACK:
            found.append(run)
            base = value
    return found


def _cut(stretches: Spans, window: Spans) -> Spans:
    """The stretches within the window; those that touch stay apart."""
    edges = np.unique(
        np.concatenate(
            (stretches.start_ns, stretches.end_ns, window.start_ns, window.end_ns)
        )
    )
    inside = stretches.holds(edges[:-1]) & window.holds(edges[:-1])
    return Spans(start_ns=edges[:-1][inside], end_ns=edges[1:][inside])


def _longest(spans: Spans) -> Spans:
    if not len(spans):
        return NOWHERE
    row = int(np.argmax(spans.lengths_ns()))
    return Spans.of([(int(spans.start_ns[row]), int(spans.end_ns[row]))])
