"""From raw integers to engineering values, to the last unit of float64.

The arithmetic is the one that DBC tools agree on: raw times factor plus offset. Where
factor and offset are whole numbers it is done on integers and rounded once.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.plans import Kind, SignalPlan

EXACT_BITS: Final = 53
"""Integers of so many bits are exact in float64."""

FLOAT_TYPES: Final = {16: "f2", 32: "f4", 64: "f8"}


def engineering_values(
    raw: NDArray[np.int64] | NDArray[np.uint64], plan: SignalPlan
) -> NDArray[np.float64]:
    """float64 (n,): the values that the raw integers stand for."""
    if plan.layout.kind is Kind.FLOAT:
        return _scaled(_as_floats(raw, plan.layout.length), plan)
    if _needs_integers(plan):
        return _scaled_exactly(raw, plan)
    return _scaled(raw.astype(np.float64), plan)


def _as_floats(
    patterns: NDArray[np.int64] | NDArray[np.uint64], length: int
) -> NDArray[np.float64]:
    narrow = patterns.astype(f"u{length // 8}")
    # A float16 or float32 NaN may be a signalling one; widening it is no accident.
    with np.errstate(invalid="ignore"):
        return narrow.view(FLOAT_TYPES[length]).astype(np.float64)


def _scaled(values: NDArray[np.float64], plan: SignalPlan) -> NDArray[np.float64]:
    """In place: ``values`` is always a fresh array here."""
    with np.errstate(all="ignore"):
        if plan.scale != 1:
            values *= plan.scale
        if plan.offset != 0 or _may_be_minus_zero(plan):
            values += plan.offset
    return values


def _may_be_minus_zero(plan: SignalPlan) -> bool:
    """Adding an offset of 0 turns -0.0 into 0.0, and only then is worth a pass."""
    return plan.scale < 0 or (plan.layout.kind is Kind.FLOAT and plan.scale != 1)


def _needs_integers(plan: SignalPlan) -> bool:
    """Whether a product of integers may not fit float64 without rounding twice."""
    if not isinstance(plan.scale, int):
        return False
    if plan.scale == 1 and plan.offset == 0:
        return False
    largest = (1 << plan.layout.length) * abs(plan.scale) + abs(int(plan.offset))
    return largest.bit_length() > EXACT_BITS


def _scaled_exactly(
    raw: NDArray[np.int64] | NDArray[np.uint64], plan: SignalPlan
) -> NDArray[np.float64]:
    """Python's integers, one by one: slow, exact, and hardly ever needed."""
    return np.array(
        [float(value * plan.scale + plan.offset) for value in raw.tolist()], np.float64
    )
