"""A plan as a recording on disk."""

import importlib.metadata
from pathlib import Path
from typing import Final

from examrunner.archive.writer import RecordingWriter
from examrunner.model.recording import Header
from examrunner.simulation.attempt_files import challenge_of
from examrunner.simulation.straight import StraightRecorder
from examrunner.simulation.workshop import Plan, build

OPENED_AT: Final = "2026-01-05T08:00:00+08:00"
"""Wall time of every simulated recording: the same seed gives the same bytes."""


def record(plan: Plan, folder: Path) -> str:
    """Play a plan into a recording; returns its digest.

    Raises:
        ContentError: If the plan cannot be played.
        RecordingError: If the folder is taken or the disk refuses.
    """
    workshop = build(plan)
    version = importlib.metadata.version("examrunner")
    header = Header(
        station=plan.station,
        rig=plan.rig.name,
        candidate=plan.part.profile if plan.part else "",
        task=plan.part.task if plan.part else "",
        mode="rehearsal",
        opened_at=OPENED_AT,
        nonce=challenge_of(plan),
        software={"examrunner": version, "simulation": str(plan.seed)},
    )
    with RecordingWriter(
        folder,
        header,
        channels=[channel.name for channel in plan.rig.channels],
        cameras=[camera.name for camera in plan.rig.cameras],
        sync=False,
    ) as writer:
        recorder = StraightRecorder(
            workshop.session, workshop.fault_box, workshop.lenses, writer
        )
        inject = plan.variant.inject if plan.variant else ()
        return recorder.record(plan.files, inject, challenge_of(plan))
