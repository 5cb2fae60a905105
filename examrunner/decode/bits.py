"""Raw integers of one signal, for a whole column of payloads at once."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.plans import Kind, Layout

LEAST_WIDTH: Final = 8
"""Payload columns that ``raw_values`` needs, so that every window lies inside."""

WINDOWS: Final = (1, 2, 4, 8)

Integers = NDArray[Any]
"""Integers (n,) of the narrowest type that holds the signal, in either byte order."""


def raw_values(data: NDArray[np.uint8], layout: Layout) -> Integers:
    """Raw integers, signed ones sign-extended, floats as their bit pattern.

    The result may share memory with ``data``.

    Args:
        data: uint8 (n, width), width at least 8 and ``layout.end_byte``.
        layout: Where the bits lie.
    """
    if layout.byte_count > WINDOWS[-1]:
        return _across_nine_bytes(data, layout)
    reading = _reading(layout, data.shape[1])
    window: Integers = data[:, reading.start : reading.end].view(reading.dtype)[:, 0]
    if reading.left:
        window = window << reading.left
        window >>= reading.right
    elif reading.right:
        window = window >> reading.right
    return window


@dataclass(frozen=True, slots=True)
class _Reading:
    """Bytes ``start`` to ``end`` as one integer, shifted left and then right.

    The left shift drops what lies above the signal; the right shift of a signed type
    brings the sign along.
    """

    start: int
    end: int
    dtype: str
    left: int
    right: int


@lru_cache(maxsize=4096)
def _reading(layout: Layout, width: int) -> _Reading:
    """The smallest window that holds the signal and lies inside the payload."""
    size = next(size for size in WINDOWS if layout.byte_count <= size)
    if layout.motorola:
        start = max(layout.end_byte - size, 0)
        above = start + size - layout.end_byte
    else:
        start = min(layout.first_byte, width - size)
        above = layout.first_byte - start
    order = ">" if layout.motorola else "<"
    sign = "i" if layout.kind is Kind.SIGNED else "u"
    right = 8 * size - layout.length
    return _Reading(
        start=start,
        end=start + size,
        dtype=f"{order}{sign}{size}",
        left=right - layout.skip - 8 * above,
        right=right,
    )


def _across_nine_bytes(data: NDArray[np.uint8], layout: Layout) -> Integers:
    """Up to 64 bits that start inside a byte: eight bytes and the ninth."""
    first = layout.first_byte
    stretch = data[:, first : first + 9]
    if layout.motorola:
        near, far = stretch[:, 8], stretch[:, :8].view(">u8")[:, 0]
    else:
        near, far = stretch[:, 0], stretch[:, 1:9].view("<u8")[:, 0]
    bits = near.astype(np.uint64) >> layout.skip
    bits |= far.astype(np.uint64) << (8 - layout.skip)
    spare = 64 - layout.length
    bits <<= spare
    if layout.kind is Kind.SIGNED:
        return bits.view(np.int64) >> spare
    return bits >> spare
