"""What a replayer has in his hands: the same task, done well the day before."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from examrunner.archive.reading import open_recording
from examrunner.content.search import SearchPath
from examrunner.simulation.recorded import record
from examrunner.simulation.tape import Tape
from examrunner.simulation.workshop import Plan, plan_of

DAYS_APART: Final = 1000
"""What the seeds of yesterday and today differ by."""
HONEST: Final = "competent"


def with_tape(plan: Plan, search: SearchPath, folder: Path) -> Plan:
    """The plan of a replayer with yesterday's recording, which is made in ``folder``.

    Raises:
        ContentError: If it cannot be played.
        RecordingError: If the folder is taken or the disk refuses.
    """
    if plan.part is None:
        raise ValueError("nobody plays")
    yesterday = plan_of(
        plan.station,
        search,
        seed=plan.seed + DAYS_APART,
        cache=plan.cache,
        part=replace(plan.part, profile=HONEST),
    )
    record(yesterday, folder)
    return replace(plan, tape=Tape.of(open_recording(folder)))
