"""Protocol control bytes of ISO 15765-2: what each frame says by itself."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames

Ints = NDArray[np.int64]

SINGLE, FIRST, CONSECUTIVE, FLOW = range(4)
"""Frame types: the high nibble of the protocol control byte."""

LARGEST_MESSAGE_BYTES: Final = 1 << 24
"""Longer announcements are refused: no diagnostic answer has 16 MiB."""

LONGEST_CLASSIC_BYTES: Final = 8
_BIG_ENDIAN_32: Final = np.array([1 << 24, 1 << 16, 1 << 8, 1], np.int64)
_LARGEST_12_BIT: Final = 0xFFF


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedFrames:
    """Every frame by itself.

    Attributes:
        single: Rows of the single frames, ascending.
        first: Rows of the first frames.
        follows: Rows of the consecutive frames.
        malformed: Rows whose length field contradicts the frame.
        announced: int64 (n,), payload bytes that a single or first frame promises.
        begin: uint8 (n,), where a frame's payload begins.
        carried: uint8 (n,), payload bytes from there to the end of the frame.
        sequence: uint8 (n,), low nibble of the control byte.
    """

    single: Ints
    first: Ints
    follows: Ints
    malformed: Ints
    announced: Ints
    begin: NDArray[np.uint8]
    carried: NDArray[np.uint8]
    sequence: NDArray[np.uint8]


def parse(frames: Frames, offset: int) -> ParsedFrames:
    """Sort the frames of one identifier by type and check their lengths."""
    data, length = frames.data, frames.length
    kind = data[:, offset] >> 4
    kind[length <= offset] = FLOW
    sequence = data[:, offset] & np.uint8(0xF)
    begin = np.full(len(frames), offset + 1, np.uint8)
    announced = np.zeros(len(frames), np.int64)

    single = np.flatnonzero(kind == SINGLE)
    announced[single] = sequence[single]
    on_fd = single[length[single] > LONGEST_CLASSIC_BYTES]
    escaped = on_fd[sequence[on_fd] == 0]
    announced[on_fd] = 0
    announced[escaped] = data[escaped, offset + 1]
    begin[escaped] = offset + 2

    first = np.flatnonzero(kind == FIRST)
    begin[first] = offset + 2
    announced[first] = sequence[first].astype(np.int64) << 8 | data[first, offset + 1]
    long = first[announced[first] == 0]
    begin[long] = offset + 6
    announced[long] = data[long, offset + 2 : offset + 6] @ _BIG_ENDIAN_32

    carried = np.where(length > begin, length - begin, 0).astype(np.uint8)
    follows = np.flatnonzero(kind == CONSECUTIVE)
    bad_single = (announced[single] == 0) | (announced[single] > carried[single])
    bad_first = announced[first] <= carried[first]
    bad_first |= announced[first] > LARGEST_MESSAGE_BYTES
    bad_first |= (begin[first] == offset + 6) & (announced[first] <= _LARGEST_12_BIT)
    bad_follow = carried[follows] == 0
    rows = [np.flatnonzero(kind > FLOW), single[bad_single], first[bad_first]]
    return ParsedFrames(
        single=single[~bad_single],
        first=first[~bad_first],
        follows=follows[~bad_follow],
        malformed=np.sort(np.concatenate([*rows, follows[bad_follow]])),
        announced=announced,
        begin=begin,
        carried=carried,
        sequence=sequence,
    )


def flow_controls(frames: Frames, *, offset: int = 0) -> Ints:
    """Times (n,) of the flow control frames among ``frames``."""
    if not len(frames):
        return np.empty(0, np.int64)
    control = frames.data[:, offset] >> 4
    times: Ints = frames.t_ns[(control == FLOW) & (frames.length > offset)]
    return times
