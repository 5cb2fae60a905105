"""Stills from a video, decoded in a child that may not run away."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2

from examrunner.archive.sandbox import Limits, run_limited
from examrunner.model.errors import RecordingError
from examrunner.model.recording import Picture
from examrunner.model.timeline import NS_PER_S

MOST_STILLS: Final = 2000
SLOW_BYTES_PER_S: Final = 500_000
LARGEST_SIDE_PX: Final = 8192


def stills_of(video: Path, camera: str, every_s: float) -> Iterator[Picture]:
    """The first picture of a video and then one every ``every_s``, as PNG.

    Raises:
        RecordingError: If it cannot be decoded within bounds.
    """
    with tempfile.TemporaryDirectory() as folder:
        times_ns = run_limited(
            f"{__name__}:convert",
            {"source": str(video), "folder": folder, "every_s": every_s},
            about=video,
            limits=Limits.for_bytes(video.stat().st_size, SLOW_BYTES_PER_S),
        )
        for index, t_ns in enumerate(times_ns):
            yield Picture(
                t_ns=t_ns,
                stream=camera,
                name=f"{video.stem}-{index:04d}.png",
                purpose="still",
                media_type="image/png",
                data=_still(Path(folder), index).read_bytes(),
            )


def convert(source: str, folder: str, every_s: float) -> list[int]:
    """In the child: write the stills; returns their times in the video.

    Raises:
        RecordingError: If it is no video, or gives too many stills.
    """
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    video = cv2.VideoCapture(source)
    rate_hz = video.get(cv2.CAP_PROP_FPS) if video.isOpened() else 0.0
    sides = [
        video.get(p) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
    ]
    if not 0 < rate_hz < 10_000 or max(sides) > LARGEST_SIDE_PX:
        raise _unreadable(source, "it is no video that can be decoded")
    times_ns: list[int] = []
    index = 0
    while video.grab():
        t_ns = round(index / rate_hz * NS_PER_S)
        index += 1
        if t_ns < len(times_ns) * every_s * NS_PER_S:
            continue
        if len(times_ns) == MOST_STILLS:
            raise _unreadable(source, f"it gives more than {MOST_STILLS} stills")
        is_decoded, pixels = video.retrieve()
        if is_decoded:
            cv2.imwrite(str(_still(Path(folder), len(times_ns))), pixels)
            times_ns.append(t_ns)
    if not times_ns:
        raise _unreadable(source, "it holds no picture")
    return times_ns


def _still(folder: Path, index: int) -> Path:
    return folder / f"{index:04d}.png"


def _unreadable(source: str, problem: str) -> RecordingError:
    return RecordingError(
        f"the video cannot be used: {problem}.",
        where=source,
        remedy="Export it as MP4 (H.264), or name a folder of pictures.",
    )
