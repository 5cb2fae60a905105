"""Encoding and shrinking pictures for a camera link."""

import io
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from examrunner.drivers.links import Shot
from examrunner.model.errors import RigError

THUMBNAIL_WIDTH_PX: Final = 640


def encoded(suffix: str, media_type: str, picture: Any) -> Shot:
    """A decoded picture as a file.

    Raises:
        RigError: If it cannot be encoded.
    """
    done, data = cv2.imencode(suffix, picture)
    if not done:
        raise RigError(
            "the picture cannot be encoded.",
            where=media_type,
            remedy="Report this with the camera's model.",
        )
    return Shot(t_ns=None, media_type=media_type, data=data.tobytes())


def thumbnail_of(picture: Any) -> Shot:
    """A small JPEG of a decoded picture."""
    height, width = picture.shape[:2]
    if width > THUMBNAIL_WIDTH_PX:
        size = (THUMBNAIL_WIDTH_PX, round(height * THUMBNAIL_WIDTH_PX / width))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return encoded(".jpg", "image/jpeg", picture)


def jpeg_thumbnail(jpeg: bytes) -> Shot:
    """A small JPEG of a JPEG, decoded no larger than needed.

    Raises:
        RigError: If it is no JPEG.
    """
    decoded = cv2.imdecode(
        np.frombuffer(jpeg, np.uint8),
        cv2.IMREAD_REDUCED_COLOR_2
        if jpeg_size(jpeg)[0] >= 2 * THUMBNAIL_WIDTH_PX
        else cv2.IMREAD_COLOR,
    )
    if decoded is None:
        raise _broken()
    return thumbnail_of(decoded)


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """(width, height) in the header of a JPEG.

    Raises:
        RigError: If it is none.
    """
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
            return opened.size
    except (OSError, ValueError, SyntaxError):
        raise _broken() from None


def _broken() -> RigError:
    return RigError(
        "the camera's picture is no JPEG.",
        where="camera",
        remedy="Set the camera to Motion JPEG.",
    )
