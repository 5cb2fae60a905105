"""When a criterion looks: windows in exam time, as spans of recording time."""

from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.exam_time import exam_ns, recording_ns, running, seconds
from examrunner.criteria.predicates import Predicate, evaluate
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.spans import Spans
from examrunner.criteria.unseen import unseen_event, unseen_state, unseen_times
from examrunner.criteria.verdicts import evidence_of, graded, span
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence
from examrunner.model.text import Text
from examrunner.model.timeline import NS_PER_S

Anchor = Literal["exam.start", "exam.end"] | Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of exam time, half open.

    Attributes:
        from_: Where it opens.
        to: Where it closes; ignored if ``for_s`` is given.
        for_s: Its length.
        offset_s: Shifts the opening; later is positive.
        while_: Only the time in which this holds.
        title: What people call it, instead of all of the above.
    """

    from_: Anchor = "exam.start"
    to: Anchor = "exam.end"
    for_s: float | None = None
    offset_s: float = 0.0
    while_: Predicate | None = None
    title: Text | None = None


WHOLE_EXAM = Window()


class NotOpenedError(Exception):
    """A window that never opened: the criterion is not met.

    Where the recorder lost what would have opened it, an examiner has to decide.

    Args:
        judgement: What that means.
    """

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(judgement.reason.key)
        self.judgement = judgement


def opened(hearing: Hearing, window: Window) -> Spans:
    """The spans of a window in recording time, pauses cut out.

    Raises:
        NotOpenedError: If an anchor never happened or the window is empty.
        MissingError: If what an anchor looks at was not recorded.
    """
    clock = hearing.clock
    start = moment_of(hearing, window.from_)
    if window.offset_s:
        shifted = exam_ns(clock, start) + round(window.offset_s * NS_PER_S)
        start = recording_ns(clock, shifted)
    spans = Spans.of([(start, _closing(hearing, window, start))]) & running(clock)
    if window.while_ is not None and len(spans):
        whole = spans
        spans &= evaluate(hearing.timeline, window.while_, *spans.hull_ns).true
        lost = None if len(spans) else unseen_state(hearing, window.while_, whole)
        if lost is not None:
            raise NotOpenedError(lost)
    if not len(spans):
        raise NotOpenedError(_empty(hearing, window, start))
    return spans


def _closing(hearing: Hearing, window: Window, start: int) -> int:
    clock = hearing.clock
    if window.for_s is None:
        return moment_of(hearing, window.to)
    wanted = exam_ns(clock, start) + round(window.for_s * NS_PER_S)
    end = recording_ns(clock, wanted)
    if end > clock.stop_ns and not isinstance(window.from_, str):
        raise NotOpenedError(_cut(hearing, window, start))
    return end


def moment_of(hearing: Hearing, anchor: Anchor) -> int:
    """Recording time of an anchor.

    Raises:
        NotOpenedError: If it never happened.
        MissingError: If what it looks at was not recorded.
    """
    if anchor == "exam.start":
        return hearing.clock.start_ns
    if not isinstance(anchor, Event):
        return hearing.clock.stop_ns
    times = happenings(hearing.timeline, anchor, running(hearing.clock))
    if len(times):
        return int(times[0])
    lost = unseen_event(hearing, anchor, running(hearing.clock))
    if lost is not None:
        raise NotOpenedError(lost)
    if anchor.else_ is not None:
        return moment_of(hearing, anchor.else_)
    raise NotOpenedError(_never(hearing, anchor))


def misplaced(hearing: Hearing, window: Window) -> Judgement | None:
    """The judgement if a diagnostic anchor may have happened elsewhere, unheard."""
    if not hearing.timeline.health.losses:
        return None
    ends = (window.from_, window.to if window.for_s is None else "exam.end")
    found = (_moved(hearing, anchor) for anchor in ends)
    return next((each for each in found if each is not None), None)


def _moved(hearing: Hearing, anchor: Anchor) -> Judgement | None:
    """The same for one anchor: before it, or after it if the last one is meant."""
    if isinstance(anchor, str) or anchor.uds is None:
        return None
    exam = running(hearing.clock)
    times = happenings(hearing.timeline, anchor, exam)
    if not len(times):
        return None
    at_ns = int(times[0])
    is_last = anchor.nth == "last"
    rest = (at_ns + 1, exam.hull_ns[1]) if is_last else (exam.hull_ns[0], at_ns)
    part = exam & Spans.of([rest])
    if not len(unseen_times(hearing, anchor, part)):
        return None
    return unseen_event(hearing, anchor, part)


def _never(hearing: Hearing, anchor: Event) -> Judgement:
    clock = hearing.clock
    values = {
        "event": event_sentence(anchor),
        "span": span(clock.start_ns, clock.stop_ns),
    }
    reason = Sentence(key="window.never", values=values)
    return graded(0.0, reason, evidence=[evidence_of("ops", running(clock))])


def _empty(hearing: Hearing, window: Window, start: int) -> Judgement:
    values = {
        "window": sentence(window),
        "span": span(start, hearing.clock.stop_ns),
    }
    reason = Sentence(key="window.empty", values=values)
    return graded(0.0, reason, evidence=[evidence_of("ops", running(hearing.clock))])


def _cut(hearing: Hearing, window: Window, start: int) -> Judgement:
    values = {
        "needed_s": window.for_s or 0.0,
        "left_s": round(seconds(hearing.clock.stop_ns - start), 3),
        "span": span(start, hearing.clock.stop_ns),
    }
    reason = Sentence(key="window.cut", values=values)
    return graded(0.0, reason, evidence=[evidence_of("ops", running(hearing.clock))])


def sentence(window: Window) -> Sentence:
    """A window as words."""
    if window.title is not None:
        return Sentence(key="titled", values={"title": window.title})
    if window.for_s is None:
        values: dict[str, object] = {
            "from": anchor_sentence(window.from_),
            "to": anchor_sentence(window.to),
        }
        words = Sentence(key="window.between", values=values)
        if window.offset_s:
            values["offset_s"] = window.offset_s
            words = Sentence(key="window.between_shifted", values=values)
        if window == Window(while_=window.while_):
            words = Sentence(key="window.exam")
    else:
        values = {
            "from": anchor_sentence(window.from_),
            "for_s": window.for_s,
            "offset_s": window.offset_s,
        }
        words = Sentence(key="window.for", values=values)
        if window.offset_s < 0:
            values["before_s"] = -window.offset_s
            words = Sentence(key="window.before", values=values)
    if window.while_ is None:
        return words
    inner = predicate_sentence(window.while_)
    return Sentence(key="window.while", values={"window": words, "while": inner})


def anchor_sentence(anchor: Anchor) -> Sentence:
    """An anchor as words."""
    if isinstance(anchor, str):
        return Sentence(key=f"anchor.{anchor.removeprefix('exam.')}")
    return event_sentence(anchor)
