"""The bytes of a recording, wherever they lie: in a folder or in a packed file."""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from examrunner.archive.layout import MANIFEST, SEGMENT, segment_paths, unusable
from examrunner.archive.tar import tar_members


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """The files of one recording, mapped into memory and not yet read.

    Attributes:
        path: Folder or packed file.
        manifest: Content of ``manifest.json``; None when the recording is not closed.
        segments: Content by file name, in order of the names.
    """

    path: Path
    manifest: memoryview | None
    segments: Mapping[str, memoryview]


def evidence_at(path: Path) -> Evidence:
    """The files of the recording at ``path``.

    Raises:
        RecordingError: If there is no recording.
    """
    try:
        files = _folder(path) if path.is_dir() else _packed(path)
    except FileNotFoundError:
        raise unusable("there is no recording of this name.", path) from None
    except OSError as error:
        raise unusable(
            f"the recording cannot be read: {error.strerror}.", path
        ) from None
    manifest = files.pop(MANIFEST, None)
    if not files:
        raise unusable("this is not a recording: it holds no segments.", path)
    return Evidence(path=path, manifest=manifest, segments=files)


def mapped(path: Path) -> memoryview:
    """The content of a file, mapped and read only."""
    with path.open("rb") as file:
        if not file.seek(0, 2):
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _folder(path: Path) -> dict[str, memoryview]:
    paths = segment_paths(path)
    manifest = path / MANIFEST
    if manifest.exists():
        paths = (*paths, manifest)
    return {file.name: mapped(file) for file in paths}


def _packed(path: Path) -> dict[str, memoryview]:
    content = mapped(path)
    try:
        members = tar_members(content)
    except ValueError as damage:
        raise unusable(f"this is not a packed recording: {damage}.", path) from None
    unknown = [n for n in members if n != MANIFEST and not SEGMENT.fullmatch(n)]
    if unknown or MANIFEST not in members:
        raise unusable("this is not a packed recording.", path)
    return members
