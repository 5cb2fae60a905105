"""Anybody who knows the work but begins much too late: the time runs out."""

from typing import Final

from examrunner.simulation.actions import Process
from examrunner.simulation.candidates.workplace import Workplace, seconds

HESITATES: Final = 0.95
"""Share of the time limit that passes before the work begins."""


def script(place: Workplace, task: Process) -> Process:
    """The competent work, most of it after the time is up."""
    yield seconds(HESITATES * place.limit_s)
    yield from task
