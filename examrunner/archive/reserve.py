"""Room on the disk that is kept for the end of an exam that is already running."""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from examrunner.archive.durable import sync_folder

NAME: Final = "reserve"
PIECE_BYTES: Final = 1 << 20

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """A file that holds nothing but room.

    Attributes:
        path: The file; on the disk that it is for.
    """

    path: Path

    def keep(self, size_bytes: int) -> None:
        """Takes the room, if it is not taken yet.

        Raises:
            OSError: If there is not so much; then none is taken.
        """
        if self.path.exists() and self.path.stat().st_size == size_bytes:
            return
        partial = self.path.with_name(self.path.name + ".part")
        try:
            with partial.open("wb") as file:
                _fill(file.fileno(), size_bytes)
                os.fsync(file.fileno())
            partial.replace(self.path)
        except OSError:
            with suppress(OSError):  # the first error says more
                partial.unlink(missing_ok=True)
            raise
        sync_folder(self.path.parent)

    def release(self) -> bool:
        """Gives the room to whoever needs it now; whether there was any."""
        try:
            self.path.unlink()
        except OSError:
            return False
        return True


def relieved(reserve: Reserve, work: Callable[[], Done]) -> Done:
    """Does something that may be done twice; on a full disk the reserve makes room.

    Raises:
        OSError: If the disk refuses for another reason, or there is no reserve.
    """
    try:
        return work()
    except OSError as error:
        if error.errno != errno.ENOSPC or not reserve.release():
            raise
    return work()


def _fill(descriptor: int, size_bytes: int) -> None:
    """Real blocks: a file of holes would be no reserve."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size_bytes)
        return
    for start in range(0, size_bytes, PIECE_BYTES):
        os.write(descriptor, bytes(min(PIECE_BYTES, size_bytes - start)))
