"""Messages that nodes send again and again."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames, widened, width_for
from examrunner.simulation.layouts import MessageLayout, Value
from examrunner.simulation.tampering import Batch, Tamper, tamper

Times = NDArray[np.int64]
Signals = Callable[[Times], Mapping[str, Value]]
"""Signal values at scheduled times (n,); columns (n,), numbers or enumeration texts."""
Presence = Callable[[Times], NDArray[np.bool_]]
"""Whether the sender is able to send at scheduled times (n,)."""

JITTER_NS: Final = 50_000
LARGEST_JITTER_NS: Final = 200_000


class CyclicMessage:
    """One message of one node, sent with every cycle while the node is present.

    Args:
        layout: Its place in the database.
        phase_ns: When it is sent for the first time.
        signals: Its values.
        presence: When it is sent at all.
        jitter: Random stream of its own.
        width: Payload columns of the channel.
        cycle_ns: Other than the database's cycle.

    Attributes:
        tampers: What is wrong with it.
    """

    def __init__(
        self,
        layout: MessageLayout,
        *,
        phase_ns: int,
        signals: Signals,
        presence: Presence,
        jitter: np.random.Generator,
        width: int = 8,
        cycle_ns: int | None = None,
    ) -> None:
        self.layout = layout
        self._signals = signals
        self._presence = presence
        self.jitter = jitter
        self._width = max(width, width_for(layout.length))
        self._cycle_ns = layout.cycle_ns if cycle_ns is None else cycle_ns
        self._next_ns = phase_ns
        self._sent = 0
        self.tampers: list[Tamper] = []

    def until(self, t_ns: int) -> Frames:
        """Its frames scheduled before ``t_ns`` that were not given yet.

        The times are those at which the frames are ready, not those at which the bus
        is free for them.
        """
        count = max(0, -(-(t_ns - self._next_ns) // self._cycle_ns))
        times = self._next_ns + self._cycle_ns * np.arange(count, dtype=np.int64)
        self._next_ns += count * self._cycle_ns
        late = np.rint(self.jitter.normal(0.0, JITTER_NS, count))
        here = self._presence(times)
        times, late = times[here], late[here]
        ready = times + np.clip(late, -LARGEST_JITTER_NS, LARGEST_JITTER_NS)
        return self._frames(times, ready.astype(np.int64))

    def _frames(self, times: Times, ready: Times) -> Frames:
        count = len(times)
        batch = Batch(
            layout=self.layout,
            t_ns=times,
            values=dict(self._signals(times)),
            counter=self._sent + np.arange(count, dtype=np.int64),
            ready=ready,
            ids=np.full(count, self.layout.can_id, np.uint32),
            data=np.zeros((count, self.layout.length), np.uint8),
            lost=np.zeros(count, np.bool_),
        )
        self._sent += count
        tamper(self.tampers, "values", batch)
        batch.data = self.layout.pack(batch.values, count)
        tamper(self.tampers, "counter", batch)
        self.layout.protect(batch.data, batch.counter)
        tamper(self.tampers, "payload", batch)
        tamper(self.tampers, "sending", batch)
        frames = Frames(
            t_ns=batch.ready,
            ids=batch.ids,
            flags=np.full(count, self.layout.flags, np.uint8),
            length=np.full(count, self.layout.length, np.uint8),
            data=widened(batch.data, self._width),
        )
        return frames.take(~batch.lost) if batch.lost.any() else frames


def always(t_ns: Times) -> NDArray[np.bool_]:
    """Presence of a sender that never fails."""
    return np.ones(len(t_ns), np.bool_)
