"""Packed recordings on disk, each named by the SHA-256 of its bytes.

uploads/<attempt>.<sha256>   pieces so far, each flushed before it is acknowledged
recordings/<ab>/<sha256>     verified
aside/<attempt>.<sha256>.<n>  refused and kept: an examiner may want to know why
"""

import hashlib
import os
import shutil
import threading
from pathlib import Path
from typing import Final
from uuid import UUID

from examrunner.service.refusals import OffsetError, UnusableError

_LOCKS: Final = 64


class Shelf:
    """Keeps the bytes of recordings; whose they are is the store's business.

    Args:
        folder: Below it everything lies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks = tuple(threading.Lock() for _ in range(_LOCKS))
        for name in ("uploads", "recordings", "aside"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        sync_folder(folder)

    def lock(self, attempt: UUID) -> threading.Lock:
        """What a caller holds while it adds to, or finishes, an upload."""
        return self._locks[attempt.int % _LOCKS]

    def uploading(self, attempt: UUID, sha256: str) -> Path:
        """Where the pieces of an upload gather."""
        return self._folder / "uploads" / f"{attempt}.{sha256}"

    def path_of(self, sha256: str) -> Path:
        """Where a verified recording lies."""
        return self._folder / "recordings" / sha256[:2] / sha256

    def size_of(self, attempt: UUID, sha256: str) -> int:
        """Bytes of an upload that are kept so far."""
        path = self.uploading(attempt, sha256)
        return path.stat().st_size if path.exists() else 0

    def append(
        self, attempt: UUID, sha256: str, *, offset: int, length: int, piece: bytes
    ) -> int:
        """Add a piece and return the size that is now safely on disk.

        Raises:
            OffsetError: If the piece does not start where the file ends.
            UnusableError: If it reaches beyond the announced length.
        """
        kept = self.size_of(attempt, sha256)
        if offset != kept:
            raise OffsetError(
                f"{kept} bytes are kept, the piece starts at {offset}.",
                where="Upload-Offset",
                remedy="Go on from the offset in the answer.",
                offset=kept,
            )
        if kept + len(piece) > length:
            raise UnusableError(
                f"{kept + len(piece)} bytes are more than the announced {length}.",
                where="Upload-Length",
                remedy="Announce the size of the packed file.",
            )
        path = self.uploading(attempt, sha256)
        with path.open("ab") as file:
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if not kept:
            sync_folder(path.parent)
        return kept + len(piece)

    def holds_what_it_says(self, attempt: UUID, sha256: str) -> bool:
        """Whether an upload's bytes have the digest that names it."""
        return _sha256_of(self.uploading(attempt, sha256)) == sha256

    def put_away(self, attempt: UUID, sha256: str) -> Path:
        """Move a verified upload to its place for good."""
        target = self.path_of(sha256)
        target.parent.mkdir(exist_ok=True)
        sync_folder(target.parent.parent)
        return self._move(self.uploading(attempt, sha256), target)

    def put_aside(self, attempt: UUID, sha256: str) -> Path:
        """Move a refused upload out of the way; it is never deleted."""
        folder = self._folder / "aside"
        name = f"{attempt}.{sha256}"
        before = sum(1 for _ in folder.glob(f"{name}*"))
        return self._move(
            self.uploading(attempt, sha256), folder / f"{name}.{before + 1}"
        )

    def keep_aside(self, attempt: UUID, sha256: str, content: bytes) -> None:
        """Keep a refused message; the same one once."""
        if self.aside_of(attempt, sha256) is not None:
            return
        path = self.uploading(attempt, sha256)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self.put_aside(attempt, sha256)

    def aside_of(self, attempt: UUID, sha256: str) -> Path | None:
        """Where something refused lies whole; None if its bytes are not those."""
        found = sorted((self._folder / "aside").glob(f"{attempt}.{sha256}.*"))
        for path in [*found, self.path_of(sha256)]:
            if path.exists() and _sha256_of(path) == sha256:
                return path
        return None

    def adopt(self, path: Path, sha256: str) -> int:
        """Copy what was kept aside to its place for good; its size in bytes."""
        target = self.path_of(sha256)
        if target != path:
            target.parent.mkdir(exist_ok=True)
            sync_folder(target.parent.parent)
            partial = self._folder / "uploads" / f"adopted.{sha256}"
            shutil.copyfile(path, partial)
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            self._move(partial, target)
        return target.stat().st_size

    def _move(self, source: Path, target: Path) -> Path:
        source.replace(target)
        sync_folder(target.parent)
        sync_folder(source.parent)
        return target


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries: without it a power cut forgets new file names."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
