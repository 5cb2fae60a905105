"""The fault memory of one control unit (ISO 14229-1 annex D.2)."""

from collections.abc import Callable, Iterable
from typing import Final

from examrunner.simulation.kernel import NS_PER_S, Kernel

FAILED: Final = 0x01
FAILED_THIS_CYCLE: Final = 0x02
PENDING: Final = 0x04
CONFIRMED: Final = 0x08
NOT_RUN_SINCE_CLEAR: Final = 0x10
FAILED_SINCE_CLEAR: Final = 0x20
NOT_RUN_THIS_CYCLE: Final = 0x40
AVAILABLE: Final = 0x7F
CLEARED: Final = NOT_RUN_SINCE_CLEAR | NOT_RUN_THIS_CYCLE
SET: Final = FAILED | FAILED_THIS_CYCLE | PENDING | CONFIRMED | FAILED_SINCE_CLEAR

LOST_MESSAGE_NS: Final = NS_PER_S // 2
"""Debounce of a lost message."""
HEALING_NS: Final = 2 * NS_PER_S
"""How long a test has to pass before the fault counts as healed."""
ALL: Final = 0xFFFFFF


class FaultMemory:
    """Status of every trouble code of one control unit.

    Args:
        numbers: The 24-bit trouble codes that it knows.
        kernel: The rig's clock.
        running: Whether the control unit is awake and tests at all.
        prompted: Codes whose test runs only when ``test`` is called, for example at
            power-up; the other tests run all the time.
    """

    def __init__(
        self,
        numbers: Iterable[int],
        kernel: Kernel,
        running: Callable[[], bool],
        prompted: frozenset[int] = frozenset(),
    ) -> None:
        self._kernel = kernel
        self._running = running
        self._prompted = prompted
        self.status = dict.fromkeys(sorted(numbers), 0)
        self._failing = dict.fromkeys(self.status, False)
        self._round = dict.fromkeys(self.status, 0)
        self.frozen = False

    def observe(self, number: int, *, failing: bool) -> None:
        """A test changes its mind; the status follows after the debounce time."""
        if self._failing[number] != failing:
            self._failing[number] = failing
            self._start(number)

    def test(self, number: int, *, failing: bool) -> None:
        """Run a test that is prompted; its status follows after the debounce time."""
        self._failing[number] = failing
        self._start(number)

    def restart(self) -> None:
        """The control unit woke up: every test that is not prompted begins anew."""
        for number in sorted(self.status.keys() - self._prompted):
            self._start(number)

    def begin_cycle(self) -> None:
        """An ignition cycle begins."""
        for number, status in self.status.items():
            self.status[number] = (status & ~FAILED_THIS_CYCLE) | NOT_RUN_THIS_CYCLE

    def clear(self, group: int) -> bool:
        """Erase one code, or all for ``ALL``; False if there is no such code."""
        numbers = list(self.status) if group == ALL else [group]
        if any(number not in self.status for number in numbers):
            return False
        for number in numbers:
            self.status[number] = CLEARED
            if number not in self._prompted:
                self._start(number)
        return True

    def matching(self, mask: int) -> list[tuple[int, int]]:
        """Codes with status that share a bit with ``mask``."""
        listed = self.status.items()
        return [(number, status) for number, status in listed if status & mask]

    def _start(self, number: int) -> None:
        self._round[number] += 1
        this_round, failing = self._round[number], self._failing[number]

        def conclude() -> None:
            current = self._round[number] == this_round
            if current and self._running() and not self.frozen:
                self._conclude(number, failing=failing)

        self._kernel.after(LOST_MESSAGE_NS if failing else HEALING_NS, conclude)

    def _conclude(self, number: int, *, failing: bool) -> None:
        status = self.status[number] & ~CLEARED
        if failing:
            self.status[number] = status | SET
            return
        status &= ~FAILED
        if self.status[number] & NOT_RUN_THIS_CYCLE and status & CONFIRMED:
            status &= ~PENDING
        self.status[number] = status
