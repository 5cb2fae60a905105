"""The whole flushes of all segments of a recording, as one chain."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from examrunner.archive.layout import MOST_RECORDS, NO_DIGEST, SEGMENT
from examrunner.archive.manifest import Lost, SegmentEntry
from examrunner.archive.origin import Origin
from examrunner.archive.scan import Message, Scan, scan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segment:
    """One segment file and what of it belongs to the chain.

    Attributes:
        name: File name.
        view: Its bytes.
        scan: Its whole flushes; none of them when it does not continue the chain.
        first_flush: Number of its first flush.
        chain: Digest of the last whole flush up to here.
    """

    name: str
    view: memoryview
    scan: Scan
    first_flush: int
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """All whole flushes of a recording, in order.

    Attributes:
        segments: In order of their names.
        flushes: Number of whole flushes.
        chain: Digest of the last one.
        last_ns: Recording time up to which nothing is missing.
        origin: The first segment's description; None without any whole flush.
    """

    segments: tuple[Segment, ...]
    flushes: int
    chain: str
    last_ns: int
    origin: Origin | None

    def messages(self, topic: str) -> list[tuple[Segment, Message]]:
        """Where the messages of a topic lie."""
        return [
            (segment, message)
            for segment in self.segments
            for message in segment.scan.messages
            if message.topic == topic
        ]

    def count(self, topics: str) -> int:
        """Number of messages on all topics that begin with ``topics``."""
        return sum(
            message.topic.startswith(topics)
            for segment in self.segments
            for message in segment.scan.messages
        )


def chain_of(views: Mapping[str, memoryview]) -> Chain:
    """Reads all segments; what does not continue the chain counts as lost."""
    segments: list[Segment] = []
    flushes, digest, last_ns, records = 0, NO_DIGEST, 0, 0
    for name, view in sorted(views.items()):
        found = scan(view, MOST_RECORDS - records)
        records += found.records
        refused = _refusal(name, found.origin, flushes, digest)
        if refused:
            found = Scan(problem=found.problem or refused)
        first = flushes
        flushes += found.flushes
        digest = found.chain or digest
        last_ns = max(last_ns, found.last_ns)
        segments.append(
            Segment(name=name, view=view, scan=found, first_flush=first, chain=digest)
        )
    origins = (s.scan.origin for s in segments if s.scan.origin is not None)
    return Chain(
        segments=tuple(segments),
        flushes=flushes,
        chain=digest,
        last_ns=last_ns,
        origin=next(origins, None),
    )


def _refusal(name: str, origin: Origin | None, flushes: int, digest: str) -> str:
    """Why a segment cannot stand at this place of the chain; empty if it can."""
    if origin is None:
        return "it holds no whole flush"
    match = SEGMENT.fullmatch(name)
    if match is None or origin.segment != int(match[1]):
        return f"it says that it is segment {origin.segment}"
    if (origin.flush, origin.previous) != (flushes, digest):
        return f"it does not continue the chain after flush {flushes - 1}"
    return ""


def entries(chain: Chain) -> tuple[SegmentEntry, ...]:
    """The segments as the manifest lists them."""
    return tuple(
        SegmentEntry(
            name=segment.name,
            bytes=len(segment.view),
            sha256=hashlib.sha256(segment.view).hexdigest(),
            kept_bytes=segment.scan.kept_bytes,
            complete=not segment.scan.problem,
            first_flush=segment.first_flush,
            flushes=segment.scan.flushes,
            chain=segment.chain,
        )
        for segment in chain.segments
    )


def losses(chain: Chain) -> tuple[Lost, ...]:
    """What follows the last whole flush in segments that do not end well."""
    lost, after_ns = [], 0
    for segment in chain.segments:
        after_ns = max(after_ns, segment.scan.last_ns)
        rest = len(segment.view) - segment.scan.kept_bytes
        if segment.scan.problem and rest:
            lost.append(
                Lost(
                    segment=segment.name,
                    from_byte=segment.scan.kept_bytes,
                    bytes=rest,
                    after_ns=after_ns,
                )
            )
    return tuple(lost)
