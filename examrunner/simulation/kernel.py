"""The virtual clock: what happens when, in order."""

import heapq
from collections.abc import Callable
from typing import Final

NS_PER_S: Final = 1_000_000_000
NS_PER_MS: Final = 1_000_000

Happening = Callable[[], None]


class Kernel:
    """Events on a clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now_ns = 0
        self._queue: list[tuple[int, int, Happening]] = []
        self._sequence = 0

    def at(self, t_ns: int, happening: Happening) -> None:
        """Let something happen at ``t_ns``, after all that is planned for then."""
        self._sequence += 1
        heapq.heappush(self._queue, (max(t_ns, self.now_ns), self._sequence, happening))

    def after(self, delay_ns: int, happening: Happening) -> None:
        """Let something happen ``delay_ns`` from now."""
        self.at(self.now_ns + delay_ns, happening)

    def run(self, until_ns: int, halted: Callable[[], bool] = lambda: False) -> bool:
        """Move the clock to ``until_ns``, or to the event that halts it.

        Returns:
            Whether ``until_ns`` was reached.
        """
        while self._queue and self._queue[0][0] <= until_ns:
            self.now_ns, _, happening = heapq.heappop(self._queue)
            happening()
            if halted():
                return False
        self.now_ns = max(self.now_ns, until_ns)
        return True
