"""One attempt on the station's disk: lease, state, recording, packed file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from examrunner.agent.states import Phase, Progress
from examrunner.archive.durable import disk_of, sync_folder, write_durably
from examrunner.archive.reserve import NAME, Reserve, relieved
from examrunner.capture.bus_watch import Heard
from examrunner.wire import Lease

HEALTHY: Final = TypeAdapter(tuple[Heard, ...])
PROGRESS: Final = TypeAdapter(Progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFiles:
    """The folder of one attempt; every write is durable on return.

    Attributes:
        folder: ``attempts/<id>`` of the station's data.
    """

    folder: Path

    @property
    def recording(self) -> Path:
        """Folder of the recording."""
        return self.folder / "recording"

    @property
    def packed(self) -> Path:
        """The packed recording."""
        return self.folder / "recording.tar"

    @property
    def rubric(self) -> Path:
        """The rubric as the lease brought it."""
        return self.folder / "rubric.yaml"

    @property
    def protocol(self) -> Path:
        """What people did and said."""
        return self.folder / "protocol.json"

    @property
    def is_open(self) -> bool:
        """Whether the lease was kept once, even if it is delivered by now."""
        return self._lease.exists() or self._state.exists()

    @property
    def holds_secrets(self) -> bool:
        """Whether the lease, and with it the sealed case, still lies here."""
        return self._lease.exists()

    def open(self, lease: Lease) -> None:
        """Makes the folder and keeps the lease."""
        with disk_of(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
        self._write(self.rubric, lease.rubric.encode())
        self._write(self._lease, lease.model_dump_json().encode())

    def lease(self) -> Lease:
        """The lease of this attempt."""
        return Lease.model_validate_json(self._lease.read_bytes())

    def keep(self, progress: Progress) -> None:
        """Keeps how far the attempt is."""
        self._write(self._state, PROGRESS.dump_json(progress))

    def progress(self) -> Progress:
        """How far the attempt is."""
        if not self._state.exists():
            return Progress(phase=Phase.LEASED)
        return PROGRESS.validate_json(self._state.read_bytes())

    def keep_healthy(self, heard: tuple[Heard, ...]) -> None:
        """Keeps what the healthy rig says, for the look at it after the attempt."""
        self._write(self._healthy, HEALTHY.dump_json(heard))

    def healthy(self) -> tuple[Heard, ...]:
        """What the healthy rig says; empty if nobody knows."""
        if not self._healthy.exists():
            return ()
        return HEALTHY.validate_json(self._healthy.read_bytes())

    def sha256(self) -> str:
        """Of the packed recording."""
        with self.packed.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def tidy(self) -> None:
        """After delivery: the secrets go, the packed copy goes, the recording stays."""
        with disk_of(self.folder):
            self.packed.unlink(missing_ok=True)
            # Last: as long as it is there, what a crash interrupted is done again.
            self._lease.unlink(missing_ok=True)
            sync_folder(self.folder)

    def put_aside(self) -> None:
        """Makes room for another try; what an earlier one left is kept."""
        with disk_of(self.folder):
            if self.recording.exists():
                number = len(list(self.folder.glob("recording-aside-*"))) + 1
                self.recording.rename(self.folder / f"recording-aside-{number}")
                sync_folder(self.folder)

    @property
    def reserve(self) -> Reserve:
        """Room on this disk for the attempt that runs."""
        return Reserve(path=self.folder.parents[1] / NAME)

    def _write(self, path: Path, content: bytes) -> None:
        with disk_of(path):
            relieved(self.reserve, lambda: write_durably(path, content))

    @property
    def _lease(self) -> Path:
        return self.folder / "lease.json"

    @property
    def _healthy(self) -> Path:
        return self.folder / "healthy.json"

    @property
    def _state(self) -> Path:
        return self.folder / "state.json"


def unfinished(attempts: Path) -> Iterator[AttemptFiles]:
    """Attempts that a station was busy with when it stopped, oldest first."""
    folders = sorted(path for path in attempts.glob("*") if path.is_dir())
    for folder in folders:
        files = AttemptFiles(folder=folder)
        has_lease = (folder / "lease.json").exists()
        if has_lease and files.progress().phase is not Phase.DELIVERED:
            yield files
