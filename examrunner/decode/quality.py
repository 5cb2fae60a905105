"""Which samples of a signal say by themselves that they must not be trusted."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.bits import Integers
from examrunner.decode.plans import Kind, SignalPlan
from examrunner.model.timeline import Quality

Mask = NDArray[np.bool_]


def flagged(
    signal: SignalPlan, column: Integers, values: NDArray[np.float64]
) -> Iterator[tuple[Quality, Mask]]:
    """Flags with the samples that they hold for; nothing for flags without any.

    A raw value that means "not available" is no value out of range.

    Args:
        signal: The signal.
        column: Its raw integers.
        values: Its engineering values.
    """
    absent = _absent(signal, column)
    if absent is not None:
        yield Quality.NOT_AVAILABLE, absent
    if signal.layout.kind is not Kind.FLOAT:
        outside = _outside(signal, column)
    else:
        no_number = ~np.isfinite(values)
        if no_number.any():
            yield Quality.NOT_A_NUMBER, no_number
        outside = _outside(signal, values)
    if outside is not None:
        yield Quality.OUT_OF_RANGE, outside if absent is None else outside & ~absent


def _absent(signal: SignalPlan, column: Integers) -> Mask | None:
    if signal.not_available is None:
        return None
    pattern = signal.not_available
    if signal.layout.kind is Kind.SIGNED and pattern >> (signal.layout.length - 1):
        pattern -= 1 << signal.layout.length
    absent: Mask = column == pattern
    return absent if absent.any() else None


def _outside(signal: SignalPlan, column: Integers | NDArray[np.float64]) -> Mask | None:
    """Out of range; a look at the extremes spares most columns the comparison."""
    if not len(column):
        return None
    outside: Mask | None = None
    if signal.low is not None and not column.min() >= signal.low:
        outside = column < signal.low
    if signal.high is not None and not column.max() <= signal.high:
        above = column > signal.high
        outside = above if outside is None else outside | above
    return outside
