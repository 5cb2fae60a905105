"""The right value of an answer, read where its reference says."""

import math

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.answers import answer_to, edits_of
from examrunner.criteria.body_spans import BodySpan
from examrunner.criteria.holding import Held, held
from examrunner.criteria.predicates import Predicate, evaluate
from examrunner.criteria.quoted_frames import (
    NoSuchFrameError,
    quoted_at_s,
    quoted_crc,
)
from examrunner.criteria.references import (
    NothingMeasuredError,
    NoValueError,
    Reference,
)
from examrunner.criteria.statistics import ends_of, statistic, values_in
from examrunner.criteria.submitted_models import submitted_model
from examrunner.criteria.submitted_poses import (
    POSE_NUMBERS,
    PoseSource,
    submitted_pose,
)
from examrunner.criteria.typed_numbers import read_number
from examrunner.criteria.windows import NotOpenedError, Window, opened
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.model.timeline import NS_PER_S, Quality, Series


def value_of(
    hearing: Hearing, reference: Reference, answered: str, typed: float
) -> float:
    """The reference value for an answer.

    Args:
        hearing: The attempt.
        reference: Where the value comes from.
        answered: Field that is compared.
        typed: What the candidate typed, which a look back is nearest to.

    Raises:
        NoValueError: If the window has samples, but none with a value.
        MissingError: If a track is missing, or the other criterion is still open.
        NothingMeasuredError: If the candidate never produced the value.
    """
    return _found(hearing, reference, answered, typed) + reference.plus


def _found(
    hearing: Hearing, reference: Reference, answered: str, typed: float
) -> float:
    if reference.value is not None:
        return _number(reference.value)
    if reference.criterion:
        return _measured(hearing, reference)
    if reference.attachment:
        return _submitted(hearing, reference)
    if reference.field:
        return _typed(hearing, reference, typed)
    if reference.frame or reference.crc_of:
        return _quoted(hearing, reference, typed)
    if reference.span is not None:
        return _span(hearing, reference.span)
    return _recorded(hearing, reference, answered, typed)


def _span(hearing: Hearing, span: BodySpan) -> float:
    try:
        return span.length_mm(hearing)
    except NotOpenedError:
        raise NothingMeasuredError from None


def _submitted(hearing: Hearing, reference: Reference) -> float:
    if reference.detail in POSE_NUMBERS:
        source = PoseSource(attachment=reference.attachment)
        return submitted_pose(hearing, source).number(reference.detail)
    return submitted_model(hearing, reference.attachment).number(reference.detail)


def _number(value: float | str) -> float:
    if isinstance(value, str):
        raise MissingError("number", name=value)
    return value


def _measured(hearing: Hearing, reference: Reference) -> float:
    judgement: Judgement | None = hearing.judged.get(reference.criterion)
    if judgement is None or judgement.outcome.is_open:
        raise MissingError("criterion", name=reference.criterion)
    if reference.detail:
        found = judgement.details.get(reference.detail)
    else:
        found = judgement.measured.value if judgement.measured else None
    if found is None:
        raise NothingMeasuredError
    return found


def _typed(hearing: Hearing, reference: Reference, compared: float) -> float:
    edit = answer_to(hearing, reference.field)
    if edit is None:
        raise NothingMeasuredError
    found = read_number(edit.value, reference.unit).nearest(compared)
    if found is None:
        raise NothingMeasuredError
    return found


def _quoted(hearing: Hearing, reference: Reference, typed: float) -> float:
    try:
        if reference.crc_of:
            return quoted_crc(hearing, reference.crc_of, reference.data_field)
        return quoted_at_s(hearing, reference.frame, reference.data_field, typed)
    except NoSuchFrameError:
        raise NothingMeasuredError from None


def _recorded(
    hearing: Hearing, reference: Reference, answered: str, typed: float
) -> float:
    name = f"fib.{reference.fib}" if reference.fib else reference.signal
    series = hearing.timeline.series(name)
    if reference.window is not None:
        return _mean(hearing, series, reference.window)
    at_ns = _moment(hearing, reference, answered)
    back_s = max(reference.avg_s, reference.lookback_s)
    from_ns = at_ns - round(back_s * NS_PER_S)
    samples = held(series, from_ns, at_ns + 1, require_e2e=False)
    if not len(samples):
        if reference.fib and _cannot_be_measured(series, at_ns):
            raise NothingMeasuredError
        raise MissingError("value_then", name=name)
    values = series.values[samples.rows]
    if reference.while_ is not None:
        values = values[_meanwhile(hearing, reference.while_, samples, name)]
    if reference.avg_s:
        return float(np.mean(values))
    if reference.lookback_s:
        return float(values[int(np.argmin(np.abs(values - typed)))])
    return float(values[-1])


def _meanwhile(
    hearing: Hearing, state: Predicate, samples: Held, name: str
) -> NDArray[np.bool_]:
    """Which of the samples held while the state did; at least one."""
    truth = evaluate(hearing.timeline, state, samples.from_ns, samples.to_ns)
    if not len(truth.known):
        raise MissingError("value_then", name=name)
    kept = truth.true.overlap_ns(samples.start_ns, ends_of(samples)) > 0
    if not kept.any():
        raise NothingMeasuredError
    return kept


def _mean(hearing: Hearing, series: Series, window: Window) -> float:
    """Mean over a window, weighted by time."""
    try:
        spans = opened(hearing, window)
    except NotOpenedError:
        raise NothingMeasuredError from None
    samples = held(series, *spans.hull_ns)
    values = series.values[samples.rows]
    found = values_in(spans, samples.t_ns, ends_of(samples), values)
    mean = statistic(found, "mean")
    if math.isnan(mean):
        heard = spans.holds(series.t_ns).any()
        kind = NoValueError if heard else MissingError
        raise kind("value_in_window", name=series.name)
    return mean


def _cannot_be_measured(series: Series, at_ns: int) -> bool:
    """Whether the fault box said that the quantity cannot be measured then.

    A resistance between wires that are fed has no value: who typed one did not measure.
    """
    row = int(np.searchsorted(series.t_ns, at_ns, side="right")) - 1
    return row >= 0 and bool(series.quality[row] & Quality.NOT_AVAILABLE)


def _moment(hearing: Hearing, reference: Reference, answered: str) -> int:
    if reference.at == "exam.end":
        return hearing.clock.stop_ns
    edits = edits_of(hearing, answered)
    if not edits:
        raise NothingMeasuredError
    return edits[0].t_ns if reference.at == "first_edit" else edits[-1].t_ns
