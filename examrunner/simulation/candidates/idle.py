"""Anybody who does nothing: stands somewhere else and leaves after a while."""

from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.workplace import Workplace

WAITS_S: Final = 90.0


def script(place: Workplace, task: Process) -> Process:
    """No answer, no tool, no picture."""
    task.close()
    yield place.wait(WAITS_S)
    yield Action(do="stop")
