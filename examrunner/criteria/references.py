"""Where the right value of an answer comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.body_spans import BodySpan
from examrunner.criteria.nested import parts_of
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.windows import Window
from examrunner.model.errors import MissingError

Moment = Literal["edit", "first_edit", "exam.end"]


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
        while_: Only what the signal or quantity was while this held; if it never held
            in that time, the candidate did not measure.
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
    while_: Predicate | None = None
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
