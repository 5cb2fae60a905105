"""CAN frames as columns: what capture writes and decoding reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

EXTENDED: Final = 1
"""29-bit identifier."""
REMOTE: Final = 2
"""Remote frame: asks for data and carries none."""
ERROR: Final = 4
"""Error frame: ``ids`` holds the error class bits of linux/can/error.h."""
FD: Final = 8
"""CAN FD format."""
BRS: Final = 16
"""The data phase ran at the faster bit rate."""
ESI: Final = 32
"""The sender was error passive."""
OWN: Final = 64
"""Sent by the recording adapter itself (direction Tx)."""

WIDTHS: Final = (8, 16, 32, 64)
"""Payload widths that a batch may have: the smallest that holds its longest frame."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """Frames of one CAN channel, in the order in which they were received.

    Attributes:
        t_ns: int64 (n,), recording time.
        ids: uint32 (n,), identifier without flag bits.
        flags: uint8 (n,), the bits above.
        length: uint8 (n,), payload bytes (not the DLC code).
        data: uint8 (n, width), zero padded; width is one of ``WIDTHS``.
    """

    t_ns: NDArray[np.int64]
    ids: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    length: NDArray[np.uint8]
    data: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.t_ns)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Self:
        """The frames at ``rows`` (indices, mask or slice), in that order."""
        return type(self)(
            t_ns=self.t_ns[rows],
            ids=self.ids[rows],
            flags=self.flags[rows],
            length=self.length[rows],
            data=self.data[rows],
        )

    def at(self, t_ns: NDArray[np.int64]) -> Self:
        """The same frames at other times (n,)."""
        return type(self)(
            t_ns=t_ns,
            ids=self.ids,
            flags=self.flags,
            length=self.length,
            data=self.data,
        )

    @classmethod
    def empty(cls) -> Self:
        """No frames at all."""
        return cls.of(())

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, bytes]]) -> Self:
        """Frames from (t_ns, id, flags, payload) rows.

        Raises:
            ValueError: If a payload is longer than 64 bytes.
        """
        listed = list(rows)
        width = width_for(max((len(row[3]) for row in listed), default=0))
        data = np.zeros((len(listed), width), np.uint8)
        for target, row in zip(data, listed, strict=True):
            target[: len(row[3])] = np.frombuffer(row[3], np.uint8)
        return cls(
            t_ns=np.array([row[0] for row in listed], np.int64),
            ids=np.array([row[1] for row in listed], np.uint32),
            flags=np.array([row[2] for row in listed], np.uint8),
            length=np.array([len(row[3]) for row in listed], np.uint8),
            data=data,
        )

    @classmethod
    def concatenate(cls, parts: Sequence["Frames"]) -> Self:
        """All parts in order, widened to the widest of them."""
        if not parts:
            return cls.empty()
        width = max(part.data.shape[1] for part in parts)
        return cls(
            t_ns=np.concatenate([part.t_ns for part in parts]),
            ids=np.concatenate([part.ids for part in parts]),
            flags=np.concatenate([part.flags for part in parts]),
            length=np.concatenate([part.length for part in parts]),
            data=np.concatenate([widened(part.data, width) for part in parts]),
        )


def width_for(longest_bytes: int) -> int:
    """The smallest of ``WIDTHS`` that holds a payload of this length.

    Raises:
        ValueError: If no CAN frame can be that long.

    >>> width_for(0), width_for(12), width_for(64)
    (8, 16, 64)
    """
    for width in WIDTHS:
        if longest_bytes <= width:
            return width
    raise ValueError(f"{longest_bytes} bytes do not fit into a CAN frame")


def widened(data: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """``data`` (n, w) zero padded on the right to (n, width); itself if it fits."""
    if data.shape[1] == width:
        return data
    wide = np.zeros((len(data), width), np.uint8)
    wide[:, : data.shape[1]] = data
    return wide
