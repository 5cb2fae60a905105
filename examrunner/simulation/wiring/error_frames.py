"""Error frames as an adapter that reports them writes them down.

Layout of linux/can/error.h: the class bits stand where the identifier does, byte 2
says what was violated, byte 3 where in the frame, bytes 6 and 7 are the adapter's own
transmit and receive error counters.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from examrunner.model.frames import ERROR

PROTOCOL: Final = 0x008
BUS_ERROR: Final = 0x080
CLASSES: Final = PROTOCOL | BUS_ERROR
BIT: Final = 0x01
FORM: Final = 0x02
STUFF: Final = 0x04
CRC_SEQUENCE: Final = 0x08
DATA: Final = 0x0A
IDENTIFIER: Final = 0x0E
MOST_RECEIVE_ERRORS: Final = 127
"""A receiver's counter does not grow further once it is error passive."""

Row = tuple[int, int, int, bytes]
VIOLATIONS: Final[Sequence[tuple[int, int]]] = (
    (STUFF, DATA),
    (STUFF, IDENTIFIER),
    (FORM, CRC_SEQUENCE),
    (BIT, DATA),
)
"""What is violated and where, as a garbled frame shows it to those who listen."""


def error_row(t_ns: int, violation: int, receive_errors: int) -> Row:
    """One error frame as a row for ``Frames.of``.

    Args:
        t_ns: When it begins.
        violation: Number within ``VIOLATIONS``.
        receive_errors: The adapter's receive error counter after it.
    """
    kind, place = VIOLATIONS[violation]
    counter = min(receive_errors, MOST_RECEIVE_ERRORS)
    return t_ns, CLASSES, ERROR, bytes([0, 0, kind, place, 0, 0, 0, counter])


def burst_rows(
    from_ns: int, count: int, gap_ns: int, random: np.random.Generator
) -> list[Row]:
    """Error frames of one message that is tried again and again.

    Args:
        from_ns: When the first begins at the earliest.
        count: How many tries fail.
        gap_ns: From one try to the next.
        random: Decides where in the frame each one fails.
    """
    late = random.integers(0, gap_ns // 4, count)
    violations = random.integers(0, len(VIOLATIONS), count)
    return [
        error_row(from_ns + i * gap_ns + int(late[i]), int(violations[i]), 8 * (i + 1))
        for i in range(count)
    ]
