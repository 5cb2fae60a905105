"""Which flushes of a damaged segment are not as they were recorded.

Works without the records in between, whose lengths may be what is damaged: chain
records are found by their text, and each undamaged one starts the next comparison.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from examrunner.archive.layout import CHAIN_HEAD, CHAIN_TAIL, DIGITS
from examrunner.archive.manifest import SegmentEntry

MOST_CANDIDATES: Final = 8
"""Places looked at for one chain record: its text may also stand in an answer."""

CHAIN_TEXT: Final = re.compile(
    re.escape(CHAIN_HEAD.format("#")).replace(r"\#", "([0-9]{1,12})").encode()
    + b"([0-9a-f]{64})"
    + re.escape(CHAIN_TAIL).encode()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Bytes of a segment that differ somewhere from what was recorded.

    Attributes:
        flush: The flush that they belong to; None after the last one.
        from_byte: First of them.
        to_byte: One past the last of them.
    """

    flush: int | None
    from_byte: int
    to_byte: int


def damage_in(view: memoryview, entry: SegmentEntry) -> Iterator[Damage]:
    """Where a segment that is not as the manifest says differs from what it was.

    Flushes whose chain records cannot be found are reported as one, under the number
    of the first of them, up to the next chain record.
    """
    start, expected, sound, digest = 0, entry.first_flush, True, ""
    for flush, places in _chain_records(view, entry):
        later = [at for at in places if at > start]
        if not later:
            continue
        at = _whole(view, start, later) if flush == expected else None
        if at is None:
            at, sound = later[0], False
            yield Damage(flush=expected, from_byte=start, to_byte=at)
        start, expected = at, flush + 1
        digest = bytes(view[at : at + DIGITS]).decode()
    if expected < entry.first_flush + entry.flushes:
        yield Damage(flush=expected, from_byte=start, to_byte=len(view))
    elif sound and digest != entry.chain and entry.flushes:
        # Every flush fits the one before, but it is the chain of something else.
        yield Damage(flush=entry.first_flush, from_byte=0, to_byte=entry.kept_bytes)
    elif sound:
        yield Damage(flush=None, from_byte=entry.kept_bytes, to_byte=len(view))


def _chain_records(
    view: memoryview, entry: SegmentEntry
) -> Iterator[tuple[int, list[int]]]:
    """For each flush, in order: where texts like its chain record's digest stand."""
    places: dict[int, list[int]] = {}
    for match in CHAIN_TEXT.finditer(view):
        flush = int(match[1])
        if entry.first_flush <= flush < entry.first_flush + entry.flushes:
            places.setdefault(flush, []).append(match.start(2))
    yield from sorted(places.items())


def _whole(view: memoryview, start: int, places: list[int]) -> int | None:
    """The place whose digest is that of the bytes before it; None if there is none."""
    for at in places[:MOST_CANDIDATES]:
        digest = hashlib.sha256(view[start:at]).hexdigest()
        if digest.encode() == view[at : at + DIGITS].tobytes():
            return at
    return None
