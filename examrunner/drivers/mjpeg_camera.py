"""A network camera that sends Motion JPEG over HTTP."""

import base64
import http.client
import threading
import zlib
from contextlib import suppress
from typing import Final
from urllib.parse import unquote, urlsplit

from examrunner.drivers.links import Shot
from examrunner.drivers.multipart import boundary_of, pictures
from examrunner.drivers.newest_picture import FRESH_S, NewestPicture
from examrunner.drivers.picture_coding import jpeg_size, jpeg_thumbnail
from examrunner.model.errors import RigError

ANSWER_S: Final = 2.0


class MjpegCamera:
    """Keeps the newest picture; every byte of a still is the camera's own.

    Args:
        url: Address of the stream, ``http://user:password@host/path`` where it asks.
        width_px: Width that its pictures must have; None: any.
        height_px: Height that they must have.
        fresh_s: How long it may be silent, or show the very same picture.
    """

    def __init__(
        self,
        *,
        url: str,
        width_px: int | None = None,
        height_px: int | None = None,
        fresh_s: float = FRESH_S,
    ) -> None:
        address = urlsplit(url)
        self._where = f"camera at {address.hostname}:{address.port or 80}"
        size_px = (width_px, height_px) if width_px and height_px else None
        self._newest: NewestPicture[bytes] = NewestPicture(
            self._where, size_px=size_px, fresh_s=fresh_s
        )
        self._closing = False
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port or 80, timeout=ANSWER_S
        )
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        self._response = self._asked(path, _authorization(url))
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def still(self) -> Shot:
        return Shot(t_ns=None, media_type="image/jpeg", data=self._newest.get())

    def thumbnail(self) -> Shot:
        return jpeg_thumbnail(self._newest.get())

    def close(self) -> None:
        self._closing = True
        with suppress(OSError):
            self._response.close()
        self._connection.close()
        self._thread.join(ANSWER_S)

    def _asked(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        try:
            self._connection.request("GET", path, headers=headers)
            response = self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise self._unreachable(type(error).__name__) from error
        if response.status != http.client.OK:
            self._connection.close()
            raise self._unreachable(f"HTTP {response.status}")
        return response

    def _read(self) -> None:
        try:
            boundary = boundary_of(self._response.headers.get("Content-Type", ""))
            for picture in pictures(self._response, boundary):
                self._newest.put(picture, jpeg_size(picture), zlib.crc32(picture))
            self._newest.end("the camera has ended its stream.")
        except RigError as error:
            self._newest.end(error.problem)
        except Exception as error:
            self._newest.end(f"the camera's stream broke ({type(error).__name__}).")
            if not isinstance(error, OSError | http.client.HTTPException):
                if self._closing:  # reading from what was closed fails in many ways
                    return
                raise

    def _unreachable(self, answer: str) -> RigError:
        return RigError(
            f"the camera does not answer ({answer}).",
            where=self._where,
            remedy="Check its cable, its address and its password.",
        )


def _authorization(url: str) -> dict[str, str]:
    address = urlsplit(url)
    if address.username is None:
        return {}
    names = f"{unquote(address.username)}:{unquote(address.password or '')}"
    return {"Authorization": "Basic " + base64.b64encode(names.encode()).decode()}
