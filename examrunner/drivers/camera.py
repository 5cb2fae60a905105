"""A camera, stream or film that OpenCV can open."""

import threading
import time
from typing import Any, Final, NoReturn

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.drivers.links import Shot
from examrunner.model.errors import RigError

THUMBNAIL_WIDTH_PX: Final = 640
FRESH_S: Final = 2.0
"""A live picture older than this is a fault of the camera."""


class Camera:
    """Keeps the newest picture of a live source.

    A source is read all the time on a thread of its own, because OpenCV hands out
    buffered pictures, oldest first.

    Args:
        device: Index or path of a local camera, URL of a stream or name of a film.
        width_px: Width to ask the camera for; None leaves it.
        height_px: Height to ask the camera for; None leaves it.
    """

    def __init__(
        self,
        *,
        device: int | str,
        width_px: int | None = None,
        height_px: int | None = None,
    ) -> None:
        self._where = f"camera {device}"
        self._source = cv2.VideoCapture(device)
        if not self._source.isOpened():
            self._fail("the camera cannot be opened.")
        for key, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, width_px),
            (cv2.CAP_PROP_FRAME_HEIGHT, height_px),
        ):
            if value is not None:
                self._source.set(key, value)
        self._newest: tuple[float, NDArray[np.uint8]] | None = None
        self._changed = threading.Condition()
        self._closing = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def still(self) -> Shot:
        return _encoded(".png", "image/png", self._picture())

    def thumbnail(self) -> Shot:
        picture = self._picture()
        height, width = picture.shape[:2]
        if width > THUMBNAIL_WIDTH_PX:
            size = (THUMBNAIL_WIDTH_PX, round(height * THUMBNAIL_WIDTH_PX / width))
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        return _encoded(".jpg", "image/jpeg", picture)

    def close(self) -> None:
        self._closing = True
        self._reader.join(FRESH_S)
        self._source.release()

    def _read(self) -> None:
        while not self._closing:
            good, picture = self._source.read()
            if not good:
                return
            with self._changed:
                self._newest = (time.monotonic(), picture)
                self._changed.notify_all()

    def _picture(self) -> NDArray[np.uint8]:
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None, FRESH_S)
            newest = self._newest
        if newest is None or time.monotonic() - newest[0] > FRESH_S:
            self._fail("the camera delivers no fresh picture.")
        return newest[1]

    def _fail(self, problem: str) -> NoReturn:
        raise RigError(
            problem,
            where=self._where,
            remedy="Check its cable and that no other program uses it.",
        )


def _encoded(suffix: str, media_type: str, picture: Any) -> Shot:
    done, data = cv2.imencode(suffix, picture)
    if not done:
        raise RigError(
            "the picture cannot be encoded.",
            where=media_type,
            remedy="Report this with the camera's model.",
        )
    return Shot(t_ns=None, media_type=media_type, data=data.tobytes())
