"""Signals that are too slow for what is asked of them."""

from collections.abc import Iterator
from typing import Any, Final

from examrunner.content.criterion_parts import parts, texts
from examrunner.content.lint.task import Asked, Task
from examrunner.criteria.gateway_route import GatewayRoute
from examrunner.criteria.guard import Guard
from examrunner.criteria.msg_cycle import MsgCycle
from examrunner.criteria.predicates import Predicate, compared
from examrunner.criteria.signal_at import SignalAt
from examrunner.criteria.signal_freeze import SignalFreeze
from examrunner.criteria.signal_range import Limits
from examrunner.criteria.signal_relation import SignalRelation
from examrunner.criteria.signal_stat import SignalStat
from examrunner.criteria.step_response import StepResponse
from examrunner.criteria.tracking import Tracking
from examrunner.criteria.windows import Window
from examrunner.model.errors import ContentError

LEAST_AT_REST: Final = 3
"""Samples that a step response needs before the step to know where it began."""
SIGNAL_KEYS: Final = ("signal", "command", "feedback", "stimulus", "source", "target")
HELD: Final = (Predicate, Limits, SignalStat, SignalFreeze, SignalRelation, Tracking)
"""Parts whose ``hold_s`` says how long a value stays valid."""


def slow_signals(task: Task) -> Iterator[ContentError]:
    """A window closes, or a value is too old, before the signal comes again."""
    for asked in task.asked:
        for part in parts(asked.criterion):
            for key, problem, remedy in _problems(task, part):
                yield task.fail(asked, problem, remedy, key)


def _problems(task: Task, part: Any) -> Iterator[tuple[str, str, str]]:
    window = getattr(part, "window", None)
    if isinstance(window, Window):
        yield from _few_samples(task, part, window)
    if isinstance(part, HELD) and part.hold_s is not None:
        yield from _short_lived(task, texts(getattr(part, "signal", "")), part.hold_s)
    if isinstance(part, Guard | SignalAt) and part.max_age_s is not None:
        yield from _stale(task, part, part.max_age_s)
    if isinstance(part, StepResponse):
        cycle_s = task.cycle_s(part.feedback)
        if cycle_s is not None and part.y0_s < LEAST_AT_REST * cycle_s:
            yield (
                "y0_s",
                f"{part.feedback} comes every {cycle_s:g} s, so {part.y0_s:g} s before "
                f"a step hold fewer than {LEAST_AT_REST} values.",
                "Lengthen y0_s.",
            )
    if isinstance(part, MsgCycle) and part.nominal_ms is None:
        yield from _without_cycle(task, part)


def _few_samples(
    task: Task, part: Any, window: Window
) -> Iterator[tuple[str, str, str]]:
    """The window has no room for the values that the criterion wants."""
    room_s = task.rubric.limit_s if window.for_s is None else window.for_s
    needed = _needed(part)
    for name in _named(part):
        cycle_s = task.cycle_s(name)
        if cycle_s is not None and room_s / cycle_s < needed:
            yield (
                "window",
                f"{name} comes every {cycle_s:g} s, at most {room_s / cycle_s:.0f} "
                f"times in a window of {room_s:g} s; {needed} are needed.",
                "Lengthen the window, or ask for fewer values.",
            )


def _needed(part: Any) -> int:
    counts = (getattr(part, key, 0) for key in ("min_samples", "min_frames"))
    needed = max((n for n in counts if isinstance(n, int)), default=0)
    return max(1, needed, part.min_changes if isinstance(part, GatewayRoute) else 0)


def _named(part: Any) -> Iterator[str]:
    for key in SIGNAL_KEYS:
        yield from texts(getattr(part, key, ""))
    for key in ("message", "messages"):
        yield from texts(getattr(part, key, ""))
    for limits in getattr(part, "all", ()):
        yield from texts(getattr(limits, "signal", ""))


def _short_lived(
    task: Task, names: tuple[str, ...], hold_s: float
) -> Iterator[tuple[str, str, str]]:
    for name in names:
        cycle_s = task.cycle_s(name)
        if cycle_s is not None and hold_s < cycle_s:
            yield (
                "hold_s",
                f"{name} comes every {cycle_s:g} s, but a value stays valid for "
                f"{hold_s:g} s only.",
                f"Let it stay valid for {cycle_s:g} s or longer.",
            )


def _stale(
    task: Task, part: Guard | SignalAt, max_age_s: float
) -> Iterator[tuple[str, str, str]]:
    wanted = part.all if isinstance(part, SignalAt) else (part.require,)
    for predicate in (leaf for each in wanted for leaf in compared(each)):
        cycle_s = task.cycle_s(predicate.signal)
        if cycle_s is not None and max_age_s < cycle_s:
            yield (
                "max_age_s",
                f"{predicate.signal} comes every {cycle_s:g} s, but a value older than "
                f"{max_age_s:g} s is not believed.",
                f"Let max_age_s be {cycle_s:g} or more.",
            )


def _without_cycle(task: Task, part: MsgCycle) -> Iterator[tuple[str, str, str]]:
    names = {name.partition(".")[0] for name in task.signals}
    for name in texts(part.messages):
        if name in names and task.cycle_s(name) is None:
            yield (
                "messages",
                f"the database gives no cycle of {name}, which is sent on events.",
                "Give nominal_ms, or leave the message out.",
            )


def other_cycle(task: Task) -> Iterator[ContentError]:
    """A message is wanted at another cycle than its database says."""
    for asked in task.asked:
        for part in parts(asked.criterion):
            if isinstance(part, MsgCycle) and part.nominal_ms is not None:
                yield from _other_cycle(task, asked, part, part.nominal_ms)


def _other_cycle(
    task: Task, asked: Asked, part: MsgCycle, nominal_ms: float
) -> Iterator[ContentError]:
    for name in texts(part.messages):
        cycle_s = task.cycle_s(name)
        if cycle_s is not None and abs(nominal_ms - 1e3 * cycle_s) > 1e-6:
            problem = (
                f"{name} is wanted every {nominal_ms:g} ms, its database says "
                f"{1e3 * cycle_s:g} ms."
            )
            yield task.fail(asked, problem, "Make both equal.", "nominal_ms")
