"""Numbers of on-board diagnostics by a formula."""

from dataclasses import dataclass


class UndecodableError(Exception):
    """An answer holds no number where the formula looks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PidFormula:
    """``value = raw * factor / divisor + offset`` of a big-endian unsigned number.

    Attributes:
        bytes_: Length of the number.
        first: Bytes between the parameter's number and this one.
        factor: See above; 100 with the divisor 255 for a percentage.
        divisor: See above.
        offset: See above; -40 for a temperature.
        unit: Of the value.
    """

    bytes_: int = 1
    first: int = 0
    factor: float = 1.0
    divisor: float = 1.0
    offset: float = 0.0
    unit: str = ""

    @property
    def step(self) -> float:
        """Value of one raw step."""
        return self.factor / self.divisor

    def value(self, data: bytes) -> float:
        """The number in the bytes that follow a parameter's number.

        Raises:
            UndecodableError: If bytes are missing.
        """
        raw = data[self.first : self.first + self.bytes_]
        if len(raw) < self.bytes_ or not raw:
            raise UndecodableError
        return int.from_bytes(raw, "big") * self.factor / self.divisor + self.offset
