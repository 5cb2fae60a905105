"""Content that only one station can read: sealed for its key.

X25519 with a key of its own for every seal, HKDF-SHA-256, ChaCha20-Poly1305. The
recipient's X25519 key is its Ed25519 key in the other form of the same curve
(RFC 7748, section 4.1), so that a station that is enrolled can be written to.

    sealed = ephemeral public key (32 bytes) + ciphertext and tag

The nonce is zero, because no key seals twice. What the content belongs to is
authenticated with it: a seal of one attempt cannot be passed off as another's.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PRIME: Final = 2**255 - 19
KEY_BYTES: Final = 32
NONCE: Final = bytes(12)
PURPOSE: Final = b"examrunner sealed/1"


class SealError(Exception):
    """The content is not sealed for this key and this purpose, or was altered."""


def seal(content: bytes, public_key: bytes, belongs_to: str) -> bytes:
    """The content, readable for the holder of one key only.

    Args:
        content: What is secret.
        public_key: The recipient's raw Ed25519 public key.
        belongs_to: What it belongs to, for example an attempt's id.

    Raises:
        SealError: If nobody can hold that key.
    """
    recipient = _montgomery(public_key)
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    cipher = _cipher(ephemeral, recipient, sender, recipient)
    return sender + cipher.encrypt(NONCE, content, belongs_to.encode())


def unseal(sealed: bytes, key: Ed25519PrivateKey, belongs_to: str) -> bytes:
    """The content of a seal.

    Args:
        sealed: What ``seal`` made.
        key: The recipient's key.
        belongs_to: What the content must belong to.

    Raises:
        SealError: If it is for somebody else or something else, or was altered.
    """
    if len(sealed) < KEY_BYTES:
        raise SealError("too short")
    own = X25519PrivateKey.from_private_bytes(
        hashlib.sha512(key.private_bytes_raw()).digest()[:KEY_BYTES]
    )
    sender, rest = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    recipient = own.public_key().public_bytes_raw()
    try:
        return _cipher(own, sender, sender, recipient).decrypt(
            NONCE, rest, belongs_to.encode()
        )
    except InvalidTag:
        raise SealError("not sealed for this key, or altered") from None


def _cipher(
    own: X25519PrivateKey, other: bytes, sender: bytes, recipient: bytes
) -> ChaCha20Poly1305:
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError:  # a point of small order: the secret would be known to all
        raise SealError("no usable key") from None
    derived = HKDF(
        algorithm=SHA256(),
        length=KEY_BYTES,
        salt=sender + recipient,
        info=PURPOSE,
    )
    return ChaCha20Poly1305(derived.derive(shared))


def _montgomery(public_key: bytes) -> bytes:
    """An Ed25519 public key as an X25519 one: u = (1 + y) / (1 - y)."""
    y = int.from_bytes(public_key, "little") % 2**255
    if len(public_key) != KEY_BYTES or y % PRIME == 1:
        raise SealError("no usable key")
    u = (1 + y) * pow(1 - y, -1, PRIME) % PRIME
    return u.to_bytes(KEY_BYTES, "little")
