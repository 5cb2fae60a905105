"""CAN frames as Arrow IPC record batches of one fixed schema.

The metadata of a batch are a fixed pattern in which only numbers change, so that
writing needs no Arrow library, and reading compares the whole pattern instead of
trusting offsets and lengths that somebody else may have written. Arrow columnar
format 1.x, IPC metadata version 5; pyarrow reads every batch.
"""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import WIDTHS, Frames

COLUMNS: Final = ("t_ns", "id", "flags", "length", "data")

_FIXED: Final = struct.Struct(
    "<IiI"  # continuation, metadata size, root offset
    "HHHHHH"  # vtable of Message: 4 fields
    "iIqhBx"  # Message: vtable, header, bodyLength, version, header type
    "HHHHHxx"  # vtable of RecordBatch: 3 fields
    "iIqI"  # RecordBatch: vtable, nodes, length, buffers
    "I"  # number of nodes
    "10q"  # nodes: rows and nulls of each column
    "xxxxI"  # number of buffers
    "20q"  # buffers: offset and length; a validity buffer of nothing before each
)
_ROWS_AT: Final = 8 + 56
METADATA_BYTES: Final = _FIXED.size


def schema_message(width: int) -> bytes:
    """The Arrow IPC schema message that goes before any batch of this width."""
    # Only a writer needs it, once a segment: readers stay free of the import.
    import pyarrow as pa

    types = (pa.int64(), pa.uint32(), pa.uint8(), pa.uint8(), pa.binary(width))
    fields = [
        pa.field(name, kind, nullable=False)
        for name, kind in zip(COLUMNS, types, strict=True)
    ]
    return bytes(pa.schema(fields).serialize())


def batch_message(frames: Frames) -> bytes:
    """The Arrow IPC message of one record batch.

    Raises:
        ValueError: If the columns differ in length or the width is not a CAN width.
    """
    rows, width = len(frames), frames.data.shape[1]
    columns = (
        np.ascontiguousarray(frames.t_ns, "<i8"),
        np.ascontiguousarray(frames.ids, "<u4"),
        np.ascontiguousarray(frames.flags, np.uint8),
        np.ascontiguousarray(frames.length, np.uint8),
        np.ascontiguousarray(frames.data, np.uint8),
    )
    if width not in WIDTHS or any(len(column) != rows for column in columns):
        raise ValueError(f"columns {[column.shape for column in columns]} do not match")
    parts: list[bytes | memoryview] = [_metadata(rows, width)]
    for column in columns:
        parts += [column.data, bytes(-column.nbytes % 8)]
    return b"".join(parts)


def batch_rows(message: memoryview, width: int) -> int:
    """Number of frames in a record batch that ``batch_message`` wrote.

    Raises:
        ValueError: If the message is anything else.
    """
    if len(message) < METADATA_BYTES or width not in WIDTHS:
        raise ValueError("a batch of frames is too short")
    (rows,) = struct.unpack_from("<q", message, _ROWS_AT)
    # Rows are bounded by the bytes that are there before anything is computed.
    if not 0 <= rows <= len(message):
        raise ValueError("a batch of frames has an impossible number of rows")
    size = METADATA_BYTES + _places(rows, width)[-1]
    if len(message) != size or message[:METADATA_BYTES] != _metadata(rows, width):
        raise ValueError("a batch of frames is not laid out as this format says")
    return int(rows)


def batch_columns(message: memoryview, rows: int, width: int) -> Frames:
    """The frames of a message that ``batch_rows`` accepted, without a copy."""
    at = [METADATA_BYTES + place for place in _places(rows, width)]

    def column(index: int, dtype: str, count: int = rows) -> NDArray[np.generic]:
        return np.frombuffer(message, dtype, count, at[index])

    return Frames(
        t_ns=column(0, "<i8").view(np.int64),
        ids=column(1, "<u4").view(np.uint32),
        flags=column(2, "u1").view(np.uint8),
        length=column(3, "u1").view(np.uint8),
        data=column(4, "u1", rows * width).view(np.uint8).reshape(rows, width),
    )


def _places(rows: int, width: int) -> tuple[int, ...]:
    """Offsets of the five columns in the body, and the body's size."""
    places = [0]
    for size in (8, 4, 1, 1, width):
        places.append(places[-1] + (rows * size + 7) // 8 * 8)
    return tuple(places)


def _metadata(rows: int, width: int) -> bytes:
    places = _places(rows, width)
    sizes = (8, 4, 1, 1, width)
    buffers: list[int] = []
    for place, size in zip(places, sizes, strict=False):
        buffers += [place, 0, place, rows * size]
    return _FIXED.pack(
        0xFFFFFFFF, _FIXED.size - 8, 16,
        12, 20, 16, 18, 4, 8,
        12, 28, places[-1], 4, 3,
        10, 20, 8, 4, 16,
        12, 16, rows, 92,
        5, *([rows, 0] * 5),
        10, *buffers,
    )  # fmt: skip
