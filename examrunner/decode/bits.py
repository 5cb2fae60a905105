"""Raw integers of one signal, for a whole column of payloads at once."""

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
    size = next(size for size in WINDOWS if layout.byte_count <= size)
    if layout.motorola:
        start = max(layout.end_byte - size, 0)
        above = start + size - layout.end_byte
    else:
        start = min(layout.first_byte, data.shape[1] - size)
        above = layout.first_byte - start
    window = _window(data, start, size, layout)
    shift = layout.skip + 8 * above
    return _isolated(window, 8 * size, shift, layout)


def _window(data: NDArray[np.uint8], start: int, size: int, layout: Layout) -> Integers:
    """The bytes ``start`` to ``start + size`` of each row as one integer, no copy."""
    order = ">" if layout.motorola else "<"
    sign = "i" if layout.kind is Kind.SIGNED else "u"
    window: Integers = data[:, start : start + size].view(f"{order}{sign}{size}")[:, 0]
    return window


def _isolated(window: Integers, width: int, shift: int, layout: Layout) -> Integers:
    """Drops the bits on both sides; the right shift of a signed type keeps the sign."""
    left = width - layout.length - shift
    right = width - layout.length
    if left:
        window = window << left
        window >>= right
    elif right:
        window = window >> right
    return window


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
