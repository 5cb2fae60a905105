"""The fault memory of one control unit (ISO 14229-1 annex D.2)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from examrunner.simulation.fault_records import FaultRecord
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S, Kernel

FAILED: Final = 0x01
FAILED_THIS_CYCLE: Final = 0x02
PENDING: Final = 0x04
CONFIRMED: Final = 0x08
NOT_RUN_SINCE_CLEAR: Final = 0x10
FAILED_SINCE_CLEAR: Final = 0x20
NOT_RUN_THIS_CYCLE: Final = 0x40
LAMP: Final = 0x80
AVAILABLE: Final = 0x7F
CLEARED: Final = NOT_RUN_SINCE_CLEAR | NOT_RUN_THIS_CYCLE
SET: Final = FAILED | FAILED_THIS_CYCLE | PENDING | CONFIRMED | FAILED_SINCE_CLEAR

DEBOUNCE_NS: Final[Mapping[int, int]] = {
    0x62: NS_PER_S,
    0x64: NS_PER_S,
    0x82: 2 * NS_PER_S,
    0x83: 2 * NS_PER_S,
}
"""How long a test fails before the code is set, by failure type."""
OTHER_DEBOUNCE_NS: Final = 500 * NS_PER_MS
"""Lost messages, bus off, analogue values."""
HEALING_NS: Final = 2 * NS_PER_S
"""How long a test has to pass before the fault counts as healed."""
AGED_OUT: Final = 40
"""Passed ignition cycles in a row after which a code is forgotten."""
ALL: Final = 0xFFFFFF
POWERTRAIN: Final = 0
"""First two bits of the codes with a lamp: letter P."""


class FaultMemory:
    """Status of every trouble code of one control unit.

    Args:
        numbers: The 24-bit trouble codes that it knows.
        kernel: The rig's clock.
        running: Whether the control unit is awake and tests at all.
        prompted: Codes whose test runs only when ``test`` is called, for example at
            power-up; the other tests run all the time.
        freeze_frame: What is kept when a code is set.

    Attributes:
        status: Status byte by trouble code.
        records: What is kept of the codes that were set.
        frozen: Whether nothing is stored (service 85).
        watchers: Called when a status has changed.
    """

    def __init__(
        self,
        numbers: Iterable[int],
        kernel: Kernel,
        running: Callable[[], bool],
        prompted: frozenset[int] = frozenset(),
        freeze_frame: Callable[[], bytes] = lambda: b"",
    ) -> None:
        self._kernel = kernel
        self._running = running
        self._prompted = prompted
        self._freeze_frame = freeze_frame
        self.status = dict.fromkeys(sorted(numbers), 0)
        self._failing: dict[int, bool | None] = dict.fromkeys(self.status, False)
        self._round = dict.fromkeys(self.status, 0)
        self.records: dict[int, FaultRecord] = {}
        self.frozen = False
        self.watchers: list[Callable[[], None]] = []

    @property
    def available(self) -> int:
        """Status bits that it supports: a lamp only where a code has one."""
        return AVAILABLE | (LAMP if any(map(_has_lamp, self.status)) else 0)

    @property
    def lamp(self) -> bool:
        """Whether it asks for the lamp."""
        return any(status & LAMP for status in self.status.values())

    def observe(self, number: int, *, failing: bool | None) -> None:
        """A test changes its mind; the status follows after the debounce time.

        Args:
            number: Trouble code.
            failing: What the test says; None while it cannot run.
        """
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
            passed = not status & (FAILED_THIS_CYCLE | NOT_RUN_THIS_CYCLE)
            record = self.records.get(number)
            if record is not None and record.aged(passed=passed) >= AGED_OUT:
                del self.records[number]
                status &= ~(CONFIRMED | PENDING | LAMP)
            self.status[number] = (status & ~FAILED_THIS_CYCLE) | NOT_RUN_THIS_CYCLE

    def clear(self, group: int) -> bool:
        """Erase one code, or all for ``ALL``; False if there is no such code."""
        numbers = list(self.status) if group == ALL else [group]
        if any(number not in self.status for number in numbers):
            return False
        for number in numbers:
            self.status[number] = CLEARED
            self.records.pop(number, None)
            if number not in self._prompted:
                self._start(number)
        self._tell()
        return True

    def matching(self, mask: int) -> list[tuple[int, int]]:
        """Codes with status that share a bit with ``mask``."""
        listed = self.status.items()
        return [(number, status) for number, status in listed if status & mask]

    def _start(self, number: int) -> None:
        self._round[number] += 1
        this_round, failing = self._round[number], self._failing[number]
        if failing is None:
            return

        def conclude() -> None:
            current = self._round[number] == this_round
            if current and self._running() and not self.frozen:
                self._conclude(number, failing=failing)
                self._tell()

        self._kernel.after(debounce_ns(number) if failing else HEALING_NS, conclude)

    def _conclude(self, number: int, *, failing: bool) -> None:
        status = self.status[number] & ~CLEARED
        if failing:
            record = self.records.setdefault(number, FaultRecord())
            if not status & FAILED:
                record.failed(self._freeze_frame())
            self.status[number] = status | SET | (LAMP if _has_lamp(number) else 0)
            return
        status &= ~FAILED
        if self.status[number] & NOT_RUN_THIS_CYCLE and status & CONFIRMED:
            status &= ~(PENDING | LAMP)
        self.status[number] = status

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()


def debounce_ns(number: int) -> int:
    """How long the test of a code fails before the code is set."""
    return DEBOUNCE_NS.get(number & 0xFF, OTHER_DEBOUNCE_NS)


def _has_lamp(number: int) -> bool:
    return number >> 22 == POWERTRAIN
