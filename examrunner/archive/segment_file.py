"""One segment while it is written: whole flushes, chained, durable."""

import hashlib
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from examrunner.archive import mcap_records as mcap
from examrunner.archive.durable import sync_folder
from examrunner.archive.layout import (
    CHAIN,
    CHAIN_CHANNEL,
    CHAIN_HEAD,
    CHAIN_TAIL,
    DIGITS,
    PROFILE,
    segment_name,
)
from examrunner.archive.mcap_summary import SummaryTally, closing_bytes
from examrunner.archive.origin import Origin
from examrunner.archive.reserve import Reserve, relieved


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A named stream of messages and what they look like.

    Attributes:
        name: MCAP topic.
        encoding: MCAP message encoding.
        schema_name: MCAP schema name.
        schema_encoding: MCAP schema encoding.
        schema: Schema data.
        metadata: Channel metadata.
    """

    name: str
    encoding: str
    schema_name: str
    schema_encoding: str
    schema: bytes
    metadata: tuple[tuple[str, str], ...] = ()


CHAIN_TOPIC = Topic(
    name=CHAIN,
    encoding="json",
    schema_name="examrunner.Chain",
    schema_encoding="jsonschema",
    schema=b'{"type":"object","properties":{"flush":{"type":"integer"},'
    b'"sha256":{"type":"string"}}}',
)


class SegmentFile:
    """A new segment file, open for whole flushes.

    Args:
        folder: The recording.
        origin: What it continues.
        sync: False leaves durability to the operating system.
        reserve: Room for when the disk is full; None without.
    """

    def __init__(
        self,
        folder: Path,
        origin: Origin,
        *,
        sync: bool,
        reserve: Reserve | None = None,
    ) -> None:
        self._sync = sync
        self._reserve = reserve
        self._tally = SummaryTally()
        self._numbers: dict[Topic, int] = {}
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._hash = hashlib.sha256()
        self._crc = 0
        self.size = 0
        self.flush_number = origin.flush
        self.digest = ""
        self._file = (folder / segment_name(origin.segment)).open("xb", buffering=0)
        try:
            if sync:
                sync_folder(folder)
            self._begin(origin.texts())
            self.flush()
        except BaseException:
            self.release()
            raise

    def message(self, topic: Topic, sequence: int, time_ns: int, data: bytes) -> None:
        """Adds a message to the flush that is being prepared."""
        log_time = max(time_ns, 0)
        channel = self._channel(topic)
        self._tally.count_message(channel, log_time)
        self._add(mcap.message_head(channel, sequence, log_time, len(data)))
        self._add(data)

    def attachment(self, name: str, media_type: str, data: bytes) -> None:
        """Adds a file to the flush that is being prepared."""
        at = self.size + self._pending_bytes
        record = mcap.attachment(name, media_type, data)
        self._tally.attachments.append(
            mcap.attachment_index(at, len(record), len(data), name, media_type)
        )
        self._add(record)

    def flush(self) -> None:
        """Ends the flush with its chain record and writes it: durable on return."""
        time_ns = self._tally.last_ns
        head, tail = CHAIN_HEAD.format(self.flush_number).encode(), CHAIN_TAIL.encode()
        size = len(head) + DIGITS + len(tail)
        self._add(
            mcap.message_head(CHAIN_CHANNEL, self.flush_number, time_ns, size) + head
        )
        content = b"".join(self._pending)
        self._hash.update(content)
        self.digest = self._hash.hexdigest()
        ended = self.digest.encode() + tail
        self._write(content + ended)
        self._hash = hashlib.sha256(ended)
        self._tally.count_message(CHAIN_CHANNEL, time_ns)
        self.flush_number += 1

    def finish(self) -> None:
        """Writes the summary, makes the file durable and closes it."""
        self._write(closing_bytes(self._tally, at=self.size, data_crc=self._crc))
        os.fsync(self._file.fileno())
        self.release()

    def release(self) -> None:
        """Lets go of the file as it is."""
        self._file.close()

    def _begin(self, origin: Mapping[str, str]) -> None:
        self._add(mcap.MAGIC + mcap.header(PROFILE, "examrunner"))
        record = mcap.metadata(PROFILE, origin)
        self._tally.metadata.append(
            mcap.metadata_index(self._pending_bytes, len(record), PROFILE)
        )
        self._add(record)
        self._channel(CHAIN_TOPIC)

    def _channel(self, topic: Topic) -> int:
        """The channel number of a topic, declared in the file when it is new."""
        if topic in self._numbers:
            return self._numbers[topic]
        number = self._numbers[topic] = len(self._numbers) + 1
        schema = mcap.schema(
            number, topic.schema_name, topic.schema_encoding, topic.schema
        )
        channel = mcap.channel(
            number, number, topic.name, topic.encoding, dict(topic.metadata)
        )
        self._tally.schemas[number] = schema
        self._tally.channels[number] = channel
        self._add(schema + channel)
        return number

    def _add(self, content: bytes) -> None:
        self._pending.append(content)
        self._pending_bytes += len(content)

    def _write(self, content: bytes) -> None:
        if self._reserve is None:
            self._append(content)
        else:
            relieved(self._reserve, lambda: self._append(content))
        if self._sync:
            os.fsync(self._file.fileno())
        self._crc = zlib.crc32(content, self._crc)
        self.size += len(content)
        self._pending.clear()
        self._pending_bytes = 0

    def _append(self, content: bytes) -> None:
        """Writes at the end; what a full disk tore off is taken back before."""
        if self._file.tell() != self.size:
            self._file.truncate(self.size)
            self._file.seek(self.size)
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]
