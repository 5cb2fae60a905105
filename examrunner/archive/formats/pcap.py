"""Packet captures of the old kind (libpcap's savefile)."""

import struct
from array import array
from pathlib import Path
from typing import Final

from examrunner.archive.formats.socketcan import LINK_TYPES, Packets, frames_in
from examrunner.archive.formats.source import content_of
from examrunner.archive.log_file import LogFile
from examrunner.model.errors import RecordingError

MAGICS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
"""First bytes to byte order and nanoseconds of the fraction's unit."""
LARGEST_PACKET_BYTES: Final = 1 << 18
PACKET_HEADER_BYTES: Final = 16


def read(path: Path) -> LogFile:
    """Read the CAN frames of a capture; other packets are counted in the notes.

    Raises:
        RecordingError: If it is no capture, damaged, or of another link type.
    """
    content = content_of(path)
    magic = MAGICS.get(content[:4])
    if magic is None or len(content) < 24:
        raise damaged_capture(path, 0, "it does not begin as a capture does")
    order, unit_ns = magic
    (link_type,) = struct.unpack_from(f"{order}L", content, 20)
    check_link_type(link_type & 0xFFFF, path)
    packets = Packets.of(_packets(content, order, unit_ns, path))
    frames = frames_in(content, packets, link_type & 0xFFFF)
    return LogFile(
        format="pcap",
        channels={0: frames},
        notes=passed_over(len(packets.at) - len(frames)),
    )


def passed_over(others: int) -> tuple[str, ...]:
    """A note about packets of other kinds; none if there are none."""
    if not others:
        return ()
    return (f"{others} packet(s) were no CAN frames and were passed over.",)


def _packets(content: bytes, order: str, unit_ns: int, path: Path) -> "array[int]":
    """Place, size and time of each whole packet, one after the other."""
    found = array("q")
    at, size = 24, len(content)
    unpack = struct.Struct(f"{order}LLL").unpack_from
    while at + PACKET_HEADER_BYTES <= size:
        seconds, fraction, kept = unpack(content, at)
        if kept > LARGEST_PACKET_BYTES:
            raise damaged_capture(path, at, "a packet is longer than any packet")
        begin = at + PACKET_HEADER_BYTES
        at = begin + kept
        if at > size:
            break
        found.extend((begin, kept, seconds * 1_000_000_000 + fraction * unit_ns))
    return found


def check_link_type(link_type: int, path: Path) -> None:
    """Refuse captures of other networks.

    Raises:
        RecordingError: If packets of that type carry no CAN frames.
    """
    if link_type not in LINK_TYPES:
        raise RecordingError(
            f"the capture's link type {link_type} carries no CAN frames.",
            where=str(path),
            remedy="Capture on a CAN interface (link type 227, or Linux cooked).",
        )


def damaged_capture(path: Path, at: int, problem: str) -> RecordingError:
    """The error about one place of a capture."""
    return RecordingError(
        f"the capture is damaged: {problem}.",
        where=f"{path}, byte {at}",
        remedy="Save it again from its source; the original was left as it is.",
    )
