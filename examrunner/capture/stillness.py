"""Whether the scene before a camera moved, from small pictures of it."""

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE: Final = (64, 36)
"""Blocks across and down: noise averages out, an edge that moved does not."""
MOVED: Final = 4.0
"""Grey values by which a block has to change."""
BURST: Final = 4
"""Pictures that are kept of a scene that has come to rest."""


class Stillness:
    """Says which pictures of one camera are worth keeping.

    A picture is kept while something moves, and a few once it rests: a body is
    measured from several pictures of where it stands.
    """

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None
        self._left = 0

    def wants(self, picture: bytes) -> bool:
        """Whether to keep what an encoded picture shows now."""
        with Image.open(io.BytesIO(picture)) as opened:
            small = opened.convert("L").resize(SIZE, Image.Resampling.BOX)
        now = np.asarray(small, np.float32)
        moved = self._last is None or float(np.abs(now - self._last).max()) > MOVED
        self._last = now
        self._left = BURST if moved else self._left - 1
        return self._left > 0
