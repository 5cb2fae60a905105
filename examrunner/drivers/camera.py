"""A camera, stream or film that OpenCV can open."""

import threading
import zlib
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.drivers.links import Shot
from examrunner.drivers.newest_picture import FRESH_S, NewestPicture
from examrunner.drivers.picture_coding import encoded, jpeg_thumbnail, thumbnail_of
from examrunner.drivers.picture_coding import jpeg_size as size_in
from examrunner.model.errors import RigError

CLOSE_S: Final = 2.0
JPEG_START: Final = b"\xff\xd8\xff"


class Camera:
    """Keeps the newest picture of a live source.

    A source is read all the time on a thread of its own, because OpenCV hands out
    buffered pictures, oldest first.

    Args:
        device: Index or path of a local camera, URL of a stream or name of a film.
        width_px: Width to ask the camera for; None leaves it. Together with
            ``height_px`` every picture must have that size.
        height_px: Height to ask the camera for; None leaves it.
        jpeg: Ask a local camera for JPEG and pass it through as the camera gives it.
        fresh_s: How long it may be silent, or show the very same picture.
    """

    def __init__(
        self,
        *,
        device: int | str,
        width_px: int | None = None,
        height_px: int | None = None,
        jpeg: bool = False,
        fresh_s: float = FRESH_S,
    ) -> None:
        where = f"camera {device}"
        self._source = cv2.VideoCapture(device)
        if not self._source.isOpened():
            raise RigError(
                "the camera cannot be opened.",
                where=where,
                remedy="Check its cable and that no other program uses it.",
            )
        self._ask(width_px, height_px, jpeg)
        self._newest: NewestPicture[NDArray[np.uint8] | bytes] = NewestPicture(
            where,
            size_px=(width_px, height_px) if width_px and height_px else None,
            fresh_s=None if Path(str(device)).is_file() else fresh_s,
        )
        self._closing = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def still(self) -> Shot:
        picture = self._newest.get()
        if isinstance(picture, bytes):
            return Shot(t_ns=None, media_type="image/jpeg", data=picture)
        return encoded(".png", "image/png", picture)

    def thumbnail(self) -> Shot:
        picture = self._newest.get()
        if isinstance(picture, bytes):
            return jpeg_thumbnail(picture)
        return thumbnail_of(picture)

    def close(self) -> None:
        self._closing = True
        self._reader.join(CLOSE_S)
        self._source.release()

    def _ask(self, width_px: int | None, height_px: int | None, jpeg: bool) -> None:
        if jpeg:
            code = cv2.VideoWriter.fourcc(*"MJPG")
            self._source.set(cv2.CAP_PROP_FOURCC, code)
            self._source.set(cv2.CAP_PROP_CONVERT_RGB, 0)
        for key, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, width_px),
            (cv2.CAP_PROP_FRAME_HEIGHT, height_px),
        ):
            if value is not None:
                self._source.set(key, value)

    def _read(self) -> None:
        while not self._closing:
            good, picture = self._source.read()
            if not good:
                self._newest.end("the camera has ended its stream.")
                return
            taken = as_given(picture)
            size = size_in(taken) if isinstance(taken, bytes) else taken.shape[1::-1]
            self._newest.put(taken, (size[0], size[1]), zlib.crc32(picture))


def as_given(picture: Any) -> NDArray[np.uint8] | bytes:
    """The JPEG that a driver hands over as one row of bytes, or the pixels."""
    if picture.ndim == 2 and picture.shape[0] == 1:
        row = picture.tobytes()
        if row.startswith(JPEG_START):
            return bytes(row)
    pixels: NDArray[np.uint8] = picture
    return pixels
