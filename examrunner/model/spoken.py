"""Bytes as words that two people can read to each other (proquints).

A. Wilkerson, "A Proposal for Proquints: Identifiers that are Readable, Spellable, and
Pronounceable", 2009: 16 bits a word, consonants and vowels in turn.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

CONSONANTS: Final = "bdfghjklmnprstvz"
VOWELS: Final = "aiou"
WORDS: Final = 4
"""64 bits: more than anybody can make a second key for while a code is good."""


def spoken(number: bytes) -> str:
    """Pairs of bytes as words.

    >>> spoken(bytes([127, 0, 0, 1]))
    'lusab-babad'
    """
    pairs = zip(number[::2], number[1::2], strict=True)
    return "-".join(_word(high << 8 | low) for high, low in pairs)


def key_words(public_key: str) -> str:
    """Four words for a public key, hexadecimal."""
    digest = hashlib.sha256(bytes.fromhex(public_key)).digest()
    return spoken(digest[: 2 * WORDS])


def _word(pair: int) -> str:
    return "".join(_letters(pair))


def _letters(pair: int) -> Iterator[str]:
    yield CONSONANTS[pair >> 12]
    yield VOWELS[pair >> 10 & 3]
    yield CONSONANTS[pair >> 6 & 15]
    yield VOWELS[pair >> 4 & 3]
    yield CONSONANTS[pair & 15]
