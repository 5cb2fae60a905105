"""Windows that never open, and events that never happen."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from examrunner.content.attempt_files import EventEntry
from examrunner.content.criterion_parts import parts
from examrunner.content.lint.task import Asked, Task, Worked
from examrunner.content.mistakes import nearest
from examrunner.criteria.dtc_clear_verify import DtcClearVerify
from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.events import Event
from examrunner.criteria.signal_reach import SignalReach
from examrunner.criteria.windows import Window
from examrunner.model.errors import ContentError

OPERATIONS: Final = frozenset(get_args(EventEntry.model_fields["op"].annotation))


def closed_windows(task: Task) -> Iterator[ContentError]:
    """Nobody can do anything within the window of a criterion."""
    for asked in task.asked:
        for part in parts(asked.criterion):
            if isinstance(part, Window):
                problem = _problem(part, task.rubric.limit_s)
                if problem:
                    remedy = "Correct the window."
                    yield task.fail(asked, problem, remedy, "window")
            needed = _longest(part)
            if needed > task.rubric.limit_s:
                yield task.fail(
                    asked,
                    f"it takes {needed:g} s, the exam ends after "
                    f"{task.rubric.limit_s:g} s.",
                    "Shorten it, or give the task more time.",
                    "",
                )


def _problem(window: Window, limit_s: float) -> str:
    if window.from_ == "exam.end" and window.offset_s >= 0:
        return "the window opens when the exam ends."
    if window.for_s is not None and window.for_s <= 0:
        return f"the window lasts {window.for_s:g} s."
    if window.for_s is None and window.to == "exam.start":
        return "the window closes when the exam starts."
    if window.for_s is None and window.from_ == window.to:
        return "the window closes at the moment at which it opens."
    if window.offset_s >= limit_s:
        return (
            f"the window opens {window.offset_s:g} s after its anchor, the exam ends "
            f"after {limit_s:g} s."
        )
    return _problem_with_length(window, limit_s)


def _problem_with_length(window: Window, limit_s: float) -> str:
    if window.for_s is None:
        return ""
    closes_s = window.offset_s + window.for_s
    if window.from_ == "exam.start":
        return "the window closes before the exam starts." if closes_s <= 0 else ""
    if max(closes_s, window.for_s) > limit_s:
        return (
            f"the window closes {closes_s:g} s after its anchor, the exam after "
            f"{limit_s:g} s."
        )
    return ""


def _longest(part: Any) -> float:
    """Seconds that a criterion needs at least; 0 if it does not say."""
    if isinstance(part, EventDwell):
        return part.score.full or 0.0
    if isinstance(part, SignalReach | DtcClearVerify):
        return part.hold_s
    return 0.0


def unknown_operations(
    task: Task, examples: tuple[Worked, ...]
) -> Iterator[ContentError]:
    """An event waits for an operation that nobody does, not even in an example."""
    done = {entry.op for worked in examples for entry in worked.example.ops}
    for asked in task.asked:
        for part in parts(asked.criterion):
            if isinstance(part, Event) and part.ops:
                yield from _unknown_operation(task, asked, part, done)


def _unknown_operation(
    task: Task, asked: Asked, event: Event, done: set[str]
) -> Iterator[ContentError]:
    if event.ops not in OPERATIONS | done:
        problem = f"there is no operation '{event.ops}'."
        yield task.fail(asked, problem, nearest(event.ops, OPERATIONS), "")
