"""Where the right value of an answer comes from."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from examrunner.criteria.answers import answer_to, edits_of
from examrunner.criteria.body_spans import BodySpan
from examrunner.criteria.body_spans import sentence as span_sentence
from examrunner.criteria.holding import held
from examrunner.criteria.nested import parts_of
from examrunner.criteria.quoted_frames import (
    NoSuchFrameError,
    quoted_at_s,
    quoted_crc,
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
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence
from examrunner.model.timeline import NS_PER_S, Quality, Series

Moment = Literal["edit", "first_edit", "exam.end"]
SOURCES: Final = (
    "criterion", "attachment", "field", "signal", "fib", "frame", "crc_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One source of a number; exactly one of the first nine is given.

    Attributes:
        value: The number itself; ``$variant.<key>`` for a secret.
        field: Another field of the form.
        criterion: Measured value of another criterion.
        signal: Signal of the recording.
        fib: Fault-box quantity.
        attachment: Field with an uploaded calibration file.
        frame: Message of which the candidate quotes a bad frame: its exam time in s.
        crc_of: Message of which the candidate quotes a bad frame: its right checksum.
        span: Distance between two points, one of them on a measured body.
        data_field: Field with the payload of the quoted frame.
        detail: Named number of the criterion or file (``fx``; of a pose ``rx`` to
            ``rz`` in rad, ``tx`` to ``tz`` in mm), instead of its value.
        at: When signal or quantity are read: at the edit of the answer that counts.
        avg_s: Averages over this long before that moment.
        lookback_s: Takes the value nearest to the answer in this time before it.
        unit: Unit of a typed field.
        window: Takes the mean of signal or quantity over this window instead.
        plus: Added to the value, for example where it is counted from elsewhere.
    """

    value: float | str | None = None
    field: str = ""
    criterion: str = ""
    signal: str = ""
    fib: str = ""
    attachment: str = ""
    frame: str = ""
    crc_of: str = ""
    span: BodySpan | None = None
    data_field: str = ""
    detail: str = ""
    at: Moment = "edit"
    avg_s: float = 0.0
    lookback_s: float = 0.0
    unit: str = ""
    window: Window | None = None
    plus: float = 0.0

    def sources(self) -> int:
        """How many sources are given; anything but 1 is a mistake."""
        given = (self.field, self.criterion, self.signal, self.fib, self.attachment)
        quoted = (self.frame, self.crc_of)
        typed = self.value is not None
        return sum(bool(source) for source in (*given, *quoted, self.span)) + typed


class NothingMeasuredError(Exception):
    """The candidate did not do what would give the reference value."""


class NoValueError(MissingError):
    """What was recorded says that there was no value."""


def criteria_named(value: object) -> Iterator[str]:
    """Ids of the criteria that a criterion refers to, at any depth."""
    if isinstance(value, tuple):
        for item in value:
            yield from criteria_named(item)
        return
    if isinstance(value, Reference) and value.criterion:
        yield value.criterion
    for _, part in parts_of(value):
        yield from criteria_named(part)


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
    if reference.avg_s:
        return float(np.mean(values))
    if reference.lookback_s:
        return float(values[int(np.argmin(np.abs(values - typed)))])
    return float(values[-1])


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


def sentence(reference: Reference, *, stated: bool = False) -> Sentence:
    """A reference as words.

    Args:
        reference: Where the value comes from.
        stated: Whether it is compared with an answer, so that moments are named.
    """
    words = _source_sentence(reference, stated=stated)
    if not reference.plus:
        return words
    plus = f"{'-' if reference.plus < 0 else '+'} {abs(reference.plus):g}"
    return Sentence(key="reference.plus", values={"reference": words, "plus": plus})


def _source_sentence(reference: Reference, *, stated: bool) -> Sentence:
    if reference.value is not None:
        return Sentence(key="reference.value", values={"value": reference.value})
    if reference.span is not None:
        return span_sentence(reference.span)
    if reference.window is not None:
        values = {
            "name": reference.signal or f"fib.{reference.fib}",
            "window": window_sentence(reference.window),
        }
        return Sentence(key="reference.mean", values=values)
    for source in SOURCES:
        name = getattr(reference, source)
        if name:
            values = {"name": name, "detail": reference.detail or "-"}
            named = "number" if source == "criterion" and reference.detail else source
            words = Sentence(key=f"reference.{named}", values=values)
            return _read_at(reference, words) if stated else words
    return Sentence(key="reference.value", values={"value": "-"})


def _read_at(reference: Reference, words: Sentence) -> Sentence:
    """With the moment at which a signal or a quantity is read."""
    if not (reference.signal or reference.fib):
        return words
    back_s = reference.avg_s or reference.lookback_s
    moment = Sentence(key=f"reference.{'before' if back_s else 'at'}.{reference.at}")
    values = {"reference": words, "moment": moment}
    if not back_s:
        return Sentence(key="reference.then", values=values)
    key = "reference.averaged" if reference.avg_s else "reference.lookback"
    return Sentence(key=key, values=values | {"back_s": back_s})
