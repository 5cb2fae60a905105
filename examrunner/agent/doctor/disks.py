"""The station's disk: room for the day, the reserve, and who may read and write."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.agent.doctor.findings import Finding, fail, ok, warn
from examrunner.agent.doctor.sentences import say
from examrunner.agent.identity import ENROLMENT_FILE, KEY_FILE
from examrunner.agent.room import LEAST_EXAMS, WARN_EXAMS, Room
from examrunner.archive.durable import disk_of

PRIVATE: Final = (KEY_FILE, ENROLMENT_FILE)
OTHERS: Final = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskFacts:
    """What was measured on the station's disk.

    Attributes:
        exams: Whole exams that fit beside the reserve.
        exam_bytes: Room that one needs.
        planned: Attempts of the exam pack that are still to come.
        reserve_bytes: Size of the reserve; None if it is not there.
        is_writable: Whether a file can be made and synced in the station's folder.
        readable: Secret files that other users of this PC can read.
    """

    exams: int
    exam_bytes: int
    planned: int
    reserve_bytes: int | None
    is_writable: bool
    readable: tuple[str, ...] = ()


def measured(room: Room, planned: int) -> DiskFacts:
    """Looks at the disk; makes the station's folder if it is not there.

    Raises:
        RecordingError: If the disk does not answer.
    """
    with disk_of(room.data):
        room.data.mkdir(parents=True, exist_ok=True)
    reserve = room.reserve.path
    return DiskFacts(
        exams=room.exams(),
        exam_bytes=room.exam_bytes,
        planned=planned,
        reserve_bytes=reserve.stat().st_size if reserve.exists() else None,
        is_writable=_is_writable(room.data),
        readable=_readable(room.data),
    )


def judged(facts: DiskFacts) -> Iterator[Finding]:
    """What the facts of a disk mean."""
    if not facts.is_writable:
        said = say("folder.read_only")
        yield fail("permissions", said, say("folder.give_access"))
    elif facts.readable:
        names = ", ".join(facts.readable)
        said = say("folder.readable", names=names)
        yield fail("permissions", said, say("folder.chmod", names=names))
    else:
        yield ok("permissions", say("folder.private"))
    yield _room(facts)
    yield _reserve(facts)


def _room(facts: DiskFacts) -> Finding:
    least = max(LEAST_EXAMS, facts.planned)
    if facts.exams < least:
        missing_gib = (least - facts.exams) * facts.exam_bytes / 2**30
        said = say(
            "disk.too_small", exams=facts.exams, planned=facts.planned, least=least
        )
        return fail("disk", said, say("disk.free", missing=missing_gib))
    said = say("disk.room", exams=facts.exams)
    if facts.exams < WARN_EXAMS:
        return warn("disk", said, say("disk.free_before"))
    return ok("disk", said)


def _reserve(facts: DiskFacts) -> Finding:
    if facts.reserve_bytes == facts.exam_bytes:
        return ok("reserve", say("reserve.kept", mebibytes=facts.exam_bytes >> 20))
    if facts.exams >= LEAST_EXAMS:
        return ok("reserve", say("reserve.will_be"))
    return fail("reserve", say("reserve.no_room"), say("reserve.free"))


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="doctor-") as file:
            file.write(b"1")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        # A full disk is another fault, which has a line of its own.
        return os.access(folder, os.W_OK) and not shutil.disk_usage(folder).free
    return True


def _readable(folder: Path) -> tuple[str, ...]:
    if os.name == "nt":
        return ()
    return tuple(
        name
        for name in PRIVATE
        if (folder / name).exists() and (folder / name).stat().st_mode & OTHERS
    )
