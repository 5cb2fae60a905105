"""Packet captures of the new kind (pcapng)."""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from examrunner.archive.formats.pcap import (
    check_link_type,
    damaged_capture,
    passed_over,
)
from examrunner.archive.formats.socketcan import LINK_TYPES, Packets, frames_in
from examrunner.archive.formats.source import content_of
from examrunner.archive.log_file import LogFile
from examrunner.model.frames import Frames

SECTION, INTERFACE, ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
LITTLE_MAGIC: Final = b"\x4d\x3c\x2b\x1a"
TIME_RESOLUTION: Final = 9
SMALLEST_BLOCK_BYTES: Final = 12
PACKET_HEADER_BYTES: Final = 20
LATEST_NS: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interface:
    """One capturing interface.

    Attributes:
        link_type: Of its packets.
        ticks_per_s: Resolution of its times.
        packets: Place, size and time of each, one after the other.
    """

    link_type: int
    ticks_per_s: int
    packets: "array[int]" = field(default_factory=lambda: array("q"))


def read(path: Path) -> LogFile:
    """Read the CAN frames of a capture; interfaces become channels.

    Raises:
        RecordingError: If it is no capture, damaged, or of another link type.
    """
    content = content_of(path)
    interfaces = _interfaces(content, path)
    channels: dict[int, Frames] = {}
    others = 0
    for number, interface in enumerate(interfaces):
        packets = Packets.of(interface.packets)
        if interface.link_type not in LINK_TYPES:
            others += len(packets.at)
            continue
        frames = frames_in(content, packets, interface.link_type)
        others += len(packets.at) - len(frames)
        if len(frames):
            channels[number] = frames
    if not channels:
        for interface in interfaces:
            check_link_type(interface.link_type, path)
    return LogFile(format="pcapng", channels=channels, notes=passed_over(others))


def _interfaces(content: bytes, path: Path) -> list[_Interface]:
    """All interfaces of all sections, with their packets."""
    every: list[_Interface] = []
    open_: list[_Interface] = []
    for kind, at, size, order in _blocks(content, path):
        if kind == SECTION:
            open_ = []
        elif kind == INTERFACE:
            interface = _interface(content[at : at + size], order, path)
            every.append(interface)
            open_.append(interface)
        elif kind == ENHANCED_PACKET:
            _add_packet(content, at, size, order, open_, path)
    return every


def _blocks(content: bytes, path: Path) -> Iterator[tuple[int, int, int, str]]:
    """Kind, and where the body of each whole block lies, and the byte order."""
    at, order = 0, "<"
    while at + SMALLEST_BLOCK_BYTES <= len(content):
        if content[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if content[at + 8 : at + 12] == LITTLE_MAGIC else ">"
        kind, size = struct.unpack_from(f"{order}LL", content, at)
        if size < SMALLEST_BLOCK_BYTES or size % 4:
            raise damaged_capture(path, at, "a block's length is impossible")
        if at + size > len(content):
            return
        yield kind, at + 8, size - SMALLEST_BLOCK_BYTES, order
        at += size


def _interface(body: bytes, order: str, path: Path) -> _Interface:
    if len(body) < 8:
        raise damaged_capture(path, 0, "an interface is shorter than its header")
    (link_type,) = struct.unpack_from(f"{order}H", body)
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


def _add_packet(
    content: bytes,
    at: int,
    size: int,
    order: str,
    interfaces: list[_Interface],
    path: Path,
) -> None:
    if size < PACKET_HEADER_BYTES:
        raise damaged_capture(path, at, "a packet is shorter than its header")
    number, high, low, kept = struct.unpack_from(f"{order}LLLL", content, at)
    if number >= len(interfaces) or PACKET_HEADER_BYTES + kept > size:
        raise damaged_capture(path, at, "a packet contradicts its interface")
    interface = interfaces[number]
    t_ns = (high << 32 | low) * 1_000_000_000 // interface.ticks_per_s
    if t_ns > LATEST_NS:
        raise damaged_capture(path, at, "a packet's time is impossible")
    interface.packets.extend((at + PACKET_HEADER_BYTES, kept, t_ns))
