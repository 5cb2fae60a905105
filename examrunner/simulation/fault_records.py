"""What a control unit keeps of a trouble code beside its status byte."""

from dataclasses import dataclass

MOST = 0xFF


@dataclass(slots=True)
class FaultRecord:
    """Freeze frame and extended data of one trouble code.

    Attributes:
        freeze_frame: Number of data identifiers and their content at the first failure.
        occurrences: How often the test began to fail.
        cycles: Ignition cycles passed in a row since it last failed.
    """

    freeze_frame: bytes = b""
    occurrences: int = 0
    cycles: int = 0

    def failed(self, freeze_frame: bytes) -> None:
        """The test failed again; the first freeze frame stays."""
        self.freeze_frame = self.freeze_frame or freeze_frame
        self.occurrences = min(self.occurrences + 1, MOST)
        self.cycles = 0

    def aged(self, *, passed: bool) -> int:
        """Count an ignition cycle in which the test passed; gives the count."""
        self.cycles = min(self.cycles + 1, MOST) if passed else self.cycles
        return self.cycles
