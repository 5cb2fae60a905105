"""Finding the whole flushes of a segment, and checking their chain on the way.

Works on a view of the file and believes no length before it has compared it with the
bytes that are there: what a crash or an attacker left costs neither time nor memory.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from examrunner.archive import mcap_records as mcap
from examrunner.archive.layout import (
    CAN,
    CHAIN,
    CHAIN_CHANNEL,
    CHAIN_HEAD,
    CHAIN_TAIL,
    DIGITS,
    MOST_RECORDS,
)
from examrunner.archive.mcap_texts import read_map, read_text
from examrunner.archive.origin import Origin, read_origin

DATA_OPCODES: Final = frozenset(
    {
        mcap.HEADER,
        mcap.SCHEMA,
        mcap.CHANNEL,
        mcap.MESSAGE,
        mcap.ATTACHMENT,
        mcap.METADATA,
    }
)


class Message(NamedTuple):
    """Where the data of one message lie.

    Attributes:
        topic: MCAP topic.
        width: Payload width of a batch of frames; 0 otherwise.
        start: First byte in the segment.
        end: One past the last byte.
    """

    topic: str
    width: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The whole flushes of one segment.

    Attributes:
        origin: None when not even the first flush is whole.
        messages: In file order, without chain records.
        attachments: Where the bodies of attachment records lie.
        flushes: Number of whole flushes.
        chain: Digest of the last one; empty without any.
        kept_bytes: Bytes up to its end.
        last_ns: Log time of the last flush.
        records: Number of records that were looked at.
        problem: Why the scan stopped before the data section's end; empty if it
            did not.
    """

    origin: Origin | None = None
    messages: tuple[Message, ...] = ()
    attachments: tuple[tuple[int, int], ...] = ()
    flushes: int = 0
    chain: str = ""
    kept_bytes: int = 0
    last_ns: int = 0
    records: int = 0
    problem: str = ""


class DamageError(Exception):
    """A record is not as the format says; the scan keeps what came before."""


def scan(view: memoryview, most_records: int = MOST_RECORDS) -> Scan:
    """Reads a segment up to its end, or up to the first damage."""
    scanner = _Scanner(view, most_records)
    problem = ""
    try:
        scanner.run()
    except (DamageError, ValueError, KeyError, TypeError, struct.error) as damage:
        problem = str(damage) or "a record is malformed"
    except RecursionError:
        problem = "a record is nested too deeply"
    return scanner.kept(problem)


def records(view: memoryview, start: int) -> Iterator[tuple[int, int, int]]:
    """Opcode, start and end of each record's body, up to the end of data.

    Raises:
        DamageError: If a record is torn or cannot stand in a data section.
    """
    at, size = start, len(view)
    while True:
        if at + mcap.RECORD_HEAD.size > size:
            raise DamageError("the file ends inside a record")
        opcode, length = mcap.RECORD_HEAD.unpack_from(view, at)
        body = at + mcap.RECORD_HEAD.size
        if opcode == mcap.DATA_END:
            return
        if opcode not in DATA_OPCODES:
            raise DamageError(f"there is no record of kind {opcode} in a segment")
        at = body + length
        if at > size:
            raise DamageError("the file ends inside a record")
        yield opcode, body, at


class _Scanner:
    def __init__(self, view: memoryview, most_records: int) -> None:
        self._view = view
        self._most_records = most_records
        self._records = 0
        self._origin: Origin | None = None
        self._channels: dict[int, tuple[str, int]] = {}
        self._messages: list[Message] = []
        self._attachments: list[tuple[int, int]] = []
        self._hashed_from = 0
        self._kept = Scan()

    def run(self) -> None:
        if bytes(self._view[: len(mcap.MAGIC)]) != mcap.MAGIC:
            raise DamageError("the file does not begin as MCAP files begin")
        end = 0
        for opcode, start, end in records(self._view, len(mcap.MAGIC)):
            self._records += 1
            if self._records > self._most_records:
                raise DamageError("there are more records than a recording holds")
            if opcode == mcap.MESSAGE:
                self._message(start, end)
            elif opcode == mcap.CHANNEL:
                self._channel(self._view[start:end])
            elif opcode == mcap.ATTACHMENT:
                self._attachments.append((start, end))
            elif opcode == mcap.METADATA and self._origin is None:
                self._origin = read_origin(self._view[start:end])
        if end != self._kept.kept_bytes:
            raise DamageError("records follow the last flush")

    def kept(self, problem: str) -> Scan:
        flushes, chain = self._kept.flushes, self._kept.chain
        end = self._kept.kept_bytes
        return Scan(
            origin=self._origin if flushes else None,
            messages=tuple(m for m in self._messages if m.end <= end),
            attachments=tuple(place for place in self._attachments if place[1] <= end),
            flushes=flushes,
            chain=chain,
            kept_bytes=end,
            last_ns=self._kept.last_ns,
            records=self._records,
            problem=problem,
        )

    def _message(self, start: int, end: int) -> None:
        data = start + mcap.MESSAGE_HEAD.size
        if data > end:
            raise DamageError("a message is too short")
        channel, _, time_ns, _ = mcap.MESSAGE_HEAD.unpack_from(self._view, start)
        if channel == CHAIN_CHANNEL:
            self._flush(data, end, time_ns)
            return
        topic, width = self._channels[channel]
        self._messages.append(Message(topic, width, data, end))

    def _flush(self, data: int, end: int, time_ns: int) -> None:
        if self._origin is None:
            raise DamageError("a flush comes before the segment's description")
        number = self._origin.flush + self._kept.flushes
        head = CHAIN_HEAD.format(number).encode()
        at = data + len(head)
        found = bytes(self._view[at : at + DIGITS])
        whole = head + found + CHAIN_TAIL.encode()
        if end - data != len(whole) or bytes(self._view[data:end]) != whole:
            raise DamageError(f"flush {number} does not end in a chain record")
        digest = hashlib.sha256(self._view[self._hashed_from : at]).hexdigest()
        if digest.encode() != found:
            raise DamageError(f"the bytes of flush {number} do not give its digest")
        self._hashed_from = at
        self._kept = Scan(
            flushes=self._kept.flushes + 1,
            chain=digest,
            kept_bytes=end,
            last_ns=time_ns,
        )

    def _channel(self, body: memoryview) -> None:
        (number,) = struct.unpack_from("<H", body)
        topic, at = read_text(body, 4)
        _, at = read_text(body, at)
        metadata = read_map(body, at)
        width = int(metadata["width"]) if topic.startswith(CAN) else 0
        if (number == CHAIN_CHANNEL) != (topic == CHAIN):
            raise DamageError("the chain is not on its channel")
        self._channels[number] = topic, width
