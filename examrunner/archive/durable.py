"""Making sure that bytes and names survive a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from examrunner.model.errors import RecordingError

PIECE_BYTES: Final = 1 << 20


def sync_folder(folder: Path) -> None:
    """Makes created and renamed names in ``folder`` durable.

    A file that was synced but whose folder was not may be gone after a power cut.
    """
    if os.name == "nt":  # NTFS journals names itself and cannot open a folder.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Puts ``content`` at ``path``: after a crash there is the old file or the new."""
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def make_durable(path: Path) -> None:
    """Writes the bytes of a file over themselves and syncs them; nothing changes.

    What a process wrote and never synced can be read as long as the power stays on, so
    nothing may be built on it before. To sync again is not enough: where a sync has
    failed, Linux takes what it could not write for written.
    """
    with path.open("r+b", buffering=0) as file:
        while piece := file.read(PIECE_BYTES):
            file.seek(-len(piece), os.SEEK_CUR)
            rest = memoryview(piece)
            while rest:
                rest = rest[file.write(rest) :]
        os.fsync(file.fileno())


@contextmanager
def disk_of(path: Path) -> Iterator[None]:
    """Turns what the operating system refuses into an error that says what to do.

    Raises:
        RecordingError: If the disk is full, read only, gone or broken.
    """
    try:
        yield
    except OSError as error:
        raise RecordingError(
            f"the disk refused: {error.strerror or type(error).__name__}.",
            where=str(error.filename or path),
            remedy="Free or replace the disk. What was acknowledged is kept.",
        ) from error
