"""How a station is, read from its folder alone: it may run, or not, meanwhile."""

import datetime
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from examrunner.agent.attempt_files import AttemptFiles, unfinished
from examrunner.agent.place import CONTACT_FILE, LOCK_FILE
from examrunner.agent.rig_lock import RigLock
from examrunner.agent.room import Room
from examrunner.delivery.outbox import Delivery, Outbox

OUTBOX_FILE: Final = "outbox.db"


def deliveries_of(data: Path) -> tuple[Delivery, ...]:
    """Everything in the outbox; nothing if there is none.

    Raises:
        DeliveryError: If it cannot be used.
    """
    if not (data / OUTBOX_FILE).exists():
        return ()
    with closing(Outbox(data / OUTBOX_FILE)) as outbox:
        return outbox.all()


def refused_protocols(data: Path) -> dict[str, str]:
    """What the service refused of protocols, by attempt.

    Raises:
        DeliveryError: If the outbox cannot be used.
    """
    if not (data / OUTBOX_FILE).exists():
        return {}
    with closing(Outbox(data / OUTBOX_FILE)) as outbox:
        return outbox.protocol_problems()


def status_of(data: Path) -> dict[str, Any]:
    """Attempts, deliveries, disk, lock and last contact of a station.

    Raises:
        DeliveryError: If the outbox cannot be used.
        RecordingError: If the disk does not answer.
    """
    deliveries = deliveries_of(data)
    given = {one.attempt_id for one in deliveries}
    locking = RigLock(data / LOCK_FILE).now
    return {
        "attempts": [
            described(files)
            for files in unfinished(data / "attempts")
            if files.folder.name not in given
        ],
        "delivered": sum(one.is_done for one in deliveries),
        "waiting": sum(not (one.is_done or one.is_aside) for one in deliveries),
        "aside": [
            {"attempt": one.attempt_id, "problem": one.problem}
            for one in deliveries
            if one.is_aside
        ],
        "protocols_aside": [
            {"attempt": attempt, "problem": problem}
            for attempt, problem in refused_protocols(data).items()
        ],
        "room_for_exams": Room(data=data).exams(),
        "rig_locked": None if locking is None else locking.reason,
        "last_contact": changed_at(data / CONTACT_FILE),
    }


def described(files: AttemptFiles) -> dict[str, Any]:
    """An attempt that is not delivered, without whose it is."""
    progress = files.progress()
    paused = progress.pauses[-1].cause if progress.phase == "paused" else None
    return {
        "attempt": files.folder.name,
        "phase": progress.phase.value,
        "paused": paused,
        "saved_until": max(
            (at for path in _recorded(files) if (at := changed_at(path))), default=None
        ),
    }


def changed_at(path: Path) -> str | None:
    """When a file was last written, UTC; None if it is not there, or of no time."""
    try:
        changed_s = path.stat().st_mtime
    except OSError:
        return None
    if not changed_s:
        return None
    changed = datetime.datetime.fromtimestamp(changed_s, datetime.UTC)
    return changed.isoformat(timespec="seconds")


def _recorded(files: AttemptFiles) -> Iterator[Path]:
    return files.recording.glob("segment-*")
