"""How long frames occupy a bus."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import BRS, EXTENDED, FD, REMOTE, Frames

CLASSIC_BITS: Final = (47, 67)
"""Bits of an empty classic frame with 11 and 29 identifier bits, pause included."""
CLASSIC_STUFFED: Final = (34, 54)
"""Bits of an empty classic frame that stuffing applies to."""
FD_SLOW_BITS: Final = (30, 49)
"""Bits of an FD frame at the arbitration bit rate: head, end and pause."""
FD_SLOW_STUFFED: Final = (17, 36)
FD_FAST_BITS: Final = 5 + 4
"""Error state, length and stuff count of an FD frame."""
FD_FAST_STUFFED: Final = 5
SHORT_CRC_BITS: Final = 17 + 6
"""Checksum of an FD frame of up to 16 bytes with its fixed stuff bits."""
LONG_CRC_BITS: Final = 21 + 7
SHORT_BYTES: Final = 16
STUFFING: Final = 4
"""After a first run of five, one stuff bit for so many bits at most."""

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BitRates:
    """Bit rates of a channel; the data phase is as fast as the rest if it is None."""

    bitrate_bps: float
    data_bitrate_bps: float | None = None


def occupied_s(frames: Frames, rates: BitRates) -> tuple[float, float]:
    """Seconds for which frames occupy the bus, without stuff bits and with the most.

    The true time lies between: stuff bits depend on data and checksum as sent.
    """
    flags, size = frames.flags, frames.length.astype(np.int64)
    size[(flags & REMOTE) != 0] = 0
    wide = ((flags & EXTENDED) != 0).astype(np.intp)
    is_fd = (flags & FD) != 0
    least, most = _classic(size[~is_fd], wide[~is_fd], rates)
    fast = (flags[is_fd] & BRS) != 0
    fd_least, fd_most = _flexible(size[is_fd], wide[is_fd], fast, rates)
    return least + fd_least, most + fd_most


def _classic(
    size: Column, wide: NDArray[np.intp], rates: BitRates
) -> tuple[float, float]:
    bits = np.array(CLASSIC_BITS)[wide] + 8 * size
    stuff = (np.array(CLASSIC_STUFFED)[wide] + 8 * size - 1) // STUFFING
    least, extra = int(bits.sum()), int(stuff.sum())
    return least / rates.bitrate_bps, (least + extra) / rates.bitrate_bps


def _flexible(
    size: Column, wide: NDArray[np.intp], fast: NDArray[np.bool_], rates: BitRates
) -> tuple[float, float]:
    slow_bits = np.array(FD_SLOW_BITS)[wide]
    slow_stuff = (np.array(FD_SLOW_STUFFED)[wide] - 1) // STUFFING
    crc = np.where(size <= SHORT_BYTES, SHORT_CRC_BITS, LONG_CRC_BITS)
    data_bits = FD_FAST_BITS + 8 * size + crc
    data_stuff = (FD_FAST_STUFFED + 8 * size) // STUFFING
    faster = rates.data_bitrate_bps or rates.bitrate_bps
    rate = np.where(fast, faster, rates.bitrate_bps)
    least = slow_bits / rates.bitrate_bps + data_bits / rate
    extra = slow_stuff / rates.bitrate_bps + data_stuff / rate
    return float(least.sum()), float((least + extra).sum())
