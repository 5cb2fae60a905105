"""From raw integers to engineering values, to the last unit of float64.

The arithmetic is the one that DBC tools agree on: raw times factor plus offset. Where
factor and offset are whole numbers it is done on integers and rounded once.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.bits import Integers
from examrunner.decode.plans import Kind, SignalPlan

EXACT_BITS: Final = 53
"""Integers of so many bits are exact in float64."""

FLOAT_TYPES: Final = {16: "f2", 32: "f4", 64: "f8"}


def fill_values(values: NDArray[np.float64], raw: Integers, plan: SignalPlan) -> None:
    """Fills ``values`` (n,) with what the raw integers stand for."""
    if plan.layout.kind is not Kind.FLOAT and _needs_integers(plan):
        values[:] = _scaled_exactly(raw, plan)
        return
    # Signalling NaNs and infinities come from the bus; they are no accident here.
    with np.errstate(all="ignore"):
        if plan.layout.kind is Kind.FLOAT:
            values[:] = _as_floats(raw, plan.layout.length)
        else:
            values[:] = raw
        if plan.scale != 1:
            values *= plan.scale
        if plan.offset != 0 or _may_be_minus_zero(plan):
            values += plan.offset


def _as_floats(patterns: Integers, length: int) -> NDArray[Any]:
    return patterns.astype(f"u{length // 8}").view(FLOAT_TYPES[length])


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


def _scaled_exactly(raw: Integers, plan: SignalPlan) -> list[float]:
    """Python's integers, one by one: slow, exact, and hardly ever needed."""
    return [float(value * plan.scale + plan.offset) for value in raw.tolist()]
