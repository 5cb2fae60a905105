"""Memory for samples, handed out from large blocks.

Fresh memory costs more than decoding does: the kernel clears it page by page, and
only in large blocks does it use large pages. Samples that a timeline keeps therefore
lie side by side in blocks; those that are used and dropped are better off without.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK_BYTES: Final = 16 * 1024 * 1024
ITEM_BYTES: Final = 8
CACHE_LINE_BYTES: Final = 64


class Room:
    """Arrays of eight-byte items.

    Args:
        block_bytes: Size of the blocks; 0 gives every array memory of its own.
    """

    def __init__(self, block_bytes: int = 0) -> None:
        self._block_bytes = block_bytes
        self._block = np.empty(0, np.uint8)
        self._used = 0

    def integers(self, count: int) -> NDArray[np.int64]:
        """int64 (count,), not initialised."""
        return self._bytes(count).view(np.int64)

    def floats(self, count: int) -> NDArray[np.float64]:
        """float64 (count,), not initialised."""
        return self._bytes(count).view(np.float64)

    def _bytes(self, count: int) -> NDArray[np.uint8]:
        wanted = count * ITEM_BYTES
        if wanted > self._block_bytes // 4:
            return np.empty(wanted, np.uint8)
        if self._used + wanted > len(self._block):
            self._block = np.empty(self._block_bytes, np.uint8)
            self._used = 0
        start = self._used
        self._used = -(-(start + wanted) // CACHE_LINE_BYTES) * CACHE_LINE_BYTES
        return self._block[start : start + wanted]
