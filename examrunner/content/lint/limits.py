"""Limits that contradict themselves, their signal, or the exam."""

from collections.abc import Iterator
from typing import Any, Final

from examrunner.content.criterion_parts import parts
from examrunner.content.lint.task import Task
from examrunner.criteria.composite import Composite
from examrunner.criteria.events import Event
from examrunner.criteria.gateway_route import GatewayRoute
from examrunner.criteria.node_set import NodeSet
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.time_used import TimeUsed
from examrunner.criteria.uds_service import UdsService
from examrunner.criteria.view_coverage import ViewCoverage
from examrunner.model.errors import ContentError

SHARES: Final = (GatewayRoute, NodeSet, ViewCoverage)
"""Kinds whose ``score`` is about a share, 0 to 1."""
CORRECT_LIMITS: Final = "Correct the limits."


def contradictory_limits(task: Task) -> Iterator[ContentError]:
    """Nothing that happens can satisfy a criterion."""
    for asked in task.asked:
        for part in parts(asked.criterion):
            for key, problem in _problems(task, part):
                yield task.fail(asked, problem, CORRECT_LIMITS, key)


def _problems(task: Task, part: Any) -> Iterator[tuple[str, str]]:
    low, high = getattr(part, "min", None), getattr(part, "max", None)
    if isinstance(low, float | int) and isinstance(high, float | int) and low > high:
        yield "min", f"no value is at least {low:g} and at most {high:g}."
    elif isinstance(part, Predicate):
        yield from _beyond(task, part)
    if isinstance(part, Event) and part.signal and part.crosses is not None:
        yield from _never_crossed(task, part, part.crosses)
    yield from _shares(part)
    if isinstance(part, UdsService) and part.distinct_ecus is not None:
        most = len(task.rig.ecus)
        if (part.distinct_ecus.full or 0) > most:
            wanted = f"{part.distinct_ecus.full:g} ECUs are wanted for full points"
            yield "distinct_ecus", f"{wanted}, the rig {task.rig.name} has {most}."
    if isinstance(part, TimeUsed) and part.full_s > part.zero_s:
        yield (
            "full_s",
            f"full points at {part.full_s:g} s come after none at {part.zero_s:g} s.",
        )
    counted = isinstance(part, Composite) and part.combine == "k_of_n"
    if counted and part.k > len(part.of):
        yield "k", f"{part.k} of {len(part.of)} inner criteria cannot be met."


def _beyond(task: Task, part: Predicate) -> Iterator[tuple[str, str]]:
    """Comparisons with values that the signal never has."""
    known = task.signals.get(part.signal)
    if known is None or part.out_of_range:
        return
    wanted = part.equals
    exact = isinstance(wanted, float | int) and not isinstance(wanted, bool)
    floor = part.min if part.min is not None else wanted if exact else None
    roof = part.max if part.max is not None else wanted if exact else None
    if isinstance(floor, float | int) and known.high is not None and floor > known.high:
        text = f"{part.signal} goes up to {known.high:g} {known.unit}".rstrip()
        yield "signal", f"{text}, never to {floor:g}."
    if isinstance(roof, float | int) and known.low is not None and roof < known.low:
        text = f"{part.signal} goes down to {known.low:g} {known.unit}".rstrip()
        yield "signal", f"{text}, never to {roof:g}."


def _never_crossed(task: Task, part: Event, limit: float) -> Iterator[tuple[str, str]]:
    known = task.signals.get(part.signal)
    if known is None or part.out_of_range or known.low is None or known.high is None:
        return
    if not known.low <= limit <= known.high:
        ends = f"{known.low:g} to {known.high:g} {known.unit}".rstrip()
        yield "signal", f"{part.signal} goes from {ends} and never crosses {limit:g}."


def _shares(part: Any) -> Iterator[tuple[str, str]]:
    keys = ["share", "score"] if isinstance(part, SHARES) else ["share"]
    for key in keys:
        value = getattr(part, key, None)
        full = value.full if isinstance(value, Scale) else value
        if isinstance(full, float | int) and full > 1:
            yield key, f"no share is above 1; {full:g} earns full points."


def contradictory_critical(task: Task) -> Iterator[ContentError]:
    """A critical limit fails those who earn every point."""
    for asked in task.asked:
        limit, scale = asked.critical, getattr(asked.criterion, "score", None)
        if limit is None or limit.value is None or not isinstance(scale, Scale):
            continue
        if scale.full is None or scale.zero is None or scale.full == scale.zero:
            continue
        less = scale.zero > scale.full
        right = "value_above" if less else "value_below"
        beyond = scale.full > limit.value if less else scale.full < limit.value
        if limit.rule != right or beyond:
            word = limit.rule.removeprefix("value_")
            yield task.fail(
                asked,
                f"{scale.full:g} earns every point and {scale.zero:g} none, yet "
                f"{word} {limit.value:g} the task is failed.",
                f"Use {right} with a limit beyond {scale.full:g}.",
                "critical",
            )
