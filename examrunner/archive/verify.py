"""Does a recording hold exactly the bytes that were recorded? If not: where?"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from examrunner.archive.evidence import Evidence, evidence_at
from examrunner.archive.flushes import Damage, damage_in
from examrunner.archive.keys import fingerprint
from examrunner.archive.layout import MANIFEST
from examrunner.archive.manifest import (
    Manifest,
    SegmentEntry,
    SignedManifest,
    read_manifest,
)
from examrunner.archive.segments import chain_of
from examrunner.model.errors import RecordingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is not as it was recorded.

    Attributes:
        text: A sentence.
        file: Segment or manifest.
        flush: Number of the flush; None when it is about no flush.
        from_byte: First byte of the place in the file; None when it is about no place.
        to_byte: One past its last byte.
    """

    text: str
    file: str
    flush: int | None = None
    from_byte: int | None = None
    to_byte: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What verifying found.

    Attributes:
        digest: The recording's digest; of the last whole flush when it is not closed;
            empty when neither can be told.
        closed: Whether there is a readable manifest.
        signer: Fingerprint of the key that signed it; None when it is not signed.
        flushes: Number of whole flushes.
        problems: Empty when every byte is as recorded.
    """

    digest: str
    closed: bool
    signer: str | None
    flushes: int
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether the recording is closed and every byte is as recorded."""
        return self.closed and not self.problems


def verify(path: Path, *, key: Ed25519PublicKey | None = None) -> Verification:
    """Compares every byte of a recording with its chain and manifest.

    Args:
        path: Folder or packed file.
        key: The station's public key; with it, another or no signature is a problem.

    Raises:
        RecordingError: If there is no recording at all.
    """
    evidence = evidence_at(path)
    if evidence.manifest is None:
        return _unclosed(evidence)
    try:
        signed = read_manifest(evidence.manifest, path)
    except RecordingError as error:
        return _unclosed(evidence, Problem(text=error.problem, file=MANIFEST))
    problems = [*_signature(signed, key), *_files(signed.manifest, evidence)]
    if not problems:
        problems += _chain(signed.manifest, evidence)
    return Verification(
        digest=signed.digest,
        closed=True,
        signer=_signer(signed),
        flushes=signed.manifest.flushes,
        problems=tuple(problems),
    )


def _unclosed(evidence: Evidence, *problems: Problem) -> Verification:
    """The chain alone; what no manifest vouches for can only be followed."""
    chain = chain_of(evidence.segments)
    torn = [
        Problem(
            text=f"{segment.name}: {segment.scan.problem}.",
            file=segment.name,
            flush=segment.first_flush + segment.scan.flushes,
            from_byte=segment.scan.kept_bytes,
            to_byte=len(segment.view),
        )
        for segment in chain.segments
        if segment.scan.problem
    ]
    open_ended = Problem(text="the recording was never closed.", file=MANIFEST)
    return Verification(
        digest=chain.chain if chain.flushes else "",
        closed=False,
        signer=None,
        flushes=chain.flushes,
        problems=(*(problems or (open_ended,)), *torn),
    )


def _signature(
    signed: SignedManifest, key: Ed25519PublicKey | None
) -> Iterator[Problem]:
    if not signed.is_genuine:
        yield Problem(text="the signature does not fit the manifest.", file=MANIFEST)
    elif key is not None and signed.public_key != key.public_bytes_raw():
        by = _signer(signed)
        found = f"it is signed with key {by}" if by else "it is not signed"
        text = f"{found}, not with key {fingerprint(key)}."
        yield Problem(text=text, file=MANIFEST)


def _signer(signed: SignedManifest) -> str | None:
    if signed.public_key is None or not signed.is_genuine:
        return None
    return hashlib.sha256(signed.public_key).hexdigest()


def _files(manifest: Manifest, evidence: Evidence) -> Iterator[Problem]:
    for entry in manifest.segments:
        view = evidence.segments.get(entry.name)
        if view is None:
            yield Problem(text=f"{entry.name} is missing.", file=entry.name)
        else:
            yield from _segment(entry, view, manifest)
    for name in evidence.segments.keys() - {entry.name for entry in manifest.segments}:
        text = f"{name} does not belong to the recording."
        yield Problem(text=text, file=name)


def _chain(manifest: Manifest, evidence: Evidence) -> Iterator[Problem]:
    """The files are those that were signed; whether what was signed is a chain."""
    chain = chain_of(evidence.segments)
    if (chain.flushes, chain.chain) != (manifest.flushes, manifest.chain):
        text = f"only {chain.flushes} of {manifest.flushes} flushes make a chain."
        yield Problem(text=text, file=MANIFEST)


def _segment(
    entry: SegmentEntry, view: memoryview, manifest: Manifest
) -> Iterator[Problem]:
    digest = hashlib.sha256(view).hexdigest()
    if (len(view), digest) == (entry.bytes, entry.sha256):
        return
    for other in manifest.segments:
        if (other.bytes, other.sha256) == (len(view), digest):
            text = f"in place of {entry.name} lies {other.name}."
            yield Problem(text=text, file=entry.name)
            return
    if len(view) != entry.bytes:
        text = f"{entry.name} has {len(view)} bytes, not {entry.bytes}."
        yield Problem(text=text, file=entry.name, from_byte=min(len(view), entry.bytes))
    for damage in damage_in(view, entry):
        yield _located(entry.name, damage)


def _located(name: str, damage: Damage) -> Problem:
    if damage.flush is None:
        what = f"{name} differs after its last flush"
    else:
        what = f"flush {damage.flush} of {name} is not as it was recorded"
    return Problem(
        text=f"{what}: bytes {damage.from_byte} to {damage.to_byte}.",
        file=name,
        flush=damage.flush,
        from_byte=damage.from_byte,
        to_byte=damage.to_byte,
    )
