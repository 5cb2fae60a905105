"""What every camera driver must keep."""

from collections.abc import Callable, Sequence
from typing import Final

from examrunner.drivers.links import CameraLink, Shot
from examrunner.testing.contracts import require

SIGNATURES: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def a_still_is_a_whole_picture(camera: CameraLink) -> None:
    """It has the media type that it claims."""
    _require_picture(camera.still())


def a_thumbnail_is_a_whole_picture(camera: CameraLink) -> None:
    """It has the media type that it claims."""
    _require_picture(camera.thumbnail())


def pictures_can_be_taken_one_after_the_other(camera: CameraLink) -> None:
    """No picture leaves bytes behind for the next."""
    for _ in range(3):
        _require_picture(camera.still())
        _require_picture(camera.thumbnail())


def closing_a_camera_twice_does_nothing(camera: CameraLink) -> None:
    """Stations close in every path, some of them twice."""
    camera.close()
    camera.close()


CLAIMS: Final[Sequence[Callable[[CameraLink], None]]] = (
    a_still_is_a_whole_picture,
    a_thumbnail_is_a_whole_picture,
    pictures_can_be_taken_one_after_the_other,
    closing_a_camera_twice_does_nothing,
)


def _require_picture(shot: Shot) -> None:
    signature = SIGNATURES.get(shot.media_type)
    require(signature is not None, f"unknown media type {shot.media_type}")
    require(shot.data.startswith(signature or b""), f"no {shot.media_type} inside")
