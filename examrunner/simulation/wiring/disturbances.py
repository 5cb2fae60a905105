"""Error frames of a bus, and the nodes that lose it for a moment."""

from collections.abc import Callable
from functools import partial
from typing import Final

from examrunner.model.frames import Frames
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S, Kernel
from examrunner.simulation.randomness import Streams
from examrunner.simulation.wiring.error_frames import (
    VIOLATIONS,
    Row,
    burst_rows,
    error_row,
)

TRIES: Final = 32
"""Failed transmissions, 8 each, until the transmit error counter passes 255."""
RETRY_NS: Final = 200_000
RECOVERY_NS: Final = 200 * NS_PER_MS
FIRST_TRY_NS: Final = 10 * NS_PER_MS
MOST_GLITCHES: Final = 2
FIRST_DROP_NS: Final = NS_PER_S
DROP_S: Final = (0.7, 1.2)
PAUSE_S: Final = (15.0, 25.0)
"""How long a node that is disturbed is gone, and how long it is back."""

Act = Callable[[], int]
"""Does something once; returns after how much time it happens again."""


class Disturbances:
    """What goes on by itself on a bus with a fault.

    Args:
        name: Of the bus.
        kernel: The rig's clock.
        streams: Of the rig.

    Attributes:
        made: Error frames so far.
    """

    def __init__(self, name: str, kernel: Kernel, streams: Streams) -> None:
        self._name = name
        self._kernel = kernel
        self._streams = streams
        self._running: dict[str, int] = {}
        self._started = 0
        self._rate_per_s = 0.0
        self._pending: list[Row] = []
        self.made = 0

    def until(self, t_ns: int) -> Frames:  # nothing is planned ahead
        """Error frames that were not given yet."""
        rows, self._pending = self._pending, []
        return Frames.of(rows)

    def restart(self) -> None:
        """End everything; whoever wants it says so again."""
        self._running.clear()
        self._rate_per_s = 0.0

    def babble(self, node: str, *, wanted: bool, heard: Callable[[], bool]) -> None:
        """Let a node try to send until it is bus-off, recover and try again.

        Args:
            node: Which.
            wanted: Whether it does, from now on.
            heard: Whether its error frames reach the recorder.
        """

        def burst() -> int:
            if heard():
                self.burst(node)
            return TRIES * RETRY_NS + RECOVERY_NS

        self._keep(f"babble {node}", wanted, burst, FIRST_TRY_NS)

    def spoil(self, rate_per_s: float) -> None:
        """Let frames be spoiled at random, so many a second on average."""
        if rate_per_s == self._rate_per_s:
            return
        self._rate_per_s = rate_per_s
        self._keep("spoil", False, self._spoil, 0)
        if rate_per_s:
            self._keep("spoil", True, self._spoil, self._gap_ns())

    def weaken(self, node: str, *, wanted: bool, drop: Callable[[], bool]) -> None:
        """Let a node lose the bus now and then.

        Args:
            node: Which.
            wanted: Whether it does, from now on.
            drop: Takes it off the bus or brings it back; whether it is gone then.
        """

        def change() -> int:
            gone = drop()
            random = self._streams.of("disturbed node", self._name)
            if gone:
                self.burst(node)
            shortest_s, longest_s = DROP_S if gone else PAUSE_S
            return round(float(random.uniform(shortest_s, longest_s)) * NS_PER_S)

        self._keep(f"weaken {node}", wanted, change, FIRST_DROP_NS)

    def burst(self, node: str) -> None:
        """The error frames of a node that fails until it is bus-off."""
        random = self._streams.of("bus errors", self._name, node)
        self._pending += burst_rows(self._kernel.now_ns, TRIES, RETRY_NS, random)
        self.made += TRIES

    def glitch(self, node: str) -> None:
        """What a node that loses or regains its supply may do to a frame: 0 to 2."""
        random = self._streams.of("glitches", self._name, node)
        count = int(random.integers(0, MOST_GLITCHES + 1))
        self._pending += burst_rows(self._kernel.now_ns, count, RETRY_NS, random)
        self.made += count

    def _gap_ns(self) -> int:
        random = self._streams.of("bus errors", self._name)
        return round(float(random.exponential(1.0 / self._rate_per_s)) * NS_PER_S)

    def _spoil(self) -> int:
        random = self._streams.of("bus errors", self._name)
        violation = int(random.integers(len(VIOLATIONS)))
        self._pending.append(error_row(self._kernel.now_ns, violation, 1))
        self.made += 1
        return self._gap_ns()

    def _keep(self, key: str, wanted: bool, act: Act, in_ns: int) -> None:
        """Start or end something, unless it goes on or rests already."""
        if wanted == (key in self._running):
            return
        if not wanted:
            del self._running[key]
            return
        self._started += 1
        self._running[key] = self._started
        self._kernel.after(in_ns, partial(self._go_on, key, self._started, act))

    def _go_on(self, key: str, number: int, act: Act) -> None:
        if self._running.get(key) != number:
            return
        in_ns = act()
        self._kernel.after(in_ns, partial(self._go_on, key, number, act))
