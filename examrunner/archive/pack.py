"""One file for moving a recording, and back.

The file is a plain tar archive, the same bytes wherever it is made. Nothing is
compressed, so nothing can be larger inside than it is outside.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from examrunner.archive.durable import disk_of, sync_folder
from examrunner.archive.evidence import Evidence, evidence_at
from examrunner.archive.layout import MANIFEST
from examrunner.archive.reserve import Reserve, relieved
from examrunner.archive.tar import END, padding, tar_header
from examrunner.archive.verify import verify
from examrunner.model.errors import RecordingError


def pack(recording: Path, target: Path, reserve: Reserve | None = None) -> str:
    """Writes a closed recording into one new file; returns the recording's digest.

    Args:
        recording: The closed recording.
        target: The new file.
        reserve: Room that is used up when the disk is full; None without.

    Raises:
        RecordingError: If the recording does not verify, ``target`` exists, or the
            disk refuses.
    """
    digest = _sound(recording)
    _must_not_exist(target)
    partial = target.with_name(target.name + ".part")

    def write() -> None:
        with partial.open("wb") as file:
            for piece in _pieces(evidence_at(recording)):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)

    with disk_of(target):
        if reserve is None:
            write()
        else:
            relieved(reserve, write)
        sync_folder(target.parent)
    return digest


def unpack(packed: Path, target: Path) -> str:
    """Writes a packed recording into a new folder; returns the recording's digest.

    Raises:
        RecordingError: If it does not verify, ``target`` exists, or the disk refuses.
    """
    digest = _sound(packed)
    _must_not_exist(target)
    partial = target.with_name(target.name + ".part")
    with disk_of(target):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, view in _files(evidence_at(packed)).items():
            with (partial / name).open("xb") as file:
                file.write(view)
                file.flush()
                os.fsync(file.fileno())
        sync_folder(partial)
        partial.replace(target)
        sync_folder(target.parent)
    return digest


def _sound(path: Path) -> str:
    verification = verify(path)
    if not verification.holds:
        raise RecordingError(
            verification.problems[0].text,
            where=str(path),
            remedy="Run 'examrunner recording recover' on an unclosed recording; "
            "fetch another copy of a damaged one.",
        )
    return verification.digest


def _must_not_exist(target: Path) -> None:
    if target.exists():
        raise RecordingError(
            "there is something of this name already.",
            where=str(target),
            remedy="Name another target, or move it away.",
        )


def _files(evidence: Evidence) -> Mapping[str, memoryview]:
    """The files of a closed recording, the manifest first."""
    manifest = evidence.manifest if evidence.manifest is not None else memoryview(b"")
    return {MANIFEST: manifest, **dict(sorted(evidence.segments.items()))}


def _pieces(evidence: Evidence) -> Iterator[bytes | memoryview]:
    for name, view in _files(evidence).items():
        yield tar_header(name, len(view))
        yield view
        yield padding(len(view))
    yield END
