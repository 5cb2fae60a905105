"""Pictures from a folder, kept byte for byte."""

import re
from collections.abc import Iterable, Iterator
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
SUFFIXES: Final = {"image/png": ".png", "image/jpeg": ".jpg"}
LARGEST_PICTURE_BYTES: Final = 64 << 20


def pictures_in(folder: Path, camera: str, every_s: float) -> Iterator[Picture]:
    """The PNG and JPEG files of a folder by name, ``every_s`` seconds apart.

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
            t_ns=round(index * every_s * NS_PER_S),
            stream=camera,
            name=file.name,
            purpose="still",
            media_type=media_type,
            data=data,
        )


def write_pictures(pictures: Iterable[Picture], folder: Path) -> list[Path]:
    """Write pictures byte for byte, under their own names; returns the files.

    Raises:
        RecordingError: If the disk refuses, or a file is there already.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for picture in pictures:
            path = folder / _file_name(picture)
            with path.open("xb") as file:
                file.write(picture.data)
            written.append(path)
    except OSError as error:
        raise RecordingError(
            f"the pictures cannot be written ({error.strerror}).",
            where=str(folder),
            remedy="Name an empty folder with enough space.",
        ) from error
    return written


def _file_name(picture: Picture) -> str:
    """Its own name where that names a file; a recording may come from anywhere."""
    plain = re.sub(r"[^\w.-]", "_", picture.name).lstrip(".") or "picture"
    suffix = SUFFIXES.get(picture.media_type, "")
    return plain if plain.lower().endswith((suffix, ".jpeg")) else plain + suffix


def _content(file: Path) -> bytes:
    size = file.stat().st_size
    if size > LARGEST_PICTURE_BYTES:
        raise RecordingError(
            f"the picture has {size:,} bytes; {LARGEST_PICTURE_BYTES:,} are allowed.",
            where=str(file),
            remedy="Save it in a usual size.",
        )
    return file.read_bytes()
