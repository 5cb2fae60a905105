"""How fast simulated rigs are, straight and without a bus."""

import atexit
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Final

from examrunner.bench.harness import Case, Measure, timed
from examrunner.content.search import SearchPath
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.recorded import record
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import Plan, build, plan_of

CHUNK_NS: Final = 10 * NS_PER_S
REAL_TIME_LIMIT: Final = 300.0
WHOLE_TASK_LIMIT_S: Final = 10.0
RIGS: Final = {"C06": "chassis_bywire", "F13": "body_net"}


def cases() -> list[Case]:
    """Rig time per wall time of the CAN part, and a whole camera task."""
    folder = Path(tempfile.mkdtemp(prefix="examrunner-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    can_part = [
        Case(
            case=f"CAN part of {task} on {rig}",
            unit="x real time",
            better="higher",
            ours=_real_time(_planned(task, rig, folder)),
            limit=REAL_TIME_LIMIT,
        )
        for task, rig in RIGS.items()
    ]
    whole = Case(
        case="whole C01 into a recording, pictures included",
        unit="s",
        better="lower",
        ours=_whole_task(_planned("C01", "adas_bench", folder), folder),
        limit=WHOLE_TASK_LIMIT_S,
    )
    return [*can_part, whole]


def _planned(task: str, rig: str, folder: Path) -> Plan:
    part = Part(task=task, profile="competent")
    return plan_of(rig, SearchPath.of(), seed=1, cache=folder, part=part)


def _real_time(plan: Plan) -> Measure:
    def measure() -> float:
        reached_ns: list[int] = []
        rounds_per_s = timed(lambda: reached_ns.append(_played_ns(plan)))()
        return reached_ns[0] / NS_PER_S * rounds_per_s

    return measure


def _played_ns(plan: Plan) -> int:
    """Play the script without taking its pictures; rig time at the end."""
    session = build(plan).session
    base, kernel = session.rig.base, session.kernel
    session.start()
    collected_ns = 0
    while not session.stage.over:
        if session.run(collected_ns + CHUNK_NS) is not None:
            session.stage.done()
            continue
        collected_ns = kernel.now_ns
        base.collect()
    base.collect()
    return kernel.now_ns


def _whole_task(plan: Plan, folder: Path) -> Measure:
    numbers = count()
    tasks_per_s = timed(lambda: record(plan, folder / f"c01-{next(numbers)}"))
    return lambda: 1.0 / tasks_per_s()
