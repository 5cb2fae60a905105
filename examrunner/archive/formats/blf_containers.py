"""The outer layer of a BLF: containers, unpacked piece by piece within bounds."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examrunner.model.errors import RecordingError

LOG_CONTAINER: Final = 10
NOT_PACKED, ZLIB = 0, 2
OUTER_HEADER_BYTES: Final = 16
CONTAINER_HEADER_BYTES: Final = 16
PIECE_BYTES: Final = 4 << 20
"""Containers are joined until a piece has about this size."""
LARGEST_CONTAINER_BYTES: Final = 64 << 20
LARGEST_RATIO: Final = 20
"""Logs are seldom packed to less than a tenth."""


def unpacked_pieces(content: bytes, begin: int, path: Path) -> Iterator[bytes]:
    """The stream of objects, in pieces of about ``PIECE_BYTES``.

    A file that ends in the middle of a container gives everything before it.

    Raises:
        RecordingError: If a container is damaged or unfolds without bound.
    """
    piece: list[bytes] = []
    held = total = 0
    for at, body in _containers(content, begin, path):
        unpacked = _unpacked(body, at, path)
        total += len(unpacked)
        if total > LARGEST_CONTAINER_BYTES + LARGEST_RATIO * len(content):
            raise damaged(path, at, "it unfolds to far more than a log would")
        piece.append(unpacked)
        held += len(unpacked)
        if held >= PIECE_BYTES:
            yield b"".join(piece)
            piece, held = [], 0
    if piece:
        yield b"".join(piece)


def missing_bytes(content: bytes, begin: int) -> int:
    """How many bytes the last container lacks; 0 if the file is complete."""
    at = begin
    while at + OUTER_HEADER_BYTES <= len(content):
        (size,) = struct.unpack_from("<L", content, at + 8)
        if at + size > len(content):
            return at + int(size) - len(content)
        at += max(size, OUTER_HEADER_BYTES) + size % 4
    return 0 if at >= len(content) else at + OUTER_HEADER_BYTES - len(content)


def _containers(content: bytes, begin: int, path: Path) -> Iterator[tuple[int, bytes]]:
    at = begin
    while at + OUTER_HEADER_BYTES <= len(content):
        signature, _, _, size, kind = struct.unpack_from("<4sHHLL", content, at)
        if signature != b"LOBJ":
            raise damaged(path, at, "no object is where one should begin")
        if size < OUTER_HEADER_BYTES:
            raise damaged(path, at, "an object is shorter than its own header")
        if at + size > len(content):
            return
        if kind == LOG_CONTAINER:
            yield at, content[at + OUTER_HEADER_BYTES : at + size]
        else:
            yield (
                at,
                struct.pack("<HxxxxxxLxxxx", NOT_PACKED, size)
                + content[at : at + size],
            )
        at += size + size % 4


def _unpacked(body: bytes, at: int, path: Path) -> bytes:
    if len(body) < CONTAINER_HEADER_BYTES:
        raise damaged(path, at, "a container is shorter than its header")
    (method,) = struct.unpack_from("<H", body)
    packed = body[CONTAINER_HEADER_BYTES:]
    if method == NOT_PACKED:
        return packed
    if method != ZLIB:
        raise damaged(path, at, f"a container is packed in the unknown way {method}")
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(packed, LARGEST_CONTAINER_BYTES)
    except zlib.error:
        raise damaged(path, at, "a container cannot be unpacked") from None
    if unpacker.unconsumed_tail:
        raise damaged(path, at, "a container unfolds to more than 64 MiB")
    if not unpacker.eof:
        raise damaged(path, at, "a container is not complete")
    return unpacked


def damaged(path: Path, at: int, problem: str) -> RecordingError:
    """The error about one place of a BLF."""
    return RecordingError(
        f"the BLF is damaged: {problem}.",
        where=f"{path}, byte {at}",
        remedy="Export it again from its source; the original was left as it is.",
    )
