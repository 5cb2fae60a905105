"""Plain tar archives with nothing in them that could differ between two machines.

Only what this module writes is read back: each header is rebuilt from the name and
size that it claims and compared byte by byte. Links, paths, extensions and lying
lengths have no place to hide. Format: POSIX.1-1988 ustar.
"""

import re
from typing import Final

BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
LARGEST_BYTES: Final = 8**11 - 1
MOST_MEMBERS: Final = 10_000
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,98}")


def tar_header(name: str, size: int) -> bytes:
    """The block before a file's content.

    Raises:
        ValueError: If the name is not plain or the file is too large for the format.
    """
    if not _NAME.fullmatch(name) or not 0 <= size <= LARGEST_BYTES:
        raise ValueError(f"{name!r} with {size} bytes cannot be packed")
    header = bytearray(BLOCK)
    header[0 : len(name)] = name.encode()
    header[100:108] = b"0000644\0"
    header[108:116] = header[116:124] = b"0000000\0"
    header[124:136] = b"%011o\0" % size
    header[136:148] = b"%011o\0" % 0
    header[148:156] = b" " * 8
    header[156:157] = b"0"
    header[257:265] = b"ustar\x0000"
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def padding(size: int) -> bytes:
    """What follows a content of this size, up to a whole block."""
    return bytes(-size % BLOCK)


def tar_members(content: memoryview) -> dict[str, memoryview]:
    """The files of an archive by name, without a copy.

    Raises:
        ValueError: If the archive is not exactly as this module writes archives.
    """
    members: dict[str, memoryview] = {}
    at = 0
    while content[at : at + len(END)] != END:
        name, size = _claimed(bytes(content[at : at + BLOCK]))
        start = at + BLOCK
        at = start + size + len(padding(size))
        if at > len(content) or name in members or len(members) >= MOST_MEMBERS:
            raise ValueError("it is cut short or lists a file twice")
        if content[start + size : at] != padding(size):
            raise ValueError("there is something between its files")
        members[name] = content[start : start + size]
    if at + len(END) != len(content):
        raise ValueError("something follows its end")
    return members


def _claimed(header: bytes) -> tuple[str, int]:
    """Name and size that a header claims, if it is a header that we write."""
    name = header[:100].rstrip(b"\0").decode("ascii", "replace")
    digits = header[124:135]
    if len(header) < BLOCK or not re.fullmatch(rb"[0-7]{11}", digits):
        raise ValueError("it is not made of plain files")
    size = int(digits, 8)
    if tar_header(name, size) != header:
        raise ValueError("it is not made of plain files")
    return name, size
