"""Closing a recording: what is on the disk is digested, signed and made final."""

from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.archive.durable import write_durably
from examrunner.archive.evidence import evidence_at
from examrunner.archive.layout import MANIFEST, unusable
from examrunner.archive.manifest import Manifest, SignedManifest, manifest_file, sign
from examrunner.archive.segments import chain_of, entries, losses
from examrunner.model.recording import Ending


def close_recording(
    folder: Path,
    *,
    ending: Ending,
    reason: str,
    duration_ns: int | None,
    key: Ed25519PrivateKey | None,
    software: Mapping[str, str],
    written: tuple[int, str] | None = None,
) -> SignedManifest:
    """Writes the manifest of what lies in ``folder``.

    Args:
        folder: The recording.
        ending: Why it stopped.
        reason: The same as a sentence.
        duration_ns: Recording time of the close; None takes the last flush's.
        key: The station's key; None leaves the recording unsigned.
        software: Names and versions of what closes it.
        written: Number of flushes and last digest as the writer remembers them.

    Raises:
        RecordingError: If there is no whole flush, or the files are not what the
            writer wrote.
        OSError: If the disk refuses.
    """
    chain = chain_of(evidence_at(folder).segments)
    if chain.origin is None:
        raise unusable("there is no whole flush in this recording.", folder)
    if written is not None and written != (chain.flushes, chain.chain):
        raise unusable("the files are not what was written into them.", folder)
    manifest = Manifest(
        header=chain.origin.header,
        ending=ending,
        reason=reason,
        duration_ns=chain.last_ns if duration_ns is None else duration_ns,
        channels=chain.origin.channels,
        cameras=chain.origin.cameras,
        segments=entries(chain),
        flushes=chain.flushes,
        chain=chain.chain,
        lost=losses(chain),
        closed_by=software,
    )
    signed = sign(manifest, key)
    write_durably(folder / MANIFEST, manifest_file(signed))
    return signed
