"""Payload bytes by DLC code (ISO 11898-1)."""

from typing import Final

import numpy as np

DLC_BYTES: Final = np.array(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64], np.uint8
)
