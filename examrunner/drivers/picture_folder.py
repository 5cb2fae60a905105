"""Pictures that a camera's own program leaves in a folder."""

from pathlib import Path
from typing import Final

from examrunner.drivers.links import Shot
from examrunner.model.errors import RigError

MEDIA_TYPES: Final = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


class PictureFolder:
    """The newest picture of a folder, byte for byte.

    Args:
        folder: Where the pictures appear.
    """

    def __init__(self, *, folder: str) -> None:
        self._folder = Path(folder)
        self._newest()

    def still(self) -> Shot:
        path = self._newest()
        return Shot(
            t_ns=None,
            media_type=MEDIA_TYPES[path.suffix.lower()],
            data=path.read_bytes(),
        )

    def thumbnail(self) -> Shot:
        return self.still()

    def close(self) -> None:
        """A folder is not closed."""

    def _newest(self) -> Path:
        found = [
            path
            for path in self._folder.glob("*")
            if path.suffix.lower() in MEDIA_TYPES
        ]
        if not found:
            raise RigError(
                "the folder holds no picture.",
                where=str(self._folder),
                remedy="Point the camera's program at this folder and take a picture.",
            )
        return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
