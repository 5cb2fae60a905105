"""Cameras: size, whether the picture moves, the board that hangs before one."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from examrunner.agent.doctor.findings import Finding, fail, ok, warn
from examrunner.agent.doctor.sentences import say
from examrunner.decode.vision.boards import corner_count
from examrunner.decode.vision.pictures import picture_size
from examrunner.decode.vision.views import board_view
from examrunner.drivers.links import CameraLink, Shot
from examrunner.model.digests import digest_of
from examrunner.model.recording import Picture
from examrunner.model.station import Camera

WATCH_S: Final = 2.0
MOST_PICTURES: Final = 90
PAUSE_S: Final = 0.01
SLOW: Final = 0.8
"""Share of its rate below which a camera counts as slow."""
LEAST_CORNERS: Final = 0.5
"""Share of a board's corners that must be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFacts:
    """What was measured on one camera.

    Attributes:
        size_px: (width, height).
        media_type: ``image/png`` or ``image/jpeg``.
        different: Pictures that differed from the one before, the first included.
        seconds: How long it was watched.
        corners: Corners of its board that were found; None if it has no board.
    """

    size_px: tuple[int, int]
    media_type: str
    different: int
    seconds: float
    corners: int | None = None


def look(
    link: CameraLink,
    camera: Camera,
    rate_hz: float | None,
    clock: Callable[[], float] = time.monotonic,
) -> CameraFacts:
    """Takes a picture; with a rate that is promised, watches for a while.

    Raises:
        RigError: If no picture comes.
        ContentError: If what comes is no picture.
    """
    began_s = clock()
    shot = link.still()
    digests = [digest_of(shot.data)]
    while rate_hz and clock() - began_s < WATCH_S and len(digests) < MOST_PICTURES:
        time.sleep(PAUSE_S)
        digest = digest_of(link.still().data)
        if digest != digests[-1]:
            digests.append(digest)
    return CameraFacts(
        size_px=picture_size(shot.data, f"camera {camera.name}"),
        media_type=shot.media_type,
        different=len(digests),
        seconds=clock() - began_s,
        corners=_corners(shot, camera),
    )


def judged(
    camera: Camera, rate_hz: float | None, facts: CameraFacts
) -> Iterator[Finding]:
    """What the facts of one camera mean."""
    what = f"camera {camera.name}"
    sides = _sides(facts.size_px)
    if facts.size_px != camera.size_px:
        wanted = _sides(camera.size_px)
        said = say("camera.wrong_size", sides=sides, wanted=wanted)
        yield fail(what, said, say("camera.set_size"))
    else:
        yield ok(what, say("camera.size", sides=sides, media_type=facts.media_type))
    if rate_hz:
        yield _rate(f"{what} rate", rate_hz, facts)
    if camera.board is not None and facts.corners is not None:
        yield _board(what, corner_count(camera.board), facts.corners)


def _rate(what: str, wanted_hz: float, facts: CameraFacts) -> Finding:
    found_hz = facts.different / max(facts.seconds, 1e-9)
    # The first picture was there already: one fewer can be due.
    due = wanted_hz * facts.seconds * SLOW - 1
    if facts.different < min(due, MOST_PICTURES):
        said = say("camera.slow", found=found_hz, wanted=wanted_hz)
        return warn(what, said, say("camera.light"))
    return ok(what, say("camera.rate", found=found_hz))


def _board(what: str, wanted: int, found: int) -> Finding:
    said = say("camera.corners", found=found, wanted=wanted)
    if found < LEAST_CORNERS * wanted:
        return warn(f"{what} board", said, say("camera.hold_board"))
    return ok(f"{what} board", said)


def _corners(shot: Shot, camera: Camera) -> int | None:
    if camera.board is None:
        return None
    picture = Picture(
        t_ns=0,
        stream=camera.name,
        name="doctor",
        purpose="still",
        media_type=shot.media_type,
        data=shot.data,
    )
    return len(board_view(picture, camera.board).ids)


def _sides(size_px: tuple[int, int]) -> str:
    return f"{size_px[0]} x {size_px[1]}"
