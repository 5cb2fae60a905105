"""A station's Ed25519 key pair on the disk: PEM files, the private one for one user."""

import errno
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from examrunner.archive.durable import disk_of, sync_folder, write_durably
from examrunner.model.errors import RecordingError


def generate_key(path: Path) -> Ed25519PrivateKey:
    """Makes a key pair: the private key at ``path``, the public one at ``path.pub``.

    Raises:
        RecordingError: If there is a file already, or the disk refuses.
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with disk_of(path):
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        # The private key last and by its name at once: a power cut in between leaves
        # no half of one, which would look like a key that somebody has damaged.
        write_durably(public_path(path), public_pem(key.public_key()))
        partial = path.with_name(path.name + ".part")
        partial.unlink(missing_ok=True)
        _write_new(partial, private, 0o600)
        partial.replace(path)
        sync_folder(path.parent)
    return key


def public_path(path: Path) -> Path:
    """Where the public key of the private key at ``path`` lies."""
    return path.with_name(path.name + ".pub")


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file.

    Raises:
        RecordingError: If the file is missing, readable by others, or no Ed25519 key.
    """
    with disk_of(path):
        content = path.read_bytes()
        mode = path.stat().st_mode
    if os.name != "nt" and mode & 0o077:
        raise RecordingError(
            "the private key can be read by other users of this machine.",
            where=str(path),
            remedy=f"Run 'chmod 600 {path.name}', or make a new key if it was exposed.",
        )
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key(path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path)
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a PEM file.

    Raises:
        RecordingError: If the file is missing or no Ed25519 public key.
    """
    with disk_of(path):
        content = path.read_bytes()
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(path) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path)
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as it is handed out."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key, lower-case hexadecimal."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """A file that nobody else could open in between."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _no_key(path: Path) -> RecordingError:
    return RecordingError(
        "this is not an Ed25519 key in PEM format.",
        where=str(path),
        remedy="Make a key with 'examrunner station enrol', or name the right file.",
    )
