"""Closing a recording that a crash or a power cut left open."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.archive.closing import close_recording
from examrunner.archive.durable import disk_of, make_durable
from examrunner.archive.evidence import mapped
from examrunner.archive.layout import MANIFEST, segment_paths
from examrunner.archive.manifest import Lost, Manifest
from examrunner.archive.salvage import salvaged
from examrunner.model.errors import RecordingError
from examrunner.model.recording import Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was kept and what was lost.

    Attributes:
        digest: Of the recording, which is now closed.
        flushes: Number of flushes kept.
        duration_ns: Recording time up to which nothing is missing.
        lost: Bytes that belong to no whole flush. They stay where they are.
        salvaged: Number of flushes among them that are whole by themselves.
    """

    digest: str
    flushes: int
    duration_ns: int
    lost: tuple[Lost, ...]
    salvaged: int = 0


def recover(
    folder: Path,
    *,
    key: Ed25519PrivateKey | None = None,
    software: Mapping[str, str],
) -> Recovery:
    """Keeps everything up to the last whole flush and closes the recording there.

    No segment is changed: the manifest says which of its bytes count.

    Args:
        folder: An unclosed recording.
        key: The station's key; None leaves the recording unsigned.
        software: Names and versions of what recovers.

    Raises:
        RecordingError: If the recording is closed, is packed or holds no whole flush,
            or the disk refuses.
    """
    if not folder.is_dir() or (folder / MANIFEST).exists():
        raise RecordingError(
            "there is no unclosed recording here.",
            where=str(folder),
            remedy="Use 'examrunner recording verify' for a closed recording.",
        )
    with disk_of(folder):
        for last in segment_paths(folder)[-1:]:
            make_durable(last)
        signed = close_recording(
            folder,
            ending=Ending.POWER_LOST,
            reason="The recording was cut off and recovered.",
            duration_ns=None,
            key=key,
            software=software,
        )
    return _recovery(folder, signed.manifest, signed.digest)


def _recovery(folder: Path, manifest: Manifest, digest: str) -> Recovery:
    found = (
        salvaged(mapped(folder / lost.segment), lost.from_byte)
        for lost in manifest.lost
    )
    return Recovery(
        salvaged=sum(len(list(each)) for each in found),
        digest=digest,
        flushes=manifest.flushes,
        duration_ns=manifest.duration_ns,
        lost=manifest.lost,
    )
