"""A formula of signal temporal logic holds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.claims import Claim
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.formulas import (
    Formula,
    FormulaError,
    Named,
    Operation,
    names_in,
    parsed,
)
from examrunner.criteria.losses import lost_for
from examrunner.criteria.margins import Margin
from examrunner.criteria.monitoring import monitored
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.criteria.verdicts import (
    OnSilent,
    evidence_of,
    graded,
    left_open,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Outcome, Sentence

DECIMALS: Final = 6
EVERYWHERE: Final = ("always", None)
"""Operator and bounds of what has to be true at every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Temporal:
    """The formula holds at the opening of the window, over the time in it.

    ``criteria/monitoring.py`` defines it. Without a score it earns everything or
    nothing; with one its margin does. Values are held as everywhere, so that the result
    is exact for every rate of samples. Time without a value leaves an interval of
    margins: if both of its ends earn the same, that is earned; if the recorder lost
    some of the time, nobody can say and an examiner has to; else the bus was silent and
    ``on_silent`` decides.

    Attributes:
        formula: Claims joined by ``not and or implies always eventually until
            historically once since``, bounds in seconds: ``always[0, 5]``.
        claims: What the names in the formula stand for.
        score: Margin to share of the points; None for pass or fail.
        window: When to look; its pauses are cut out. It says no ``while``.
        on_silent: What silence means: ``fail`` takes the lower end.
    """

    formula: str
    claims: Mapping[str, Claim]
    score: Scale | None = None
    window: Window = WHOLE_EXAM
    on_silent: OnSilent = "fail"

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        try:
            named = names_in(parsed(self.formula))
        except FormulaError as error:
            return f"the formula '{self.formula}' cannot be read: it {error}"
        for name in named:
            if name not in self.claims:
                return f"the formula names '{name}', which 'claims' does not have"
        for name, claim in self.claims.items():
            problem = claim.problem()
            if name not in named or problem:
                return f"claim '{name}': {problem or 'the formula does not name it'}"
        if self.window.while_ is not None:
            return "a formula says itself when it counts: write 'claim implies ...'"
        return ""

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "formula": self._worded(parsed(self.formula)),
            "window": window_sentence(self.window),
        }
        if self.score is None:
            return Sentence(key="temporal.rule", values=values)
        values["scale"] = self.score.sentence()
        return Sentence(key="temporal.rule_scale", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        tree = parsed(self.formula)
        truths = {n: c.truth(hearing, window).cut(window) for n, c in self._used(tree)}
        margins = {
            n: c.margin(hearing, window).cut(window) for n, c in self._used(tree)
        }
        truth, margin = monitored(tree, truths), monitored(tree, margins)
        low, high = self._earned(truth, margin)
        if low != high:
            lost = self._is_lost(hearing, window)
            if lost or self.on_silent == "review":
                return self._open(window, recorder=lost)
        passes = self.on_silent == "pass"
        holds = bool((truth.high if passes else truth.low)[0] > 0)
        where = NOWHERE if holds else _first_false(tree, truths, window)
        verdict = _verdict(holds, where)
        if low != high:
            return self._assumed(high if passes else low, window, verdict, where)
        return self._judged(low, margin, window, verdict, where)

    def _used(self, tree: Formula) -> list[tuple[str, Claim]]:
        return [(name, self.claims[name]) for name in names_in(tree)]

    def _earned(self, truth: Margin, margin: Margin) -> tuple[float, float]:
        """Least and largest share of the points."""
        if self.score is None:
            return float(truth.low[0] > 0), float(truth.high[0] > 0)
        ends = (float(margin.low[0]), float(margin.high[0]))
        low, high = (self.score.fraction(round(end, DECIMALS)) for end in ends)
        return low, high

    def _is_lost(self, hearing: Hearing, window: Spans) -> bool:
        """Whether the recorder lost any of the time."""
        tracks = (track for claim in self.claims.values() for track in claim.tracks())
        return any(len(lost_for(hearing, track) & window) for track in tracks)

    def _judged(
        self,
        share: float,
        margin: Margin,
        window: Spans,
        verdict: Sentence,
        where: Spans,
    ) -> Judgement:
        value = round(float(margin.low[0]), DECIMALS)
        sure = value == round(float(margin.high[0]), DECIMALS) and math.isfinite(value)
        values: dict[str, object] = {
            "formula": self._worded(parsed(self.formula)),
            "verdict": verdict,
            "span": span_of(window),
        }
        if sure:
            values["margin"] = value
        return graded(
            share,
            Sentence(
                key="temporal.reason_margin" if sure else "temporal.reason",
                values=values,
            ),
            measured=Measured(value=value) if sure else None,
            evidence=[evidence_of(self._stream(), where if len(where) else window)],
        )

    def _assumed(
        self, share: float, window: Spans, verdict: Sentence, where: Spans
    ) -> Judgement:
        """What the rubric takes for granted while the bus is silent."""
        values = {
            "formula": self._worded(parsed(self.formula)),
            "verdict": verdict,
            "span": span_of(window),
        }
        return graded(
            share,
            Sentence(key=f"temporal.{self.on_silent}_silent", values=values),
            evidence=[evidence_of(self._stream(), where if len(where) else window)],
        )

    def _open(self, window: Spans, *, recorder: bool) -> Judgement:
        values = {
            "formula": self._worded(parsed(self.formula)),
            "span": span_of(window),
        }
        key = "temporal.lost" if recorder else "temporal.silent"
        outcome = Outcome.NOT_MEASURED if recorder else Outcome.NEEDS_REVIEW
        return left_open(
            outcome,
            Sentence(key=key, values=values),
            evidence=[evidence_of(self._stream(), window)],
        )

    def _stream(self) -> str:
        first = names_in(parsed(self.formula))[0]
        return self.claims[first].tracks()[0]

    def _worded(self, formula: Formula) -> Sentence:
        if isinstance(formula, Named):
            return self.claims[formula.name].sentence()
        parts = tuple(self._worded(part) for part in formula.parts)
        if formula.operator in {"and", "or"}:
            key = "predicate.all" if formula.operator == "and" else "predicate.any"
            return Sentence(key=key, values={"parts": parts})
        if formula.operator == "not":
            return Sentence(key="predicate.not", values={"part": parts[0]})
        values: dict[str, object] = {"first": parts[0], "last": parts[-1]}
        if formula.bounds is None:
            return Sentence(key=f"temporal.{formula.operator}", values=values)
        values |= {"from": formula.bounds.from_s, "to": formula.bounds.to_s}
        return Sentence(key=f"temporal.{formula.operator}_bounded", values=values)


def _first_false(tree: Formula, truths: Mapping[str, Margin], window: Spans) -> Spans:
    """The first stretch of recording time in which an outer ``always`` is not sure.

    Any other formula fails at the opening of the window, which shows nothing.
    """
    if not isinstance(tree, Operation) or (tree.operator, tree.bounds) != EVERYWHERE:
        return NOWHERE
    truth = monitored(tree.parts[0], truths)
    false = np.flatnonzero(truth.low < 0)
    if not len(false):
        return NOWHERE
    first = int(false[0])
    start, end = int(truth.edges_ns[first]), int(truth.edges_ns[first + 1])
    passed = np.concatenate(([0], np.cumsum(window.lengths_ns())))
    row = int(np.searchsorted(passed, start, "right")) - 1
    begin = int(window.start_ns[row]) + start - int(passed[row])
    return Spans.of([(begin, begin + end - start)]) & window


def _verdict(holds: bool, where: Spans) -> Sentence:
    if holds:
        return Sentence(key="temporal.holds")
    if not len(where):
        return Sentence(key="temporal.fails")
    return Sentence(key="temporal.fails_at", values={"at_s": seconds(where.hull_ns[0])})
