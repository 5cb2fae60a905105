"""What a rig shows of an attempt's challenge, so that nobody can show it beforehand.

The station tells the rig the challenge when the attempt opens. From then on the rig
sends one bit of it in every status frame, and its display shows one number of it at a
time. Both change with time, so that neither another attempt's traffic nor an earlier
stretch of this one fits.
"""

import hashlib
import hmac
from typing import Final

import numpy as np
from numpy.typing import NDArray

MARK_SIGNAL: Final = "RIG_Mark"
"""The signal that carries the bits, in whatever message a rig sends it."""
MARK_NS: Final = 100_000_000
"""Time of one bit."""
BLOCK: Final = 60
"""Bits that are derived together."""
DISPLAY_NS: Final = 30_000_000_000
"""How long the display shows one number."""
DISPLAY_NUMBERS: Final = 900
"""Markers 0 to this one, exclusive, belong to the display; people wear the others."""


def marks(challenge: str, count: int) -> NDArray[np.uint8]:
    """The first bits that a rig sends, (count,)."""
    blocks = [
        np.frombuffer(_derived(challenge, f"marks/{number}"), np.uint8)
        for number in range(-(-count // BLOCK))
    ]
    if not blocks:
        return np.empty(0, np.uint8)
    bits = np.unpackbits(np.stack(blocks), axis=1)[:, :BLOCK]
    found: NDArray[np.uint8] = bits.ravel()[:count]
    return found


def display_number(challenge: str, since_ns: int) -> int:
    """What the display shows, that long after the rig was told the challenge."""
    derived = _derived(challenge, f"display/{since_ns // DISPLAY_NS}")
    return int.from_bytes(derived[:4], "big") % DISPLAY_NUMBERS


def _derived(challenge: str, purpose: str) -> bytes:
    return hmac.digest(bytes.fromhex(challenge), purpose.encode(), hashlib.sha256)
