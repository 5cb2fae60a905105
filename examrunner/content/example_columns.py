"""A column of numbers, one for each frame, as one word of text.

Noise cannot be told in a few lines. What no line draws is written as it was recorded:
whole steps above a base, each minus the one before it, as 32-bit numbers with the low
byte first, compressed by zlib, in base64.
"""

import base64
import binascii
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
NUMBER: Final = "<i4"
NUMBER_BYTES: Final = 4


def packed(values: Column, step: float) -> tuple[float, str]:
    """The base and the text of a column.

    Args:
        values: float64 (n,), all of them a base plus whole steps; n is at least 1.
        step: What one step is worth; not 0.

    >>> base, text = packed(np.array([1.5, 2.0, 1.0]), 0.5)
    >>> base, unpacked(base, 0.5, text, 3).tolist()
    (1.0, [1.5, 2.0, 1.0])
    """
    base = float(values.min())
    steps = np.round((values - base) / step).astype(np.int64)
    differences = np.diff(steps, prepend=0).astype(NUMBER)
    return base, base64.b64encode(zlib.compress(differences.tobytes(), 9)).decode()


def unpacked(base: float, step: float, text: str, count: int) -> Column:
    """The column.

    Args:
        base: As it was packed.
        step: As it was packed.
        text: As it was packed.
        count: How many numbers it holds.

    Raises:
        ValueError: If the text does not hold so many.
    """
    decoder = zlib.decompressobj()
    try:
        content = decoder.decompress(
            base64.b64decode(text, validate=True), NUMBER_BYTES * count + 1
        )
    except (binascii.Error, zlib.error):
        raise ValueError("it is damaged") from None
    if not decoder.eof or len(content) != NUMBER_BYTES * count:
        raise ValueError(f"it does not hold {count} numbers")
    steps = np.frombuffer(content, NUMBER).astype(np.int64).cumsum()
    return base + step * steps.astype(np.float64)
