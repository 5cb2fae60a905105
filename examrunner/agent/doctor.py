"""The preflight of a station: is everything there, and what to do if it is not."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from examrunner.agent.identity import read_enrolment
from examrunner.capture.opening import opened_link
from examrunner.drivers.links import CameraLink, CanLink, FaultBoxLink
from examrunner.model.errors import ExamRunnerError, RigError
from examrunner.model.station import Link, Station

LISTEN_S: Final = 2.0
ROOM_BYTES: Final = 5 << 30
"""A day of attempts, with pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check says.

    Attributes:
        what: What was checked.
        is_healthy: Whether it is as it should be.
        said: What was found.
        remedy: What to do; empty if nothing.
    """

    what: str
    is_healthy: bool
    said: str
    remedy: str = ""


def examine(station: Station, data: Path) -> list[Finding]:
    """Checks links, disk and enrolment of a station that is not running."""
    return list(_findings(station, data))


def _findings(station: Station, data: Path) -> Iterator[Finding]:
    for name, link in station.can.items():
        yield _checked(f"CAN {name}", link, _hear)
    for name, link in station.cameras.items():
        yield _checked(f"camera {name}", link, _look)
    if station.fault_box is not None:
        yield _checked("fault box", station.fault_box, _self_test)
    yield _attempted("disk", lambda: _room(data))
    yield _attempted("enrolment", lambda: f"at {read_enrolment(data).service}")


def _checked(what: str, link: Link, check: Callable[[Any], str]) -> Finding:
    def said() -> str:
        opened = opened_link(link)
        try:
            return check(opened)
        finally:
            opened.close()

    return _attempted(what, said)


def _attempted(what: str, said: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, is_healthy=True, said=said())
    except ExamRunnerError as error:
        return Finding(
            what=what, is_healthy=False, said=error.problem, remedy=error.remedy
        )


def _hear(link: CanLink) -> str:
    proof = link.silence(True)
    frames = link.receive(timeout_s=LISTEN_S, most=1000)
    if not len(frames):
        raise RigError(
            "the bus is silent.",
            where="CAN",
            remedy="Switch the rig on; check the bit rate and the wiring.",
        )
    silence = "proved" if proof.verified else "not proved"
    errors = "are" if link.reports_errors() else "are not known to be"
    return (
        f"frames arrive; listen-only {silence}: {proof.proof}; "
        f"bus errors {errors} reported"
    )


def _look(camera: CameraLink) -> str:
    shot = camera.still()
    return f"{len(shot.data):,} bytes of {shot.media_type}"


def _self_test(box: FaultBoxLink) -> str:
    answer = box.command("selftest", {})
    if not answer.is_ok:
        raise RigError(
            f"the self-test says '{answer.result}'.",
            where="fault box",
            remedy="Check its relays and its supply.",
        )
    return "self-test passed"


def _room(data: Path) -> str:
    data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(data).free
    if free < ROOM_BYTES:
        raise RigError(
            f"only {free / 2**30:.1f} GiB are free.",
            where=str(data),
            remedy="Free the disk; recordings that were delivered may go.",
        )
    return f"{free / 2**30:.0f} GiB free"
