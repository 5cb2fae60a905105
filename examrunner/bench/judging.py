"""Judging the sixteen recordings of one candidate, and building their timelines."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from examrunner.archive.columns import columns_of
from examrunner.archive.reading import Recording, open_recording
from examrunner.bench.harness import Case, took_ms
from examrunner.bench.played import Cell, Place, planned
from examrunner.content.cases import read_case
from examrunner.content.rubrics import parse_rubric
from examrunner.content.search import SearchPath
from examrunner.decode.timeline import build_timeline
from examrunner.decode.vision.pictures import read_gray
from examrunner.model.case import Case as Secrets
from examrunner.model.rubric import Rubric
from examrunner.model.station import Rig
from examrunner.model.timeline import Timeline
from examrunner.scoring import judge
from examrunner.simulation.attempt_files import write_attempt_files
from examrunner.simulation.recorded import record
from examrunner.simulation.session import scripted_tasks

JUDGING_LIMIT_MS: Final = 500.0
BUILDING_LEAST: Final = 1 / 1.2
"""Building may take 1.2 times what reading and decoding take."""

Played = tuple[Recording, Rig, Rubric, Secrets]


def cases() -> Iterator[Case]:
    """Judging from timelines that are kept, and building them."""
    played = list(_played())
    kept = [
        (build_timeline(rec, rig), rubric, case) for rec, rig, rubric, case in played
    ]
    yield Case(
        case=f"judge {len(kept)} golden recordings from kept timelines, warm",
        unit="ms",
        better="lower",
        ours=took_ms(lambda: _judged(kept)),
        limit=JUDGING_LIMIT_MS,
    )
    yield Case(
        case=f"build {len(kept)} timelines; beside it: read the columns and decode the "
        "pictures only",
        unit="ms",
        better="lower",
        ours=took_ms(lambda: _built(played)),
        peers={"reading": took_ms(lambda: _read(played))},
        limit_ratio={"reading": BUILDING_LEAST},
    )


def _played() -> Iterator[Played]:
    folder = Path(tempfile.mkdtemp(prefix="examrunner-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    place = Place(search=SearchPath.of(), cache=folder / "cache")
    for task in scripted_tasks():
        plan = planned(Cell(task=task, profile="competent", seed=1), place)
        record(plan, folder / task)
        write_attempt_files(plan, folder / f"{task}-case")
        rubric = parse_rubric(plan.files["rubric.yaml"][1], folder / "rubric.yaml")
        case = read_case(folder / f"{task}-case" / "case.json")
        yield open_recording(folder / task), plan.rig, rubric, case


def _judged(kept: Sequence[tuple[Timeline, Rubric, Secrets]]) -> None:
    for timeline, rubric, case in kept:
        judge(timeline, rubric, case)


def _built(played: Sequence[Played]) -> None:
    """Columns, samples of every signal and what every picture is remembered by."""
    for recording, rig, _, _ in played:
        timeline = build_timeline(recording, rig)
        for name in timeline.messages:
            timeline.message(name)
        len(timeline.pictures)


def _read(played: Sequence[Played]) -> None:
    for recording, _, _, _ in played:
        for frames in columns_of(recording).values():
            frames.data.sum()
        for camera in recording.cameras:
            for picture in recording.pictures(camera):
                read_gray(picture.data, picture.name)
