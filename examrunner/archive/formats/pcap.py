"""Packet captures of the old kind (libpcap's savefile)."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.archive.formats.socketcan import LINK_TYPES, row_of
from examrunner.archive.formats.source import content_of, no_frames
from examrunner.archive.log_file import LogFile, Row, collected
from examrunner.model.errors import RecordingError

MAGICS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
"""First bytes to byte order and nanoseconds of the fraction's unit."""
LARGEST_PACKET_BYTES: Final = 1 << 18


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
    others: list[int] = []
    rows = _rows(content, order, unit_ns, link_type & 0xFFFF, others, path)
    log = collected("pcap", rows)
    if not len(log):
        raise no_frames(path, "pcap")
    return log if not others else _with_note(log, len(others))


def _with_note(log: LogFile, others: int) -> LogFile:
    note = f"{others} packet(s) were no CAN frames and were passed over."
    return LogFile(format=log.format, channels=log.channels, notes=(note,))


def _rows(
    content: bytes,
    order: str,
    unit_ns: int,
    link_type: int,
    others: list[int],
    path: Path,
) -> Iterator[Row]:
    at = 24
    header = struct.Struct(f"{order}LLLL")
    while at + header.size <= len(content):
        seconds, fraction, kept, _ = header.unpack_from(content, at)
        begin = at + header.size
        if kept > LARGEST_PACKET_BYTES:
            raise damaged_capture(path, at, "a packet is longer than any packet")
        if begin + kept > len(content):
            return
        t_ns = seconds * 1_000_000_000 + fraction * unit_ns
        row = row_of(content[begin : begin + kept], link_type, t_ns, 0)
        if row is None:
            others.append(at)
        else:
            yield row
        at = begin + kept


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
