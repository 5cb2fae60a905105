"""Points as intervals, Decimal, rounded in one place."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Self

INNER: Final = Decimal("0.0001")
PRINTED: Final = Decimal("0.1")
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What is sure, and what is possible."""

    low: Decimal
    high: Decimal

    @classmethod
    def sure(cls, value: Decimal) -> Self:
        """An interval of one value."""
        return cls(low=value, high=value)

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(low=self.low + other.low, high=self.high + other.high)

    def times(self, factor: Decimal) -> "Interval":
        """Both ends times a factor that is not negative."""
        return Interval(low=self.low * factor, high=self.high * factor)

    def clipped(self, least: Decimal, most: Decimal) -> "Interval":
        """Both ends within [least, most]."""
        return Interval(
            low=min(max(self.low, least), most), high=min(max(self.high, least), most)
        )

    def rounded(self, quantum: Decimal) -> "Interval":
        """Both ends rounded half up."""
        return Interval(
            low=half_up(self.low, quantum), high=half_up(self.high, quantum)
        )


def half_up(value: Decimal, quantum: Decimal) -> Decimal:
    """Round half up, the way people check a sum."""
    return value.quantize(quantum, rounding=ROUND_HALF_UP)


def share(fraction: float) -> Decimal:
    """A share of the points as a decimal; six places are equal on every machine."""
    return Decimal(f"{fraction:.6f}")
