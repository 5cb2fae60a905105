"""MCAP records as bytes. Specification: mcap.dev/spec, version 0.

A small encoder of our own, because the chain needs every byte before it is written
and a durable flush must be one write. The ``mcap`` package reads the result in tests.
"""

import struct
import zlib
from collections.abc import Mapping
from typing import Final

MAGIC: Final = b"\x89MCAP0\r\n"

HEADER: Final = 0x01
FOOTER: Final = 0x02
SCHEMA: Final = 0x03
CHANNEL: Final = 0x04
MESSAGE: Final = 0x05
ATTACHMENT: Final = 0x09
ATTACHMENT_INDEX: Final = 0x0A
STATISTICS: Final = 0x0B
METADATA: Final = 0x0C
METADATA_INDEX: Final = 0x0D
SUMMARY_OFFSET: Final = 0x0E
DATA_END: Final = 0x0F

RECORD_HEAD: Final = struct.Struct("<BQ")
"""Opcode and length of the body that follows."""
MESSAGE_HEAD: Final = struct.Struct("<HIQQ")
"""Channel id, sequence, log time, publish time; the data follow."""


def text(value: str) -> bytes:
    """A string with its length in front."""
    encoded = value.encode()
    return struct.pack("<I", len(encoded)) + encoded


def text_map(values: Mapping[str, str]) -> bytes:
    """A map of strings with its length in bytes in front."""
    body = b"".join(text(key) + text(value) for key, value in values.items())
    return struct.pack("<I", len(body)) + body


def record(opcode: int, *parts: bytes) -> bytes:
    """One record around its body."""
    body = b"".join(parts)
    return RECORD_HEAD.pack(opcode, len(body)) + body


def header(profile: str, library: str) -> bytes:
    """The first record of a file."""
    return record(HEADER, text(profile), text(library))


def schema(number: int, name: str, encoding: str, data: bytes) -> bytes:
    """What the messages of a channel look like."""
    return record(
        SCHEMA,
        struct.pack("<H", number),
        text(name),
        text(encoding),
        struct.pack("<I", len(data)),
        data,
    )


def channel(
    number: int,
    schema_number: int,
    topic: str,
    encoding: str,
    metadata: Mapping[str, str],
) -> bytes:
    """A named stream of messages."""
    return record(
        CHANNEL,
        struct.pack("<HH", number, schema_number),
        text(topic),
        text(encoding),
        text_map(metadata),
    )


def message_head(channel_number: int, sequence: int, time_ns: int, size: int) -> bytes:
    """Everything of a message record that stands before its ``size`` data bytes."""
    return RECORD_HEAD.pack(MESSAGE, MESSAGE_HEAD.size + size) + MESSAGE_HEAD.pack(
        channel_number, sequence, time_ns, time_ns
    )


def metadata(name: str, values: Mapping[str, str]) -> bytes:
    """Named strings about the file."""
    return record(METADATA, text(name), text_map(values))


def metadata_index(offset: int, length: int, name: str) -> bytes:
    """Where a metadata record lies."""
    return record(METADATA_INDEX, struct.pack("<QQ", offset, length), text(name))


def attachment(name: str, media_type: str, data: bytes) -> bytes:
    """A file inside the file, with its checksum."""
    body = (
        struct.pack("<QQ", 0, 0)
        + text(name)
        + text(media_type)
        + struct.pack("<Q", len(data))
        + data
    )
    return record(ATTACHMENT, body, struct.pack("<I", zlib.crc32(body)))


def attachment_index(
    offset: int, length: int, size: int, name: str, media_type: str
) -> bytes:
    """Where an attachment record lies."""
    return record(
        ATTACHMENT_INDEX,
        struct.pack("<QQQQQ", offset, length, 0, 0, size),
        text(name),
        text(media_type),
    )
