"""One camera picture as a protobuf message that Foxglove shows.

The message is ``foxglove.CompressedImage`` with three fields more. It is written and
read by hand: six fields of two kinds do not need a protobuf library.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from examrunner.model.recording import Picture

SCHEMA_NAME: Final = "foxglove.CompressedImage"

TIMESTAMP, DATA, FORMAT, FRAME_ID = 1, 2, 3, 4
NAME, PURPOSE, MEDIA_TYPE, TIME_NS = 101, 102, 103, 104

_VARINT: Final = 0
_BYTES: Final = 2
_TYPE_INT64: Final = 3
_TYPE_INT32: Final = 5
_TYPE_STRING: Final = 9
_TYPE_MESSAGE: Final = 11
_TYPE_BYTES: Final = 12


def schema() -> bytes:
    """The serialized FileDescriptorSet that describes the message."""
    timestamp = _file(
        "google/protobuf/timestamp.proto",
        "google.protobuf",
        "Timestamp",
        [_field("seconds", 1, _TYPE_INT64), _field("nanos", 2, _TYPE_INT32)],
    )
    image = _file(
        "foxglove/CompressedImage.proto",
        "foxglove",
        "CompressedImage",
        [
            _field("timestamp", TIMESTAMP, _TYPE_MESSAGE, ".google.protobuf.Timestamp"),
            _field("frame_id", FRAME_ID, _TYPE_STRING),
            _field("data", DATA, _TYPE_BYTES),
            _field("format", FORMAT, _TYPE_STRING),
            _field("name", NAME, _TYPE_STRING),
            _field("purpose", PURPOSE, _TYPE_STRING),
            _field("media_type", MEDIA_TYPE, _TYPE_STRING),
            _field("t_ns", TIME_NS, _TYPE_INT64),
        ],
        imports=("google/protobuf/timestamp.proto",),
    )
    return _bytes(1, timestamp) + _bytes(1, image)


def picture_message(picture: Picture) -> bytes:
    """The picture as it stands in its MCAP message."""
    seconds, nanos = divmod(picture.t_ns, 1_000_000_000)
    return b"".join(
        (
            _bytes(TIMESTAMP, _number(1, seconds) + _number(2, nanos)),
            _bytes(FRAME_ID, picture.stream.encode()),
            _bytes(FORMAT, picture.media_type.removeprefix("image/").encode()),
            _bytes(NAME, picture.name.encode()),
            _bytes(PURPOSE, picture.purpose.encode()),
            _bytes(MEDIA_TYPE, picture.media_type.encode()),
            _number(TIME_NS, picture.t_ns),
            _bytes(DATA, picture.data),
        )
    )


def picture_of(message: memoryview) -> Picture:
    """The picture in a message; copies its bytes.

    Raises:
        ValueError: If the message is malformed or lacks a field.
    """
    fields = dict(_fields(message))
    try:
        return Picture(
            t_ns=_signed(fields[TIME_NS]),
            stream=_text(fields[FRAME_ID]),
            name=_text(fields[NAME]),
            purpose=_text(fields[PURPOSE]),
            media_type=_text(fields[MEDIA_TYPE]),
            data=bytes(_span(fields[DATA])),
        )
    except KeyError as missing:
        raise ValueError(f"a picture lacks field {missing}") from None


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        value, at = _varint(message, at)
        if tag & 7 == _VARINT:
            yield tag >> 3, value
        elif tag & 7 == _BYTES and at + value <= len(message):
            yield tag >> 3, message[at : at + value]
            at += value
        else:
            raise ValueError("a picture message is malformed")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a picture message is cut short")


def _span(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a picture has a number where bytes belong")  # noqa: TRY004
        # TypeError would say that the caller is wrong; the message is.
    return value


def _text(value: int | memoryview) -> str:
    return bytes(_span(value)).decode()


def _signed(value: int | memoryview) -> int:
    if not isinstance(value, int):
        raise ValueError("a picture has bytes where a number belongs")  # noqa: TRY004
        # likewise
    return value - (1 << 64) if value >> 63 else value


def _number(number: int, value: int) -> bytes:
    return _encoded(number << 3 | _VARINT) + _encoded(value & (1 << 64) - 1)


def _bytes(number: int, value: bytes) -> bytes:
    return _encoded(number << 3 | _BYTES) + _encoded(len(value)) + value


def _encoded(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _field(name: str, number: int, kind: int, message: str = "") -> bytes:
    """A FieldDescriptorProto; label 1 is optional."""
    described = _bytes(1, name.encode()) + _number(3, number) + _number(4, 1)
    described += _number(5, kind)
    return described + (_bytes(6, message.encode()) if message else b"")


def _file(
    path: str,
    package: str,
    message: str,
    fields: list[bytes],
    imports: Sequence[str] = (),
) -> bytes:
    """A FileDescriptorProto with one message in proto3 syntax."""
    described = _bytes(1, message.encode())
    described += b"".join(_bytes(2, field) for field in fields)
    return b"".join(
        (
            _bytes(1, path.encode()),
            _bytes(2, package.encode()),
            *(_bytes(3, name.encode()) for name in imports),
            _bytes(4, described),
            _bytes(12, b"proto3"),
        )
    )
