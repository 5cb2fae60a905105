"""Every rule of the linter, and what it says about a task."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.content.lint.answers import impossible_answers, variants_without_basis
from examrunner.content.lint.limits import contradictory_critical, contradictory_limits
from examrunner.content.lint.names import (
    small_pools,
    unknown_faults,
    unknown_names,
    unknown_watches,
)
from examrunner.content.lint.outcomes import (
    cheats_that_pass,
    one_sided_critical,
    points_that_nobody_earns,
    unexercised,
)
from examrunner.content.lint.pace import other_cycle, slow_signals
from examrunner.content.lint.sheets import unequal_pages
from examrunner.content.lint.task import Task, Worked
from examrunner.content.lint.windows import closed_windows, unknown_operations
from examrunner.model.errors import ContentError

Rule = Callable[[Task], Iterator[ContentError]]
ExampleRule = Callable[[Task, tuple[Worked, ...]], Iterator[ContentError]]

ERRORS: Final[tuple[Rule, ...]] = (
    unequal_pages,
    unknown_names,
    unknown_faults,
    unknown_watches,
    impossible_answers,
    variants_without_basis,
    contradictory_limits,
    contradictory_critical,
    closed_windows,
    slow_signals,
)
"""Found in the rubric and its pages alone."""
EXAMPLE_ERRORS: Final[tuple[ExampleRule, ...]] = (
    unknown_operations,
    cheats_that_pass,
    points_that_nobody_earns,
)
"""Found by scoring the worked examples."""
WARNINGS: Final[tuple[Rule, ...]] = (other_cycle, small_pools)
EXAMPLE_WARNINGS: Final[tuple[ExampleRule, ...]] = (unexercised, one_sided_critical)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """What the linter says; each sentence once, where it was first found."""

    errors: tuple[ContentError, ...]
    warnings: tuple[ContentError, ...]


def lint(task: Task) -> Lint:
    """What the rubric and its pages say about themselves."""
    return Lint(
        errors=_once([e for rule in ERRORS for e in rule(task)]),
        warnings=_once([e for rule in WARNINGS for e in rule(task)]),
    )


def lint_examples(task: Task, examples: Sequence[Worked]) -> Lint:
    """What the worked examples show."""
    worked = tuple(examples)
    return Lint(
        errors=_once([e for rule in EXAMPLE_ERRORS for e in rule(task, worked)]),
        warnings=_once([e for rule in EXAMPLE_WARNINGS for e in rule(task, worked)]),
    )


def _once(found: Sequence[ContentError]) -> tuple[ContentError, ...]:
    """What several criteria share under ``defs`` is wrong once."""
    first: dict[tuple[str, str], ContentError] = {}
    for error in found:
        first.setdefault((error.problem.partition(": ")[2], error.where), error)
    return tuple(first.values())
