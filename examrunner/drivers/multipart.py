"""Motion JPEG over HTTP: one picture a part, taken out without touching a byte."""

from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from typing import Final, Protocol

from examrunner.model.errors import RigError

LARGEST_PICTURE_BYTES: Final = 64 << 20
LONGEST_LINE_BYTES: Final = 1000
MOST_HEADER_LINES: Final = 50


class Stream(Protocol):
    """Bytes that arrive one after the other."""

    def readline(self, limit: int, /) -> bytes:
        """Up to and including the next line feed."""

    def read(self, count: int, /) -> bytes:
        """So many bytes; fewer at the end only."""


def boundary_of(content_type: str) -> bytes:
    """What stands between two pictures.

    Raises:
        RigError: If the address gives something else than Motion JPEG.
    """
    head = Message()
    head["Content-Type"] = content_type
    boundary = head.get_param("boundary")
    if head.get_content_type() != "multipart/x-mixed-replace" or not boundary:
        raise RigError(
            f"the address gives {head.get_content_type()}, not Motion JPEG.",
            where="camera",
            remedy="Look the address of the Motion JPEG stream up in its manual.",
        )
    # Some cameras write the two dashes into the header, others do not.
    return b"--" + str(boundary).removeprefix("--").encode()


def pictures(stream: Stream, boundary: bytes) -> Iterator[bytes]:
    """Every whole picture; ends with the stream.

    A picture without a length ends where the next boundary begins.

    Raises:
        RigError: If a picture, or what stands before it, is out of all proportion.
    """
    with suppress(EOFError):  # what the end has torn is no picture
        while True:
            _skip_to(stream, boundary)
            length = _length(stream)
            while length is None:
                yield _until(stream, boundary)
                length = _length(stream)
            yield _whole(stream, length)


def _skip_to(stream: Stream, boundary: bytes) -> None:
    for _ in range(MOST_HEADER_LINES):
        if _line(stream) == boundary:
            return
    raise _senseless()


def _length(stream: Stream) -> int | None:
    found = None
    for _ in range(MOST_HEADER_LINES):
        line = _line(stream)
        if not line:
            return found
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            if not value.strip().isdigit() or int(value) > LARGEST_PICTURE_BYTES:
                raise _senseless()
            found = int(value)
    raise _senseless()


def _line(stream: Stream) -> bytes:
    line = stream.readline(LONGEST_LINE_BYTES)
    if line.endswith(b"\n"):
        return line.strip()
    if len(line) < LONGEST_LINE_BYTES:
        raise EOFError
    raise _senseless()


def _whole(stream: Stream, length: int) -> bytes:
    picture = stream.read(length)
    if len(picture) < length:
        raise EOFError
    return picture


def _until(stream: Stream, boundary: bytes) -> bytes:
    """What stands before the next boundary."""
    kept = bytearray()
    while line := stream.readline(LARGEST_PICTURE_BYTES):
        if line.rstrip() == boundary:
            return bytes(kept).removesuffix(b"\n").removesuffix(b"\r")
        kept += line
        if len(kept) > LARGEST_PICTURE_BYTES:
            raise _senseless()
    raise EOFError


def _senseless() -> RigError:
    return RigError(
        "the camera's stream makes no sense.",
        where="camera",
        remedy="Restart the camera; look its stream's address up in its manual.",
    )
