"""Packet captures of the new kind (pcapng)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.archive.formats.pcap import check_link_type, damaged_capture
from examrunner.archive.formats.socketcan import row_of
from examrunner.archive.formats.source import content_of, no_frames
from examrunner.archive.log_file import LogFile, Row, collected

SECTION, INTERFACE, SIMPLE_PACKET, ENHANCED_PACKET = 0x0A0D0D0A, 1, 3, 6
LITTLE_MAGIC: Final = b"\x4d\x3c\x2b\x1a"
TIME_RESOLUTION: Final = 9
SMALLEST_BLOCK_BYTES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interface:
    """One capturing interface: its link type and how many of its ticks are a second."""

    link_type: int
    ticks_per_s: int


def read(path: Path) -> LogFile:
    """Read the CAN frames of a capture; interfaces become channels.

    Raises:
        RecordingError: If it is no capture, damaged, or of another link type.
    """
    content = content_of(path)
    log = collected("pcapng", _rows(content, path))
    if not len(log):
        raise no_frames(path, "pcapng")
    return log


def _rows(content: bytes, path: Path) -> Iterator[Row]:
    interfaces: list[_Interface] = []
    for kind, body, order, at in _blocks(content, path):
        if kind == SECTION:
            interfaces = []
        elif kind == INTERFACE:
            interfaces.append(_interface(body, order, path))
        elif kind == ENHANCED_PACKET:
            row = _packet(body, order, interfaces, path, at)
            if row is not None:
                yield row


def _blocks(content: bytes, path: Path) -> Iterator[tuple[int, bytes, str, int]]:
    at, order = 0, "<"
    while at + SMALLEST_BLOCK_BYTES <= len(content):
        if content[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if content[at + 8 : at + 12] == LITTLE_MAGIC else ">"
        kind, size = struct.unpack_from(f"{order}LL", content, at)
        if size < SMALLEST_BLOCK_BYTES or size % 4:
            raise damaged_capture(path, at, "a block's length is impossible")
        if at + size > len(content):
            return
        yield kind, content[at + 8 : at + size - 4], order, at
        at += size


def _interface(body: bytes, order: str, path: Path) -> _Interface:
    (link_type,) = struct.unpack_from(f"{order}H", body)
    check_link_type(link_type, path)
    ticks, at = 1_000_000, 8
    while at + 4 <= len(body):
        code, length = struct.unpack_from(f"{order}HH", body, at)
        if code == TIME_RESOLUTION and length and at + 4 < len(body):
            power = body[at + 4]
            ticks = 2 ** (power & 0x7F) if power & 0x80 else 10**power
        if not code:
            break
        at += 4 + length + -length % 4
    return _Interface(link_type=link_type, ticks_per_s=ticks)


def _packet(
    body: bytes, order: str, interfaces: list[_Interface], path: Path, at: int
) -> Row | None:
    if len(body) < 20:
        raise damaged_capture(path, at, "a packet is shorter than its header")
    number, high, low, kept, _ = struct.unpack_from(f"{order}LLLLL", body)
    if number >= len(interfaces) or 20 + kept > len(body):
        raise damaged_capture(path, at, "a packet contradicts its interface")
    interface = interfaces[number]
    ticks = high << 32 | low
    t_ns = ticks * 1_000_000_000 // interface.ticks_per_s
    return row_of(body[20 : 20 + kept], interface.link_type, t_ns, number)
