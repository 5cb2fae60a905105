"""The end of a complete MCAP file: indexes, statistics and the footer."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from examrunner.archive import mcap_records as mcap


@dataclass(slots=True, kw_only=True)
class SummaryTally:
    """What the records of one file add up to, kept while they are written.

    Attributes:
        schemas: Schema records by number.
        channels: Channel records by number.
        attachments: Attachment index records.
        metadata: Metadata index records.
        messages: Number of messages by channel.
        first_ns: Earliest log time; None without messages.
        last_ns: Latest log time.
    """

    schemas: dict[int, bytes] = field(default_factory=dict)
    channels: dict[int, bytes] = field(default_factory=dict)
    attachments: list[bytes] = field(default_factory=list)
    metadata: list[bytes] = field(default_factory=list)
    messages: dict[int, int] = field(default_factory=dict)
    first_ns: int | None = None
    last_ns: int = 0

    def count_message(self, channel: int, time_ns: int) -> None:
        """One more message."""
        self.messages[channel] = self.messages.get(channel, 0) + 1
        earlier = time_ns if self.first_ns is None else min(self.first_ns, time_ns)
        self.first_ns = earlier
        self.last_ns = max(self.last_ns, time_ns)

    def statistics(self) -> bytes:
        """The statistics record."""
        counts = b"".join(
            struct.pack("<HQ", channel, count)
            for channel, count in self.messages.items()
        )
        return mcap.record(
            mcap.STATISTICS,
            struct.pack(
                "<QHIIIIQQI",
                sum(self.messages.values()),
                len(self.schemas),
                len(self.channels),
                len(self.attachments),
                len(self.metadata),
                0,
                self.first_ns or 0,
                self.last_ns,
                len(counts),
            ),
            counts,
        )


def closing_bytes(tally: SummaryTally, *, at: int, data_crc: int) -> bytes:
    """Everything after the last data record, from file offset ``at``.

    Args:
        tally: What was written.
        at: Size of the file so far.
        data_crc: CRC-32 of the file so far.
    """
    data_end = mcap.record(mcap.DATA_END, struct.pack("<I", data_crc))
    start = at + len(data_end)
    summary, offsets = _groups(
        {
            mcap.SCHEMA: tally.schemas.values(),
            mcap.CHANNEL: tally.channels.values(),
            mcap.STATISTICS: [tally.statistics()],
            mcap.ATTACHMENT_INDEX: tally.attachments,
            mcap.METADATA_INDEX: tally.metadata,
        },
        start,
    )
    checked = summary + offsets + mcap.RECORD_HEAD.pack(mcap.FOOTER, 20)
    checked += struct.pack("<QQ", start, start + len(summary))
    return data_end + checked + struct.pack("<I", zlib.crc32(checked)) + mcap.MAGIC


def _groups(groups: Mapping[int, Iterable[bytes]], start: int) -> tuple[bytes, bytes]:
    summary, offsets = b"", b""
    for opcode, records in groups.items():
        group = b"".join(records)
        if group:
            place = struct.pack("<BQQ", opcode, start + len(summary), len(group))
            offsets += mcap.record(mcap.SUMMARY_OFFSET, place)
        summary += group
    return summary, offsets
