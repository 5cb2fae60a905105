"""The signed last word about a closed recording."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from pydantic import TypeAdapter

from examrunner.archive.layout import FORMAT, unusable
from examrunner.model.digests import canonical_json, digest_of
from examrunner.model.recording import Ending, Header

LARGEST_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """One segment as it was when the recording was closed.

    Attributes:
        name: File name.
        bytes: Size of the file.
        sha256: Digest of the whole file.
        kept_bytes: Bytes up to the end of the last whole flush; what follows is the
            file's summary, or what a crash tore.
        complete: Whether the file ends as MCAP files end.
        first_flush: Number of the first flush in it.
        flushes: Number of whole flushes in it.
        chain: Digest of its last whole flush; of the segment before, without any.
    """

    name: str
    bytes: int
    sha256: str
    kept_bytes: int
    complete: bool
    first_flush: int
    flushes: int
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Bytes of a segment that belong to no whole flush.

    Attributes:
        segment: File name.
        from_byte: Where they begin.
        bytes: How many.
        after_ns: Recording time up to which nothing is missing.
    """

    segment: str
    from_byte: int
    bytes: int
    after_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is signed.

    Attributes:
        header: As written when the recording was opened, with the nonce.
        ending: Why it stopped.
        reason: The same as a sentence.
        duration_ns: Recording time at which it was closed.
        channels: Names of the CAN channels.
        cameras: Names of the cameras.
        segments: In order.
        flushes: Number of whole flushes in all segments.
        chain: Digest of the last whole flush; with the segments' sizes it stands for
            every byte that was recorded.
        lost: What a crash cut off.
        closed_by: Names and versions of the software that closed it.
    """

    header: Header
    ending: Ending
    reason: str
    duration_ns: int
    channels: tuple[str, ...]
    cameras: tuple[str, ...]
    segments: tuple[SegmentEntry, ...]
    flushes: int
    chain: str
    lost: tuple[Lost, ...] = ()
    closed_by: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedManifest:
    """A manifest as it lies on the disk.

    Attributes:
        manifest: What is signed.
        content: The bytes that are signed.
        public_key: The signer's raw public key; None when not signed.
        signature: Ed25519 over ``content``; None when not signed.
    """

    manifest: Manifest
    content: bytes
    public_key: bytes | None = None
    signature: bytes | None = None

    @property
    def digest(self) -> str:
        """The recording's digest."""
        return digest_of(self.content)

    @property
    def is_genuine(self) -> bool:
        """Whether the signature, if there is one, fits the content."""
        if self.public_key is None or self.signature is None:
            return self.public_key is self.signature
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public_key)
            key.verify(self.signature, self.content)
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(manifest: Manifest, key: Ed25519PrivateKey | None) -> SignedManifest:
    """The manifest with the station's signature, or without one."""
    content = _signed_bytes(manifest)
    if key is None:
        return SignedManifest(manifest=manifest, content=content)
    return SignedManifest(
        manifest=manifest,
        content=content,
        public_key=key.public_key().public_bytes_raw(),
        signature=key.sign(content),
    )


def manifest_file(signed: SignedManifest) -> bytes:
    """The content of ``manifest.json``."""
    document = {
        "manifest": json.loads(signed.content),
        "public_key": _base64(signed.public_key),
        "signature": _base64(signed.signature),
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def read_manifest(content: bytes | memoryview, where: Path | str) -> SignedManifest:
    """The manifest in the bytes of ``manifest.json``; does not check signatures.

    Raises:
        RecordingError: If the file is not a manifest of this format.
    """
    if len(content) > LARGEST_BYTES:
        raise unusable(f"the manifest has {len(content)} bytes.", where)
    try:
        return _parsed(bytes(content))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise unusable(
            f"the manifest is damaged, or not of the format {FORMAT}.", where
        ) from None


def _parsed(content: bytes) -> SignedManifest:
    document = json.loads(content)
    body = canonical_json(document["manifest"])
    manifest = _adapter().validate_json(body, strict=True)
    signed = SignedManifest(
        manifest=manifest,
        content=_signed_bytes(manifest),
        public_key=_from_base64(document["public_key"]),
        signature=_from_base64(document["signature"]),
    )
    # Damage in white space, or a key that nobody reads, is damage as well.
    if manifest_file(signed) != content:
        raise ValueError("not as written")
    return signed


@cache
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def _signed_bytes(manifest: Manifest) -> bytes:
    return canonical_json({"format": FORMAT, **asdict(manifest)})


def _base64(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def _from_base64(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value, validate=True)
