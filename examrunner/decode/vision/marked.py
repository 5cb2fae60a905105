"""A picture with the corners that were found in it."""

from typing import Final

import cv2

from examrunner.decode.vision.pictures import read_gray
from examrunner.model.camera import Floats

GREEN: Final = (60, 190, 0)
QUALITY: Final = 85


def marked(data: bytes, corners_px: Floats, width_px: int | None = None) -> bytes:
    """The picture as JPEG, each corner a circle.

    Args:
        data: The encoded picture.
        corners_px: (n, 2) in its pixels.
        width_px: Width to scale it to; None for its own.

    Raises:
        ContentError: If it cannot be read.
    """
    gray = read_gray(data, "still")
    scale = 1.0 if width_px is None else width_px / gray.shape[1]
    shown = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    if scale != 1.0:
        shown = cv2.resize(
            shown, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        )
    radius = max(2, round(6 * min(scale, 1.0)))
    for x, y in (corners_px * scale).round().astype(int).tolist():
        cv2.circle(shown, (x, y), radius, GREEN, max(1, radius // 3))
    _, jpeg = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    encoded: bytes = jpeg.tobytes()
    return encoded
