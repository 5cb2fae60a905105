"""Moments that a rubric names: a signal changes, a field is handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from examrunner.criteria.holding import held
from examrunner.criteria.matching import Scalar, equal_to, within
from examrunner.criteria.predicates import Predicate, evaluate
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.spans import Spans, Times
from examrunner.criteria.steps import StepShape, steps_in
from examrunner.criteria.uds_patterns import UdsPattern, matching
from examrunner.criteria.uds_patterns import sentence as uds_sentence
from examrunner.criteria.zones import Zone, presence
from examrunner.criteria.zones import sentence as zone_sentence
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Sentence
from examrunner.model.text import Text
from examrunner.model.timeline import NS_PER_S, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A selector of moments; exactly one of its sources is given.

    Attributes:
        signal: Signal that changes.
        becomes: Value or text that it takes.
        crosses: Limit that it crosses, with ``dir``.
        dir: Direction of the crossing.
        enters: Limits (low, high), both inclusive, that it comes to lie within, from
            outside or from being unknown.
        leaves: Limits that it no longer lies within, or is no longer known to.
        ops: Name of an operation, for example ``repair_done``.
        where: Values that the operation's body has to have.
        form: Field that is edited; ``*`` for any.
        submit: Whether the field has to be handed in.
        capture: ``still``: the candidate takes a picture.
        camera: Camera of that picture; empty for any.
        uds: Diagnostic request.
        err: Channel on which an error frame comes.
        zone: Zone that a marker enters, or with ``leaving`` leaves.
        leaving: Whether the leaving is meant.
        step: Step of a command.
        step_to: Value that the step reaches.
        holds: Claim that lasts without interruption: the moment at which it has
            lasted for ``lasting_s``, once for each stretch.
        lasting_s: How long it has to last.
        ends: Whether the end of such a stretch is meant instead.
        while_: Only moments at which this holds.
        debounce_s: A moment so soon after the last one counts as the same.
        nth: Which of the moments: 1 for the first, ``last``; None for all.
        else_: What to take instead if it never happens.
        out_of_range: Whether values beyond the database's limits are believed.
        title: What people call it, instead of all of the above.
    """

    signal: str = ""
    becomes: Scalar | None = None
    crosses: float | None = None
    dir: Literal["up", "down", "any"] = "any"
    enters: tuple[float, float] | None = None
    leaves: tuple[float, float] | None = None
    ops: str = ""
    where: Mapping[str, bool | int | float | str] = field(default_factory=dict)
    form: str = ""
    submit: bool = False
    capture: Literal["", "still"] = ""
    camera: str = ""
    uds: UdsPattern | None = None
    err: str = ""
    zone: Zone | None = None
    leaving: bool = False
    step: StepShape | None = None
    step_to: float | None = None
    holds: Predicate | None = None
    lasting_s: float = 0.0
    ends: bool = False
    while_: Predicate | None = None
    debounce_s: float = 0.0
    nth: int | Literal["last"] | None = None
    else_: "Event | Literal['exam.end'] | None" = None
    out_of_range: bool = False
    title: Text | None = None

    def sources(self) -> int:
        """How many sources are given; anything but 1 is a mistake."""
        given = (self.signal, self.ops, self.form, self.capture, self.uds, self.step)
        more = (self.zone, self.err, self.holds)
        return sum(bool(source) for source in (*given, *more))


def happenings(timeline: Timeline, event: Event, window: Spans) -> Times:
    """The moments of an event within the window, ascending.

    Raises:
        MissingError: If what it looks at was not recorded.
    """
    times = _all_times(timeline, event, window)
    times = np.sort(times[window.holds(times)], kind="stable")
    if event.while_ is not None and len(times):
        first, last = int(times[0]), int(times[-1]) + 1
        truth = evaluate(timeline, event.while_, first, last)
        times = times[truth.true.holds(times)]
    times = _debounced(times, event.debounce_s)
    if event.nth is None:
        return times
    row = len(times) - 1 if event.nth == "last" else event.nth - 1
    return times[row : row + 1] if 0 <= row < len(times) else times[:0]


def _all_times(timeline: Timeline, event: Event, window: Spans) -> Times:
    if event.signal:
        return _signal_times(timeline, event, window)
    if event.step is not None:
        steps = steps_in(timeline, event.step, window)
        target, tol = event.step_to, event.step.tol
        return _times(
            s.t_ns for s in steps if target is None or abs(s.after - target) <= tol
        )
    if event.holds is not None:
        return _lasting(timeline, event, event.holds, window)
    if event.uds is not None:
        return _times(e.to_ns for e in matching(timeline.exchanges, event.uds))
    if event.ops:
        return _operation_times(timeline, event)
    if event.err:
        return _error_times(timeline, event.err)
    if event.zone is not None:
        stays = presence(timeline, event.zone)
        return stays.end_ns if event.leaving else stays.start_ns
    return _form_times(timeline, event) if event.form else _captures(timeline, event)


def _lasting(
    timeline: Timeline, event: Event, claim: Predicate, window: Spans
) -> Times:
    """One moment of each stretch in which the claim lasts long enough."""
    true = evaluate(timeline, claim, *window.hull_ns).true & window
    lasting_ns = round(event.lasting_s * NS_PER_S)
    long = true.lengths_ns() >= lasting_ns
    # A stretch is half open: its last moment is still inside.
    last_ns = true.end_ns[long] - 1
    if event.ends:
        return last_ns
    reached: Times = np.minimum(true.start_ns[long] + lasting_ns, last_ns)
    return reached


def _times(values: Iterable[int]) -> Times:
    return np.array(list(values), np.int64)


def _operation_times(timeline: Timeline, event: Event) -> Times:
    return _times(
        op.t_ns
        for op in timeline.operations(event.ops)
        if all(op.body.get(key) == value for key, value in event.where.items())
    )


def _form_times(timeline: Timeline, event: Event) -> Times:
    """Edits of the field, or with ``submit`` only what hands it in."""
    named = {event.form, ""} if event.submit else {event.form}
    return _times(
        edit.t_ns
        for edit in timeline.form
        if (edit.submit or not event.submit)
        and (event.form == "*" or edit.field in named)
    )


def _error_times(timeline: Timeline, channel: str) -> Times:
    errors = timeline.bus.get(channel)
    if errors is None:
        raise MissingError("error_frames", name=channel)
    return errors.t_ns


def _captures(timeline: Timeline, event: Event) -> Times:
    return _times(
        view.t_ns for view in timeline.views if event.camera in {"", view.camera}
    )


def _signal_times(timeline: Timeline, event: Event, window: Spans) -> Times:
    """Moments at which the signal starts to have a value, or crosses the limit."""
    series = timeline.series(event.signal)
    first, last = window.hull_ns
    samples = held(series, first - NS_PER_S, last, out_of_range=event.out_of_range)
    limits = event.enters or event.leaves
    if limits is not None:
        inside = samples.where(within(series, samples.rows, *limits))
        ends = inside.end_ns[inside.end_ns < last]
        return inside.start_ns if event.enters else ends
    if event.becomes is not None:
        now = equal_to(series, samples.rows, event.becomes)
        started = now & ~np.concatenate(([False], now[:-1]))
        found: Times = samples.start_ns[started]
        return found
    above = series.values[samples.rows] >= (event.crosses or 0.0)
    up = np.concatenate(([False], above[1:] & ~above[:-1]))
    down = np.concatenate(([False], ~above[1:] & above[:-1]))
    chosen = {"up": up, "down": down, "any": up | down}[event.dir]
    crossed: Times = samples.start_ns[chosen]
    return crossed


def _debounced(times: Times, debounce_s: float) -> Times:
    if not debounce_s or len(times) < 2:
        return times
    gap_ns = round(debounce_s * NS_PER_S)
    return times[np.concatenate(([True], np.diff(times) > gap_ns))]


def sentence(event: Event) -> Sentence:
    """An event as words."""
    if event.title is not None:
        return Sentence(key="titled", values={"title": event.title})
    words = _source_sentence(event)
    if event.while_ is not None:
        inner = predicate_sentence(event.while_)
        words = Sentence(key="event.while", values={"event": words, "while": inner})
    if event.nth == "last":
        return Sentence(key="event.last", values={"event": words})
    if event.nth is not None:
        return Sentence(key="event.nth", values={"event": words, "nth": event.nth})
    return words


def _source_sentence(event: Event) -> Sentence:
    if event.signal and event.becomes is not None:
        values: dict[str, object] = {"signal": event.signal, "value": event.becomes}
        return Sentence(key="event.becomes", values=values)
    limits = event.enters or event.leaves
    if event.signal and limits is not None:
        values = {"signal": event.signal, "low": limits[0], "high": limits[1]}
        key = "event.enters" if event.enters else "event.leaves"
        return Sentence(key=key, values=values)
    if event.signal:
        values = {"signal": event.signal, "value": event.crosses or 0.0}
        return Sentence(key="event.crosses", values=values)
    if event.step is not None:
        values = {"signal": event.step.signal, "target": event.step_to or 0.0}
        return Sentence(key="event.step", values=values)
    if event.holds is not None:
        values = {"claim": predicate_sentence(event.holds), "for_s": event.lasting_s}
        return Sentence(
            key="event.ended" if event.ends else "event.held", values=values
        )
    if event.uds is not None:
        return uds_sentence(event.uds)
    if event.ops:
        listed = ", ".join(f"{key} {value}" for key, value in event.where.items())
        return Sentence(key="event.ops", values={"name": event.ops, "where": listed})
    if event.zone is not None:
        key = "event.zone_left" if event.leaving else "event.zone_entered"
        return Sentence(key=key, values={"zone": zone_sentence(event.zone)})
    if event.form:
        key = "event.submit" if event.submit else "event.edit"
        return Sentence(key=key, values={"field": event.form})
    if event.err:
        return Sentence(key="event.err", values={"bus": event.err})
    return Sentence(key="event.capture", values={"camera": event.camera or "*"})
