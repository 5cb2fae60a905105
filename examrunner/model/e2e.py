"""End-to-end protection of the training rigs, profile ``J1850_ID16_C4``.

Byte 0 is a CRC-8 SAE J1850 over the 16-bit data id (low byte first) and bytes 1 to
n-1; the low nibble of byte 1 counts 0 to 14, and 15 is invalid.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

POLYNOMIAL: Final = 0x1D
INITIAL: Final = 0xFF
FINAL_XOR: Final = 0xFF
COUNTER_MODULUS: Final = 15


def _table() -> NDArray[np.uint8]:
    table = np.zeros(256, np.uint8)
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = ((crc << 1) ^ POLYNOMIAL if crc & 0x80 else crc << 1) & 0xFF
        table[value] = crc
    return table


TABLE: Final = _table()


def crc_of(data_id: int, payload: bytes) -> int:
    """The checksum that belongs into byte 0 of ``payload``.

    >>> hex(crc_of(0x0102, bytes.fromhex("00108403fa000000")))
    '0x3e'
    """
    crc = INITIAL
    for byte in (data_id & 0xFF, data_id >> 8, *payload[1:]):
        crc = int(TABLE[crc ^ byte])
    return crc ^ FINAL_XOR


def crc_column(data_id: int, data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Checksums (n,) for payload columns (n, length), byte 0 ignored."""
    start = int(TABLE[TABLE[INITIAL ^ (data_id & 0xFF)] ^ (data_id >> 8)])
    crc = np.full(len(data), start, np.uint8)
    for column in range(1, data.shape[1]):
        crc = TABLE[crc ^ data[:, column]]
    return crc ^ np.uint8(FINAL_XOR)
