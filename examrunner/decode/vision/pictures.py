"""Pictures from anywhere, decoded only after their header has been believed."""

import io
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from examrunner.model.errors import ContentError

Gray = NDArray[np.uint8]

MOST_BYTES: Final = 100 << 20
MOST_PIXELS: Final = 50_000_000
SMALLEST_SIDE_PX: Final = 16
TAIL_BYTES: Final = 1 << 16

READERS: Final[dict[bytes, type[ImageFile]]] = {
    b"\x89PNG": PngImageFile,
    b"\xff\xd8": JpegImageFile,
    b"BM": BmpImageFile,
}
"""Pillow's header reader by first bytes."""
END_MARKS: Final = {b"\x89PNG": b"IEND", b"\xff\xd8": b"\xff\xd9"}
"""What a complete file has near its end, by first bytes."""


def read_gray(data: bytes, where: str) -> Gray:
    """The grey picture in ``data``, as the sensor saw it (no EXIF rotation).

    Args:
        data: An encoded PNG, JPEG or BMP.
        where: Its name, for messages.

    Raises:
        ContentError: If it is no such picture, incomplete, or absurdly large.
    """
    _check_header(data, where)
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        gray = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), flags)
    except cv2.error:
        gray = None
    if gray is None:
        raise _broken(where, "it is damaged and cannot be decoded")
    decoded: Gray = gray
    return decoded


def read_bytes(path: Path) -> bytes:
    """The bytes of a picture file, whatever letters its path has.

    Raises:
        ContentError: If it cannot be read, or is too large for a picture.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _broken(str(path), f"it has more than {MOST_BYTES >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise ContentError(
            f"the picture cannot be read ({error.strerror}).",
            where=str(path),
            remedy="Check the path.",
        ) from None


def picture_size(data: bytes, where: str) -> tuple[int, int]:
    """(width, height) as the header says, without decoding anything.

    Raises:
        ContentError: If the header is none of a PNG, JPEG or BMP.
    """
    reader = next((READERS[mark] for mark in READERS if data.startswith(mark)), None)
    if reader is None:
        raise _broken(where, "it is no PNG, JPEG or BMP")
    try:
        with reader(io.BytesIO(data)) as header:
            width, height = header.size
    except (OSError, SyntaxError, ValueError):
        raise _broken(where, "its header is damaged") from None
    return width, height


def _check_header(data: bytes, where: str) -> None:
    width, height = picture_size(data, where)
    if width * height > MOST_PIXELS:
        raise _broken(
            where,
            f"its header says {width} x {height} pixels; "
            f"at most {MOST_PIXELS // 1_000_000} million are read",
        )
    if min(width, height) < SMALLEST_SIDE_PX:
        raise _broken(where, f"it has only {width} x {height} pixels")
    for mark, end in END_MARKS.items():
        if data.startswith(mark) and end not in data[-TAIL_BYTES:]:
            raise _broken(where, "it is cut off")


def _broken(where: str, problem: str) -> ContentError:
    return ContentError(
        f"this is no usable picture: {problem}.",
        where=where,
        remedy="Take or export the picture again as PNG or JPEG.",
    )
