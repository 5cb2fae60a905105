"""Messages inside container frames: header id, length, payload, again and again."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.bits import LEAST_WIDTH
from examrunner.decode.payloads import Payloads

HEADER_BYTES: Final = 4
"""Three bytes of header id, one of length, as AUTOSAR's short header has them."""

Indices = NDArray[np.intp]


def contained(container: Payloads, header_id: int, length: int) -> Payloads:
    """The payloads with one header id, in order of the container frames.

    A payload that its frame cuts off keeps what is there; a header that its frame
    cuts off ends the frame.

    Args:
        container: Payloads of container frames.
        header_id: Which of the contained messages.
        length: Bytes of the contained message; what a payload has beyond is dropped.
    """
    rows, starts, sizes = [], [], []
    for at, headers, start, size in _walk(container):
        chosen = headers == header_id
        rows.append(at[chosen])
        starts.append(start[chosen])
        sizes.append(size[chosen])
    row = np.concatenate(rows) if rows else np.zeros(0, np.intp)
    order = np.argsort(row, kind="stable")
    row = row[order]
    start = np.concatenate(starts)[order] if rows else row
    size = np.concatenate(sizes)[order] if rows else row
    return Payloads(
        t_ns=container.t_ns[row],
        length=size,
        data=_cut(container.data, row, start, np.minimum(size, length), length),
    )


def _walk(
    container: Payloads,
) -> Iterator[tuple[Indices, NDArray[np.int64], Indices, Indices]]:
    """The first contained message of every frame, then the second, ...

    Yields:
        Frames that have one more, its header id, its first byte and its length.
    """
    data, lengths = container.data, container.length.astype(np.intp)
    rows = np.arange(len(container))
    position = np.zeros(len(container), np.intp)
    while True:
        has_header = position + HEADER_BYTES <= lengths[rows]
        rows, position = rows[has_header], position[has_header]
        if not len(rows):
            return
        header = np.zeros(len(rows), np.int64)
        for byte in range(HEADER_BYTES - 1):
            header = header << 8 | data[rows, position + byte]
        size = data[rows, position + HEADER_BYTES - 1].astype(np.intp)
        start = position + HEADER_BYTES
        yield rows, header, start, np.minimum(size, lengths[rows] - start)
        position = start + size


def _cut(
    data: NDArray[np.uint8], row: Indices, start: Indices, size: Indices, length: int
) -> NDArray[np.uint8]:
    offsets = np.arange(max(length, LEAST_WIDTH))
    columns = np.minimum(start[:, None] + offsets, data.shape[1] - 1)
    cut: NDArray[np.uint8] = data[row[:, None], columns]
    cut[offsets >= size[:, None]] = 0
    return cut
