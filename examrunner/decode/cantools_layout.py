"""Where the signals of cantools' messages lie, and which of them can be read."""

import math
from typing import Any, Final

from examrunner.decode.overlaps import Placed
from examrunner.decode.plans import Gate, Kind, Layout

WIDEST_BITS: Final = 64
FLOAT_BITS: Final = (16, 32, 64)


def is_readable(signal: Any, message: Any) -> bool:
    """Whether a column of values can be made of the signal."""
    layout = layout_of(signal)
    return (
        layout.first_byte >= 0
        and layout.end_byte <= message.length
        and has_readable_width(signal)
        and has_finite_arithmetic(signal)
        and gates_of(message, signal) is not None
    )


def has_readable_width(signal: Any) -> bool:
    """Whether a column can hold the signal: 64 bits, or a float that exists."""
    if signal.is_float:
        return signal.length in FLOAT_BITS
    return bool(1 <= signal.length <= WIDEST_BITS)


def has_finite_arithmetic(signal: Any) -> bool:
    """Whether factor and offset are numbers; a number too long to read is none."""
    return math.isfinite(signal.scale) and math.isfinite(signal.offset)


def placed(message: Any) -> list[Placed]:
    """Names, layouts and gates of all signals, also of those that do not fit."""
    return [
        (signal.name, layout_of(signal), gates_of(message, signal) or ())
        for signal in message.signals
    ]


def layout_of(signal: Any) -> Layout:
    """Where the bits of cantools' signal lie."""
    kind = Kind.SIGNED if signal.is_signed else Kind.UNSIGNED
    if signal.is_float:
        kind = Kind.FLOAT
    motorola = signal.byte_order == "big_endian"
    if motorola:
        first_bit = 8 * (signal.start // 8) + 7 - signal.start % 8
        last_bit = first_bit + signal.length - 1
        first_byte, skip = first_bit // 8, 7 - last_bit % 8
    else:
        first_byte, skip = signal.start // 8, signal.start % 8
    return Layout(
        first_byte=first_byte,
        skip=skip,
        length=signal.length,
        motorola=motorola,
        kind=kind,
    )


def gates_of(message: Any, signal: Any) -> tuple[Gate, ...] | None:
    """The multiplexers on the way to a signal; None if that way leads nowhere."""
    by_name = {each.name: each for each in message.signals}
    gates: list[Gate] = []
    child = signal
    while child.multiplexer_signal is not None and child.multiplexer_ids:
        parent = by_name.get(child.multiplexer_signal)
        if parent is None or len(gates) == len(by_name):
            return None
        values = frozenset(child.multiplexer_ids)
        gates.append(Gate(layout=layout_of(parent), values=values))
        child = parent
    return tuple(gates)
