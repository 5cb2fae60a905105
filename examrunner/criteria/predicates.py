"""Claims about signals that hold at some times and not at others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.holding import Rows, held
from examrunner.criteria.losses import lost_on
from examrunner.criteria.matching import Scalar, equal_to, within
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.criteria.steady import Steady
from examrunner.criteria.uds_state import UdsState, true_and_known
from examrunner.criteria.uds_state import sentence as uds_state_sentence
from examrunner.criteria.zones import Zone, presence
from examrunner.criteria.zones import sentence as zone_sentence
from examrunner.model.judgement import Sentence
from examrunner.model.timeline import Series, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """One comparison of a signal, or a combination of predicates.

    Attributes:
        signal: ``Message.Signal``.
        fib: Fault-box quantity, instead of a signal.
        uds_state: Session or security of an ECU, instead of a comparison.
        zone: A marker is in this zone of a picture, instead of a comparison.
        equals: Value or enumeration text.
        in_: Any of these values or texts.
        min: Smallest value, inclusive.
        max: Largest value, inclusive.
        steady: How little the signal may move, whatever its value.
        all: Every one of these holds.
        any: At least one of these holds.
        not_: This one does not hold.
        hold_s: Hold time where the database gives none.
        require_e2e: Whether a bad checksum or counter makes a sample invalid.
        out_of_range: Whether values beyond the database's limits are believed.
    """

    signal: str = ""
    fib: str = ""
    uds_state: UdsState | None = None
    zone: Zone | None = None
    equals: Scalar | None = None
    in_: tuple[Scalar, ...] = ()
    min: float | None = None
    max: float | None = None
    steady: Steady | None = None
    all: tuple["Predicate", ...] = ()
    any: tuple["Predicate", ...] = ()
    not_: "Predicate | None" = None
    hold_s: float | None = None
    require_e2e: bool = True
    out_of_range: bool = False

    @property
    def track(self) -> str:
        """Name of the signal that is compared, ``uds.<ecu>``, or a camera."""
        if self.zone is not None:
            return self.zone.camera
        if self.uds_state is not None:
            return f"uds.{self.uds_state.ecu}"
        return f"fib.{self.fib}" if self.fib else self.signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """When a predicate holds, and when it is known whether it does."""

    true: Spans
    known: Spans

    @property
    def false(self) -> Spans:
        """When it is known not to hold."""
        return self.known - self.true


def evaluate(
    timeline: Timeline,
    predicate: Predicate,
    from_ns: int,
    to_ns: int,
    max_age_s: float | None = None,
) -> Truth:
    """A predicate over [from, to).

    Args:
        timeline: What was recorded.
        predicate: The claim.
        from_ns: Start, recording time.
        to_ns: End, exclusive.
        max_age_s: For how long a value is believed, instead of the hold time.

    Raises:
        MissingError: If a signal was not recorded.
    """

    def again(inner: Predicate) -> Truth:
        return evaluate(timeline, inner, from_ns, to_ns, max_age_s)

    if predicate.all:
        return _all([again(inner) for inner in predicate.all])
    if predicate.any:
        return _any([again(inner) for inner in predicate.any])
    if predicate.not_ is not None:
        inner = again(predicate.not_)
        return Truth(true=inner.false, known=inner.known)
    if predicate.uds_state is not None:
        true, known = true_and_known(timeline, predicate.uds_state, from_ns, to_ns)
        return Truth(true=true, known=known)
    if predicate.zone is not None:
        seen = Spans.of([(from_ns, to_ns)]) - lost_on(timeline, predicate.zone.camera)
        return Truth(true=presence(timeline, predicate.zone) & seen, known=seen)
    return _compared(timeline, predicate, from_ns, to_ns, max_age_s)


def _compared(
    timeline: Timeline,
    predicate: Predicate,
    from_ns: int,
    to_ns: int,
    max_age_s: float | None,
) -> Truth:
    series = timeline.series(predicate.track)
    samples = held(
        series,
        from_ns,
        to_ns,
        hold_s=predicate.hold_s if max_age_s is None else max_age_s,
        require_e2e=predicate.require_e2e,
        out_of_range=predicate.out_of_range,
    )
    mask = satisfied(series, samples.rows, predicate)
    return Truth(true=samples.where(mask), known=samples.known())


def satisfied(series: Series, rows: Rows, predicate: Predicate) -> NDArray[np.bool_]:
    """Which samples of the predicate's signal satisfy its comparison."""
    mask = within(series, rows, predicate.min, predicate.max)
    if predicate.equals is not None:
        mask &= equal_to(series, rows, predicate.equals)
    if predicate.in_:
        mask &= np.any(
            [equal_to(series, rows, wanted) for wanted in predicate.in_], axis=0
        )
    if predicate.steady is not None:
        mask &= predicate.steady.satisfied(series, rows)
    return mask


def _all(parts: list[Truth]) -> Truth:
    true, false = parts[0].true, NOWHERE
    for part in parts:
        true, false = true & part.true, false | part.false
    return Truth(true=true, known=true | false)


def _any(parts: list[Truth]) -> Truth:
    true, false = NOWHERE, parts[0].false
    for part in parts:
        true, false = true | part.true, false & part.false
    return Truth(true=true, known=true | false)


def compared(predicate: Predicate) -> list[Predicate]:
    """Every comparison inside a predicate, in order."""
    inner = [*predicate.all, *predicate.any]
    if predicate.not_ is not None:
        inner.append(predicate.not_)
    if not inner:
        return [predicate]
    return [leaf for part in inner for leaf in compared(part)]


def sentence(predicate: Predicate) -> Sentence:
    """A predicate as words."""
    if predicate.all or predicate.any:
        parts = predicate.all or predicate.any
        worded = tuple(map(_grouped if len(parts) > 1 else sentence, parts))
        if predicate.any:
            return any_of(worded)
        return Sentence(key="predicate.all", values={"parts": worded})
    if predicate.not_ is not None:
        inner = sentence(predicate.not_)
        return Sentence(key="predicate.not", values={"part": inner})
    return _comparison(predicate)


def any_of(parts: tuple[Sentence, ...]) -> Sentence:
    """Several things of which one is enough; a single one is itself."""
    if len(parts) == 1:
        return parts[0]
    return Sentence(key="predicate.any", values={"parts": parts})


def _grouped(part: Predicate) -> Sentence:
    """One of several parts; in brackets if it has parts of its own."""
    words = sentence(part)
    if not (part.all or part.any):
        return words
    return Sentence(key="predicate.group", values={"part": words})


def _comparison(predicate: Predicate) -> Sentence:
    if predicate.uds_state is not None:
        return uds_state_sentence(predicate.uds_state)
    if predicate.zone is not None:
        values = {"zone": zone_sentence(predicate.zone)}
        return Sentence(key="predicate.zone", values=values)
    name: dict[str, object] = {"signal": predicate.track}
    if predicate.equals is not None:
        return Sentence(key="predicate.is", values=name | {"value": predicate.equals})
    if predicate.in_:
        listed = ", ".join(_text(value) for value in predicate.in_)
        return Sentence(key="predicate.one_of", values=name | {"listed": listed})
    if predicate.steady is not None:
        return predicate.steady.sentence(predicate.track)
    return limits(predicate.track, predicate.min, predicate.max)


def limits(signal: str, low: float | None, high: float | None) -> Sentence:
    """Limits of a signal as words."""
    name: dict[str, object] = {"signal": signal}
    if low is None:
        return Sentence(key="predicate.at_most", values=name | {"max": high or 0.0})
    if high is None:
        return Sentence(key="predicate.at_least", values=name | {"min": low})
    return Sentence(key="predicate.between", values=name | {"min": low, "max": high})


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else f"{value:g}"
