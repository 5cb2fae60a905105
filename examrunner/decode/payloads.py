"""Payloads of one message as a matrix, whether a frame or a transport carried them."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Payloads:
    """Payloads in order of time.

    Attributes:
        t_ns: int64 (n,), recording time.
        length: Unsigned integers (n,), bytes that were received.
        data: uint8 (n, width), at least 8 wide; bytes beyond ``length`` mean nothing.
    """

    t_ns: NDArray[np.int64]
    length: NDArray[Any]
    data: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.t_ns)

    @classmethod
    def of(cls, frames: Frames) -> Self:
        """The payloads of frames; shares their memory."""
        return cls(t_ns=frames.t_ns, length=frames.length, data=frames.data)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """The payloads at ``rows``."""
        return type(self)(
            t_ns=self.t_ns[rows], length=self.length[rows], data=self.data[rows]
        )

    def at_least(self, width: int) -> Self:
        """The same, zero padded so that ``width`` bytes can be read of each."""
        missing = width - self.data.shape[1]
        if missing <= 0:
            return self
        data = np.pad(self.data, ((0, 0), (0, missing)))
        return type(self)(t_ns=self.t_ns, length=self.length, data=data)
