"""Pictures from a folder, kept byte for byte."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.model.errors import RecordingError
from examrunner.model.recording import Picture
from examrunner.model.timeline import NS_PER_S

MEDIA_TYPES: Final = {
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
}
LARGEST_PICTURE_BYTES: Final = 64 << 20


def pictures_in(folder: Path, camera: str) -> Iterator[Picture]:
    """The PNG and JPEG files of a folder by name, one second apart.

    Raises:
        RecordingError: If there are none, or one is no picture.
    """
    files = sorted(
        file for file in folder.iterdir() if file.suffix.lower() in MEDIA_TYPES
    )
    if not files:
        raise RecordingError(
            "the folder holds no PNG or JPEG picture.",
            where=str(folder),
            remedy="Name the folder that the pictures lie in.",
        )
    for index, file in enumerate(files):
        magic, media_type = MEDIA_TYPES[file.suffix.lower()]
        data = _content(file)
        if not data.startswith(magic):
            raise RecordingError(
                f"the file does not begin as {media_type} does.",
                where=str(file),
                remedy="Save the picture again, or take it out of the folder.",
            )
        yield Picture(
            t_ns=index * NS_PER_S,
            stream=camera,
            name=file.name,
            purpose="still",
            media_type=media_type,
            data=data,
        )


def _content(file: Path) -> bytes:
    size = file.stat().st_size
    if size > LARGEST_PICTURE_BYTES:
        raise RecordingError(
            f"the picture has {size:,} bytes; {LARGEST_PICTURE_BYTES:,} are allowed.",
            where=str(file),
            remedy="Save it in a usual size.",
        )
    return file.read_bytes()
