"""Whole attempts at a simulated station: a rig, a capture process, real ports."""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from examrunner.agent.attempt import Attempt
from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.secrets import CASE
from examrunner.agent.simulated_rig import Casting, SimulatedRig, pointed_at
from examrunner.agent.states import Phase
from examrunner.agent.task import Task
from examrunner.agent.tasks import task_of
from examrunner.archive.reading import Recording, open_recording
from examrunner.capture.plan import Plan as CapturePlan
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.digests import digest_of
from examrunner.model.recording import Header
from examrunner.model.station import Station
from examrunner.simulation.attempt_files import case_of, challenge_of
from examrunner.simulation.recorded import record
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import Plan, plan_of
from examrunner.wire import Lease, ScoreMessage

ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
MOMENT = datetime.fromisoformat("2026-11-23T09:30:00+08:00")
SEED = 1
CONTENT = SearchPath.of()


def a_plan(
    station: str, task: str, variant: str, cache: Path, profile: str = "competent"
) -> Plan:
    """What a candidate does at a task."""
    part = Part(task=task, profile=profile)
    return plan_of(station, CONTENT, seed=SEED, cache=cache, part=part, variant=variant)


def a_lease(plan: Plan, station: Station) -> Lease:
    """As the service would hand it out for a plan."""
    secrets = case_of(plan)
    task = str(secrets["task"])
    rubric = CONTENT.find("rubric", task).read_bytes()
    case = json.dumps(secrets)
    return Lease(
        attempt_id=UUID(ATTEMPT),
        token=1,
        station=station.name,
        rig=station.rig.name,
        candidate="K7Q2M9",
        task=task,
        mode="exam",
        variant=str(secrets["variant"]),
        rubric=rubric.decode(),
        rubric_digest=digest_of(rubric),
        case=case,
        case_digest=digest_of(case.encode()),
        nonce=challenge_of(plan),
        issued_at=MOMENT,
        expires_at=MOMENT,
    )


def an_attempt(
    folder: Path, plan: Plan, *, speed: float
) -> tuple[Recording, ScoreMessage]:
    """Plays a plan through a rig's process and ports, and judges it there."""
    station = read_station(plan.station, CONTENT)
    lease = a_lease(plan, station)
    files = AttemptFiles(folder=folder)
    files.open(lease)
    task = the_task(lease, station, files)
    profile = plan.part.profile if plan.part else ""
    casting = Casting(profile=profile, speed=speed, seed=plan.seed)
    with SimulatedRig(
        station.name, task=lease.task, variant=lease.variant, casting=casting
    ) as rig:
        pointed = pointed_at(station, rig.ports)
        capture = CapturePlan(
            folder=files.recording,
            header=Header(
                attempt_id=ATTEMPT, mode="exam", nonce=lease.nonce, software={}
            ),
            can=pointed.can,
            cameras=pointed.cameras,
            fault_box=pointed.fault_box,
            clock=pointed.clock,
        )
        attempt = Attempt(
            task,
            capture,
            files,
            notice=lambda progress, now: None,
            shown=lambda score: None,
            wants_stop=lambda: False,
        )
        assert attempt.run().phase is Phase.CLEARED
    return open_recording(files.recording), judged(task, files.recording)


def straight(folder: Path, plan: Plan) -> tuple[Recording, ScoreMessage]:
    """Plays a plan straight into a recording, judged as its station would."""
    station = read_station(plan.station, CONTENT)
    lease = a_lease(plan, station)
    files = AttemptFiles(folder=folder)
    files.open(lease)
    record(plan, files.recording)
    task = the_task(lease, station, files)
    return open_recording(files.recording), judged(task, files.recording)


def the_task(lease: Lease, station: Station, files: AttemptFiles) -> Task:
    """What the station makes of a lease."""
    case = CASE.validate_json(lease.case)
    return task_of(lease, case, station.rig, CONTENT, files)


def judged(task: Task, recording: Path) -> ScoreMessage:
    """The station's own score."""
    score = task.judge(recording)
    assert score is not None
    return score
