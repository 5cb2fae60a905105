"""What people look at beside the plots: pictures, exchanges, events."""

import io
from pathlib import Path
from typing import Final

from PIL import Image
from pydantic import JsonValue, TypeAdapter

from examrunner.content.search import SearchPath
from examrunner.model.recording import Picture
from examrunner.model.timeline import NS_PER_S
from examrunner.service.attempt_messages import (
    EventMessage,
    ExchangeMessage,
    PictureMessage,
)
from examrunner.service.opened import opened
from examrunner.service.refusals import UnknownError, UnusableError

THUMBNAIL_PX: Final = (320, 240)
LARGEST_PIXELS: Final = 40_000_000
_BODY: Final = TypeAdapter(dict[str, JsonValue])


def pictures(path: Path, content: SearchPath) -> list[PictureMessage]:
    """All pictures in order of time."""
    recording, _ = opened(path, content)
    found = [
        PictureMessage(
            camera=camera,
            name=picture.name,
            t_s=picture.t_ns / NS_PER_S,
            purpose=picture.purpose,
        )
        for camera in recording.cameras
        for picture in recording.pictures(camera)
    ]
    return sorted(found, key=lambda one: (one.t_s, one.camera, one.name))


def picture(
    path: Path, content: SearchPath, camera: str, name: str, *, full: bool
) -> bytes:
    """One picture as PNG, written anew: what a stranger wrote is never passed on.

    Raises:
        UnknownError: If there is none of that name.
        UnusableError: If it cannot be read.
    """
    recording, _ = opened(path, content)
    if camera in recording.cameras:
        for found in recording.pictures(camera):
            if found.name == name:
                return _rewritten(found, full=full)
    raise UnknownError(
        f"camera {camera} took no picture called {name}.",
        where=f"{camera}/{name}",
        remedy="GET pictures lists them.",
    )


def _rewritten(found: Picture, *, full: bool) -> bytes:
    written = io.BytesIO()
    try:
        with Image.open(io.BytesIO(found.data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise _unreadable(found)
            if not full:
                image.thumbnail(THUMBNAIL_PX)
            plain = image if image.mode in {"L", "RGB"} else image.convert("RGB")
            plain.save(written, "PNG", compress_level=1)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _unreadable(found) from None
    return written.getvalue()


def _unreadable(found: Picture) -> UnusableError:
    return UnusableError(
        f"picture {found.name} of camera {found.stream} is damaged or too large.",
        where=f"{found.stream}/{found.name}",
        remedy="The recording keeps it as it was taken: recording export.",
    )


def exchanges(path: Path, content: SearchPath) -> list[ExchangeMessage]:
    """Diagnostic exchanges in order."""
    _, timeline = opened(path, content)
    return [
        ExchangeMessage(
            ecu=one.ecu,
            channel=one.channel,
            t_s=one.from_ns / NS_PER_S,
            request=one.request.hex(),
            response=one.answer.data.hex() if one.answer else "",
            outcome=one.outcome,
            nrc=one.nrc,
            phase=one.phase,
        )
        for one in timeline.exchanges
    ]


def events(path: Path, content: SearchPath) -> list[EventMessage]:
    """Answers, operations and recorder health in order; not the 10 Hz truth."""
    recording, _ = opened(path, content)
    return [
        EventMessage(
            number=one.number,
            t_s=one.t_ns / NS_PER_S,
            stream=one.stream,
            body=_BODY.validate_python(one.body),
        )
        for one in recording.events()
        if one.stream != "truth"
    ]
