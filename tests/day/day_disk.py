"""Disks that lie, fill up and lose power, under real files.

What was written and not synced is gone, in whole or in part, after a power cut; a
process dies before or after any sync, rename or unlink. SQLite's own files are taken
as durable with each commit: the power-cut tests prove those on disk images.
"""

import errno
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

RESERVE = "reserve"


class Killed(BaseException):
    """The process that owns a drive dies here."""


@dataclass
class Chances:
    """How often something happens at one operation."""

    kill: float = 0.0
    power_cut: float = 0.5
    error: float = 0.0
    full: float = 0.0


@dataclass
class Drive:
    """The disk of one process.

    Attributes:
        folder: Everything on it.
        lot: Chances.
        now_s: Virtual time.
        is_careless: Syncs are answered and not done.
        faults: What happened, as text with its time.
    """

    folder: Path
    lot: random.Random
    now_s: Callable[[], float]
    chances: Chances = field(default_factory=Chances)
    is_careless: bool = False
    faults: list[str] = field(default_factory=list)
    operations: int = 0
    full_until_s: float = -1.0
    relieved: int = 0
    _synced: dict[int, int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether nothing more fits."""
        return self.now_s() < self.full_until_s

    def before(self, name: str) -> None:
        """Something may happen before an operation is done."""
        self.operations += 1
        if self.lot.random() < self.chances.kill / 2:
            self._die(f"before {name}")
        if self.lot.random() < self.chances.full:
            self.full_until_s = self.now_s() + self.lot.uniform(60, 1200)
            self._note("disk full")
        if name != "unlink" and self.is_full:
            if self.relieved <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self.relieved -= 1
        if self.lot.random() < self.chances.error:
            self._note(f"EIO at {name}")
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def after(self, name: str) -> None:
        """The process may die once an operation is done."""
        if self.lot.random() < self.chances.kill / 2:
            self._die(f"after {name}")

    def synced(self, descriptor: int) -> None:
        """What a file holds now survives."""
        if not self.is_careless:
            found = os.fstat(descriptor)
            self._synced[found.st_ino] = found.st_size

    def die_perhaps_without_power(self) -> None:
        """What the death of the process leaves on the disk."""
        if self.lot.random() < self.chances.power_cut:
            self._note("power cut")
            for path in sorted(self.folder.rglob("*")):
                if path.is_file() and ".db" not in path.name and path.name != RESERVE:
                    self._lose(path)

    def _lose(self, path: Path) -> None:
        found = path.stat()
        kept = self._synced.get(found.st_ino, 0)
        if found.st_size > kept:
            # Some of what was never synced may have reached the disk all the same.
            os.truncate(path, self.lot.randint(kept, found.st_size - 1))

    def _die(self, where: str) -> None:
        self._note(f"killed {where}")
        raise Killed

    def _note(self, what: str) -> None:
        self.faults.append(f"{self.now_s():9.1f} s {self.folder.name}: {what}")


@contextmanager
def drives_under(drives: list[Drive]) -> Iterator[None]:
    """Every sync, rename and unlink below these folders goes through its drive."""
    real = SimpleNamespace(
        fsync=os.fsync,
        replace=os.replace,
        rename=os.rename,
        unlink=os.unlink,
        usage=shutil.disk_usage,
    )

    def drive_of(path: object) -> Drive | None:
        text = f"{os.fspath(path)}/"
        found = (d for d in drives if text.startswith(f"{d.folder}/"))
        return next(found, None)

    def fsync(descriptor: int) -> None:
        drive = drive_of(os.readlink(f"/proc/self/fd/{descriptor}"))
        if drive is None:
            real.fsync(descriptor)
            return
        drive.before("fsync")
        drive.synced(descriptor)
        drive.after("fsync")

    def moving(name: str) -> Callable[..., None]:
        def move(source: object, target: object, **more: object) -> None:
            drive = drive_of(target)
            if drive is not None:
                drive.before(name)
            getattr(real, name)(source, target, **more)
            if drive is not None:
                drive.after(name)

        return move

    def unlink(path: object, **more: object) -> None:
        drive = None if more else drive_of(path)
        if drive is not None:
            drive.before("unlink")
        real.unlink(path, **more)
        if drive is not None:
            if Path(os.fspath(path)).name == RESERVE:
                drive.relieved = 60
            drive.after("unlink")

    def disk_usage(path: object) -> object:
        drive = drive_of(path)
        if drive is not None and drive.is_full:
            return SimpleNamespace(total=1, used=1, free=0)
        return real.usage(path)

    os.fsync, os.unlink, shutil.disk_usage = fsync, unlink, disk_usage
    os.replace, os.rename = moving("replace"), moving("rename")
    try:
        yield
    finally:
        os.fsync, os.unlink, shutil.disk_usage = real.fsync, real.unlink, real.usage
        os.replace, os.rename = real.replace, real.rename
