"""What reassembly gives: complete payloads, and what broke and how."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Fault(StrEnum):
    """Why a message could not be put together."""

    CUT_OFF = "cut_off"
    """Another message began before it was complete."""
    WRONG_SEQUENCE = "wrong_sequence"
    """A consecutive frame is missing, doubled or out of order."""
    TIMEOUT = "timeout"
    """Too long passed between two of its frames."""
    UNFINISHED = "unfinished"
    """The recording ended first."""
    MALFORMED = "malformed"
    """Its length field contradicts its frame."""
    STRAY = "stray"
    """A consecutive frame that belongs to no message."""


FAULTS: Final = tuple(Fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A message, or a frame, that could not be used."""

    fault: Fault
    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Breakage:
    """What could not be put together, as columns in order of time.

    Attributes:
        faults: int8 (k,), position in ``tuple(Fault)``.
        from_ns: int64 (k,).
        to_ns: int64 (k,).
    """

    faults: NDArray[np.int8]
    from_ns: Ints
    to_ns: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Payloads:
    """The messages of one identifier.

    Attributes:
        from_ns: int64 (m,), first frame of each complete message.
        to_ns: int64 (m,), last frame.
        multi: bool (m,), whether it took more than one frame.
        late: bool (m,), whether a frame came after N_Cr: its receiver may have given
            up, which its answer shows.
        starts: int64 (m + 1,), where each message starts in ``content``.
        content: uint8, all payloads in a row.
        breakage: What could not be put together.
    """

    from_ns: Ints
    to_ns: Ints
    multi: Bools
    late: Bools
    starts: Ints
    content: NDArray[np.uint8]
    breakage: Breakage

    def __len__(self) -> int:
        return len(self.from_ns)

    def payload(self, index: int) -> bytes:
        """One message."""
        return self.content[self.starts[index] : self.starts[index + 1]].tobytes()

    @property
    def broken(self) -> tuple[Broken, ...]:
        """What could not be put together, one by one."""
        return tuple(
            Broken(fault=FAULTS[fault], from_ns=begin, to_ns=end)
            for fault, begin, end in zip(
                self.breakage.faults.tolist(),
                self.breakage.from_ns.tolist(),
                self.breakage.to_ns.tolist(),
                strict=True,
            )
        )

    def count(self, fault: Fault) -> int:
        """How many messages or frames broke in that way."""
        return int(np.count_nonzero(self.breakage.faults == FAULTS.index(fault)))
