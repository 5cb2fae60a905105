"""What a formula is made of: a signal keeps limits, an event happens."""

from dataclasses import dataclass

import numpy as np

from examrunner.criteria.aligned import aligned, skew_ns_of, source_of
from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.expressions import evaluated, parse, signals_in
from examrunner.criteria.holding import held
from examrunner.criteria.losses import lost_for
from examrunner.criteria.margins import Column, Margin, margin_of, margin_where
from examrunner.criteria.predicates import Predicate, compared, evaluate, limits
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.scales import epsilon
from examrunner.criteria.spans import Spans
from examrunner.criteria.statistics import ends_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim with a margin at every time; exactly one of the first three is given.

    The margin of a limit is the distance to it in units of ``per``: positive within,
    negative beyond. What has no distance, such as an enumeration text, a session or an
    event, holds or fails by an infinite margin.

    Attributes:
        holds: A predicate.
        happens: An event; true at its moments and at no other time.
        expression: Arithmetic over signals, within ``min`` and ``max``.
        min: Smallest value of the expression, inclusive.
        max: Largest value of the expression, inclusive.
        per: What counts as a margin of one, in the unit that is compared.
    """

    holds: Predicate | None = None
    happens: Event | None = None
    expression: str = ""
    min: float | None = None
    max: float | None = None
    per: float = 1.0

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        given = (self.holds, self.happens, self.expression)
        if sum(bool(each) for each in given) != 1:
            return "give exactly one of 'holds', 'happens' and 'expression'"
        limited = self.min is not None or self.max is not None
        if bool(self.expression) != limited:
            return "'min' or 'max' belong to an expression, and it needs one"
        return "" if self.per > 0 else "'per' must be above 0"

    def tracks(self) -> tuple[str, ...]:
        """Names of what it looks at, for recorder losses and evidence."""
        if self.holds is not None:
            return tuple(leaf.track for leaf in compared(self.holds))
        if self.expression:
            return signals_in(parse(self.expression))
        event = self.happens or Event()
        if event.uds is not None:
            return (f"uds.{event.uds.ecu}",)
        return (event.signal or event.form or "ops",)

    def truth(self, hearing: Hearing, window: Spans) -> Margin:
        """Whether it is true, as 1 and -1, over the hull of the window.

        Raises:
            MissingError: If what it looks at was not recorded.
        """
        if self.expression:
            margin = self.margin(hearing, window)
            return Margin(
                edges_ns=margin.edges_ns,
                low=np.where(margin.low >= 0, 1.0, -1.0),
                high=np.where(margin.high >= 0, 1.0, -1.0),
            )
        true, known = self._told(hearing, window)
        return margin_where(*window.hull_ns, true, known, 1.0)

    def margin(self, hearing: Hearing, window: Spans) -> Margin:
        """By how much it is true, over the hull of the window.

        Raises:
            MissingError: If what it looks at was not recorded.
        """
        if self.expression:
            return self._computed(hearing, window)
        if self.holds is not None:
            return _margin(hearing, self.holds, window, self.per)
        return margin_where(*window.hull_ns, *self._told(hearing, window), np.inf)

    def _told(self, hearing: Hearing, window: Spans) -> tuple[Spans, Spans]:
        """When it is true, and when that is known."""
        if self.holds is not None:
            truth = evaluate(hearing.timeline, self.holds, *window.hull_ns)
            return truth.true, truth.known
        event = self.happens or Event()
        moments = happenings(hearing.timeline, event, window)
        known = Spans.of([window.hull_ns])
        for track in self.tracks():
            known -= lost_for(hearing, track)
        return Spans.of((int(t), int(t) + 1) for t in np.unique(moments)), known

    def _computed(self, hearing: Hearing, window: Spans) -> Margin:
        tree = parse(self.expression)
        names = signals_in(tree)
        timeline = hearing.timeline
        sources = [source_of(timeline, name, *window.hull_ns) for name in names]
        found = aligned(sources, window, skew_ns_of(timeline, names, None))
        values = evaluated(tree, found.columns, len(found.t_ns))
        values = np.where(found.complete(), values, np.nan)
        values = np.where(np.isfinite(values), values, np.nan)
        distance = _distance(values, self.min, self.max, epsilon()) / self.per
        return margin_of(*window.hull_ns, found.t_ns, found.ends_ns, distance)

    def sentence(self) -> Sentence:
        """The claim as words."""
        if self.holds is not None:
            return predicate_sentence(self.holds)
        if self.expression:
            return limits(self.expression, self.min, self.max)
        return event_sentence(self.happens or Event())


def _margin(
    hearing: Hearing, predicate: Predicate, window: Spans, per: float
) -> Margin:
    """The margin of a predicate: that of its limits, joined as they are."""
    parts = predicate.all or predicate.any
    if parts:
        found = [_margin(hearing, part, window, per) for part in parts]
        joined = found[0]
        for each in found[1:]:
            joined = joined & each if predicate.all else joined | each
        return joined
    if predicate.not_ is not None:
        return -_margin(hearing, predicate.not_, window, per)
    limited = predicate.min is not None or predicate.max is not None
    exact = predicate.equals is not None or predicate.in_ or predicate.steady
    if limited and not exact:
        return _of_limits(hearing, predicate, window, per)
    truth = evaluate(hearing.timeline, predicate, *window.hull_ns)
    return margin_where(*window.hull_ns, truth.true, truth.known, np.inf)


def _of_limits(
    hearing: Hearing, predicate: Predicate, window: Spans, per: float
) -> Margin:
    series = hearing.timeline.series(predicate.track)
    samples = held(
        series,
        *window.hull_ns,
        hold_s=predicate.hold_s,
        require_e2e=predicate.require_e2e,
        out_of_range=predicate.out_of_range,
    )
    values = series.values[samples.rows]
    distance = _distance(values, predicate.min, predicate.max, epsilon(series.step))
    ends = ends_of(samples)
    return margin_of(*window.hull_ns, samples.start_ns, ends, distance / per)


def _distance(
    values: Column, low: float | None, high: float | None, slack: float
) -> Column:
    """Distance to the nearer limit; what is within ``slack`` of one is on it."""
    above = np.full(len(values), np.inf) if low is None else values - low
    below = np.full(len(values), np.inf) if high is None else high - values
    distance = np.minimum(above, below)
    return np.where((distance < 0) & (distance >= -slack), 0.0, distance)
