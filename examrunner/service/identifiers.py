"""Identifiers and secrets that the service hands out."""

import base64
import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

CODE_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody confuses on paper."""
_PER_MILLISECOND: Final = 4096


def uuid7(at: datetime, sequence: int) -> UUID:
    """An identifier that sorts by time and, within one call site, by ``sequence``.

    RFC 9562, method 1: the 12 bits after the milliseconds count. More than 4,096 of
    the same moment run into the following milliseconds.
    """
    milliseconds = int(at.timestamp() * 1000) + sequence // _PER_MILLISECOND
    counter = sequence % _PER_MILLISECOND
    tail = secrets.randbits(62)
    return UUID(
        int=(milliseconds << 80) | (7 << 76) | (counter << 64) | (2 << 62) | tail
    )


def new_token() -> str:
    """A bearer token of 256 random bits."""
    return secrets.token_urlsafe(32)


def new_nonce() -> str:
    """An attempt's challenge: 128 random bits, hexadecimal."""
    return secrets.token_hex(16)


def new_enrolment_code() -> str:
    """128 random bits in groups of four characters."""
    text = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_candidate_code() -> str:
    """Six characters that say nothing about who it is."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(6))


def new_examiner_code() -> str:
    """Twelve characters, 60 random bits, in groups of four: typed on an exam day."""
    text = "".join(secrets.choice(CODE_ALPHABET) for _ in range(12))
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
