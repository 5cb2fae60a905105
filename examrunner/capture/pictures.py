"""Stills that a candidate captures, and pictures of people and bodies at work."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from examrunner.capture.stillness import Stillness
from examrunner.drivers.links import CameraLink, Shot
from examrunner.model.errors import RigError
from examrunner.model.recording import Picture

THUMBNAIL_NS: Final = 1_000_000_000
"""At most one thumbnail a second."""


class PictureSink(Protocol):
    """Where pictures become durable."""

    def picture(self, picture: Picture) -> None:
        """Returns when it is on the disk."""


class Pictures:
    """Takes and numbers pictures.

    Args:
        cameras: Links by camera name.
        work_area: Cameras whose thumbnails are kept.
        measuring: Cameras that measure bodies; pictures of full size are kept while
            something moves, and a few once it rests.
        sink: Where pictures go.
        stamped: Recording time of a camera's own stamp, or now without one.
    """

    def __init__(
        self,
        cameras: Mapping[str, CameraLink],
        work_area: tuple[str, ...],
        sink: PictureSink,
        stamped: Callable[[int | None], int],
        measuring: tuple[str, ...] = (),
    ) -> None:
        self._cameras = cameras
        self._work_area = work_area
        self._sink = sink
        self._stamped = stamped
        self._numbers: dict[str, int] = {}
        self._next_ns = 0
        self._stillness = {camera: Stillness() for camera in measuring}
        self._measured_ns = dict.fromkeys(measuring, 0)
        self._last: dict[str, bytes] = {}

    def number_from(self, taken: Mapping[str, int]) -> None:
        """Goes on after so many pictures of each camera."""
        self._numbers.update(taken)

    def take(self, camera: str, purpose: str) -> Picture:
        """Takes a picture now: a ``thumbnail``, or lossless for any other purpose.

        Raises:
            RigError: If there is no such camera, or it delivers none.
        """
        link = self._cameras.get(camera)
        if link is None:
            raise RigError(
                f"the rig has no camera '{camera}'.",
                where=", ".join(self._cameras) or "no camera",
                remedy="Correct the station profile.",
            )
        shot = link.thumbnail() if purpose == "thumbnail" else link.still()
        return self._keep(camera, purpose, shot)

    def look(self, now_ns: int) -> None:
        """Keeps a thumbnail of each work-area camera whose scene changed.

        Raises:
            RigError: If a camera delivers none.
        """
        if now_ns < self._next_ns:
            return
        self._next_ns = now_ns - now_ns % THUMBNAIL_NS + THUMBNAIL_NS
        for camera in self._work_area:
            shot = self._cameras[camera].thumbnail()
            digest = hashlib.sha256(shot.data).digest()
            if self._last.get(camera) != digest:
                self._last[camera] = digest
                self._keep(camera, "thumbnail", shot)

    @property
    def measuring(self) -> tuple[str, ...]:
        """Cameras that measure bodies."""
        return tuple(self._stillness)

    def measure(self, camera: str, now_ns: int) -> None:
        """Keeps a picture of a measuring camera if it shows something new.

        Raises:
            RigError: If the camera delivers none.
        """
        if now_ns < self._measured_ns[camera]:
            return
        self._measured_ns[camera] = now_ns - now_ns % THUMBNAIL_NS + THUMBNAIL_NS
        link = self._cameras[camera]
        if self._stillness[camera].wants(link.thumbnail().data):
            self._keep(camera, "measurement", link.still())

    def close(self) -> None:
        """Gives every camera back."""
        for camera in self._cameras.values():
            camera.close()

    def _keep(self, camera: str, purpose: str, shot: Shot) -> Picture:
        number = self._numbers.get(camera, 0) + 1
        self._numbers[camera] = number
        picture = Picture(
            t_ns=self._stamped(shot.t_ns),
            stream=camera,
            name=f"{purpose}-{number:04d}",
            purpose=purpose,
            media_type=shot.media_type,
            data=shot.data,
        )
        self._sink.picture(picture)
        return picture
