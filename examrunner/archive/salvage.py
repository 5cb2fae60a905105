"""Flushes that are whole although something before them is damaged.

The chain ends at the first damage, and nothing behind it counts by itself. But each
chain record stands for the bytes since the one before it, so that what lies between
two undamaged ones is proved to be what was written, by this station and in this order.
An examiner may use it as unchained evidence; nothing is changed or deleted.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from examrunner.archive.flushes import CHAIN_TEXT, MOST_CANDIDATES
from examrunner.archive.layout import CHAIN_TAIL, DIGITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """One whole flush behind a damage.

    Attributes:
        flush: Its number.
        from_byte: First byte of its records.
        to_byte: One past the last byte of its chain record.
    """

    flush: int
    from_byte: int
    to_byte: int


def salvaged(view: memoryview, from_byte: int) -> Iterator[Salvaged]:
    """Whole flushes of a segment from ``from_byte`` on, in order."""
    before: dict[int, list[int]] = {}
    for match in CHAIN_TEXT.finditer(view, max(0, from_byte - DIGITS - 64)):
        flush, at = int(match[1]), match.start(2)
        for start in before.get(flush - 1, [])[:MOST_CANDIDATES]:
            digest = hashlib.sha256(view[start:at]).hexdigest()
            if digest.encode() == match[2]:
                begins = start + DIGITS + len(CHAIN_TAIL)
                if begins >= from_byte:
                    yield Salvaged(flush=flush, from_byte=begins, to_byte=match.end())
                break
        before.setdefault(flush, []).append(at)
