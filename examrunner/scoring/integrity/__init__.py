"""What every attempt is checked for without being asked. It only raises flags."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.scoring.integrity.cameras import cameras
from examrunner.scoring.integrity.challenge import challenge
from examrunner.scoring.integrity.recorder import clock_steps, losses
from examrunner.scoring.integrity.replays import pictures, traffic
from examrunner.scoring.integrity.senders import senders
from examrunner.scoring.integrity.unchecked import unchecked

PREFIX: Final = "integrity."
"""Begins the key of a judgement that nobody asked for."""

Check = Callable[[Hearing], Iterator[tuple[str, Judgement]]]

CHECKS: Final[tuple[Check, ...]] = (
    losses,
    clock_steps,
    senders,
    traffic,
    pictures,
    challenge,
    cameras,
)
"""Each gives what it found, by ``<kind>`` or ``<kind>.<what>``."""


def integrity(hearing: Hearing) -> Mapping[str, Judgement]:
    """What was found, by ``integrity.<kind>...``; a sound attempt gives nothing.

    A mistake in a check must never cost an exam: it becomes a flag of its own.
    """
    found: dict[str, Judgement] = {}
    for check in CHECKS:
        try:
            kept = dict(check(hearing))
        except Exception as error:  # noqa: BLE001 - a bug in one check must not cost an exam
            kept = dict(unchecked(check.__name__, error))
        found.update({f"{PREFIX}{key}": judgement for key, judgement in kept.items()})
    return found
