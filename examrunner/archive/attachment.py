"""A file that was put into a recording."""

import struct
import zlib

from examrunner.archive.mcap_texts import read_text


def read_attachment(body: memoryview) -> tuple[str, bytes]:
    """Name and content of an MCAP attachment record's body.

    Raises:
        ValueError: If it is malformed or its checksum does not fit.
    """
    try:
        name, at = read_text(body, 16)
        _, at = read_text(body, at)
        (size,) = struct.unpack_from("<Q", body, at)
        (crc,) = struct.unpack_from("<I", body, len(body) - 4)
    except struct.error:
        raise ValueError("an attachment is cut short") from None
    start = at + 8
    if start + size + 4 != len(body) or zlib.crc32(body[:-4]) != crc:
        raise ValueError(f"attachment {name!r} is damaged")
    return name, bytes(body[start : start + size])
