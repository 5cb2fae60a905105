"""One scripted attempt: played straight into a recording and scored."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.archive.reading import open_recording
from examrunner.content.attempt_files import read_decisions
from examrunner.content.cases import read_case
from examrunner.content.rubrics import parse_rubric, read_rubric
from examrunner.content.search import SearchPath
from examrunner.decode.timeline import build_timeline
from examrunner.model.score import Digests, Score
from examrunner.model.traces import Earlier
from examrunner.scoring import judge, settle
from examrunner.scoring.remembering import remembered
from examrunner.scoring.software import deciding_software
from examrunner.simulation.attempt_files import write_attempt_files
from examrunner.simulation.recorded import record
from examrunner.simulation.session import REPLAYER, Part
from examrunner.simulation.workshop import Plan, plan_of
from examrunner.simulation.yesterday import with_tape

RECORDING: Final = "recording"
YESTERDAY: Final = "yesterday"
RUBRIC: Final = "rubric.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One attempt of the golden table."""

    task: str
    profile: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where attempts are played.

    Attributes:
        search: Where content lies.
        cache: Folder for tables of rendered cameras.
    """

    search: SearchPath
    cache: Path


def play(cell: Cell, place: Place, folder: Path) -> tuple[Plan, Score]:
    """Record the attempt into ``folder`` and score it, with what examiners would say.

    Raises:
        ContentError: If the attempt cannot be played.
    """
    plan = planned(cell, place)
    if cell.profile == REPLAYER:
        plan = with_tape(plan, place.search, folder / YESTERDAY)
    record(plan, folder / RECORDING)
    write_attempt_files(plan, folder)
    return plan, scored(plan, folder)


def planned(cell: Cell, place: Place) -> Plan:
    """The plan of an attempt, on the rig that its rubric names.

    Raises:
        ContentError: If there is no such task or profile.
    """
    rig = read_rubric(place.search.find("rubric", cell.task)).rig
    part = Part(task=cell.task, profile=cell.profile)
    return plan_of(rig, place.search, seed=cell.seed, cache=place.cache, part=part)


def scored(plan: Plan, folder: Path) -> Score:
    """The score of an attempt that ``play`` recorded into ``folder``."""
    rubric = parse_rubric(plan.files[RUBRIC][1], folder / RUBRIC)
    case = read_case(folder / "case.json")
    recording = open_recording(folder / RECORDING)
    timeline = build_timeline(recording, plan.rig)
    earlier = _earlier(folder / YESTERDAY, plan)
    judgements = judge(timeline, rubric, case, earlier=earlier)
    digests = Digests(
        recording=recording.digest, rubric=rubric.digest, case=case.digest
    )
    return settle(
        rubric,
        judgements,
        read_decisions(folder / "decisions.json"),
        digests=digests,
        software=deciding_software(),
    )


def _earlier(path: Path, plan: Plan) -> tuple[Earlier, ...]:
    if not path.is_dir():
        return ()
    recording = open_recording(path)
    return (remembered(recording.digest, build_timeline(recording, plan.rig)),)
