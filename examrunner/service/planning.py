"""Candidates × tasks on stations, in turns, with variants drawn by lot."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examrunner.model.errors import ContentError


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """What planning needs to know of a task.

    Attributes:
        id: Task id.
        stations: Stations that have its rig, in order.
        variants: Variants that may be drawn, in order of the rubric.
    """

    id: str
    stations: Sequence[str]
    variants: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One attempt to be: who does what, where, in which variant."""

    candidate: str
    task: str
    station: str
    variant: str


def plan_turns(
    candidates: Sequence[str],
    tasks: Sequence[PlannedTask],
    *,
    seed: int,
    lots: Mapping[str, str],
) -> tuple[Turn, ...]:
    """All turns, round by round, so that nobody has two in the same round.

    Args:
        candidates: Codes, in the order in which they take turns.
        tasks: At least one.
        seed: Of the draw.
        lots: What identifies each candidate in the draw: the student number, so that
            a new service with the same roster and seed draws the same variants.
    """
    rounds = max(len(candidates), len(tasks))
    seats = [*candidates, *[""] * (rounds - len(candidates))]
    return tuple(
        Turn(
            candidate=seats[seat],
            task=task.id,
            station=task.stations[seat % len(task.stations)],
            variant=draw(task, seed=seed, lot=lots[seats[seat]]),
        )
        for round_ in range(rounds)
        for place, task in enumerate(tasks)
        if seats[seat := (round_ + place) % rounds]
    )


def draw(task: PlannedTask, *, seed: int, lot: str) -> str:
    """The variant that the lot gives; the same for the same seed, task and lot.

    Raises:
        ContentError: If the task has no variant to draw.
    """
    if not task.variants:
        raise ContentError(
            f"task {task.id} has no variant that may be drawn.",
            where=f"rubric of {task.id}, 'variants'",
            remedy="Add a variant of this pool.",
        )
    hashed = hashlib.sha256(f"{seed}|{task.id}|{lot}".encode()).digest()
    return task.variants[int.from_bytes(hashed) % len(task.variants)]
