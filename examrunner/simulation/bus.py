"""One CAN bus: periodic senders, single frames and whoever listens."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import numpy as np

from examrunner.model.frames import Frames
from examrunner.model.station import Channel
from examrunner.simulation.arbitration import Arbiter, duration_ns
from examrunner.simulation.kernel import Kernel

Listener = Callable[[bytes], None]
"""Called with the payload when a frame has arrived."""

Reach = Callable[[str, str], bool]
"""Whether a frame of one node arrives at another; empty text: at the port."""
Between = Callable[[Frames, int], Frames]
"""What is done to settled frames, given the time up to which they are settled."""

GUARD_NS: Final = 250_000
"""Longest time by which jitter can bring a scheduled frame forward, with room."""


class Source(Protocol):
    """Something that sends many frames without being asked."""

    def until(self, t_ns: int) -> Frames:
        """The frames scheduled before ``t_ns`` that were not given yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame that a node wants to send; ``flags`` as in ``model.frames``."""

    can_id: int
    payload: bytes
    flags: int = 0


class Bus:
    """A CAN channel of the rig.

    Args:
        channel: As the rig describes it.
        kernel: The rig's clock.

    Attributes:
        sent: Frames that were collected so far.
        reaches: What its wires carry.
        between: What becomes of settled frames on their way to the recorder, given
            the rig time up to which they are settled.
    """

    def __init__(self, channel: Channel, kernel: Kernel) -> None:
        self.name = channel.name
        self.width = 64 if channel.fd else 8
        self._rates = (
            channel.bitrate_bps,
            channel.data_bitrate_bps or channel.bitrate_bps,
        )
        self._kernel = kernel
        self._arbiter = Arbiter(*self._rates)
        self._sources: list[Source] = []
        self._listeners: dict[int, list[tuple[str, Listener]]] = {}
        self._single: list[tuple[int, int, int, bytes]] = []
        self.sent = 0
        self.reaches: Reach = _always
        self.between: Between = _untouched

    def add(self, source: Source) -> None:
        """Let a periodic sender take part."""
        self._sources.append(source)

    def listen(self, can_id: int, listener: Listener, *, at: str = "") -> None:
        """Call ``listener`` for every single frame with this identifier.

        Args:
            can_id: Identifier.
            listener: Called with the payload.
            at: Node that listens; empty: at the port, beside the recorder.
        """
        self._listeners.setdefault(can_id, []).append((at, listener))

    def transmit(self, frame: Frame, *, heard: bool = True, by: str = "") -> None:
        """Send one frame now.

        Args:
            frame: What is sent.
            heard: Whether the other nodes receive it.
            by: Node that sends; empty: at the port, beside the recorder.
        """
        row = (self._kernel.now_ns, frame.can_id, frame.flags, frame.payload)
        if self.reaches(by, ""):
            self._single.append(row)
        listeners = self._listeners.get(frame.can_id, ())
        reached = [hear for at, hear in listeners if self.reaches(by, at)]
        if not (heard and reached):
            return
        lasting = int(duration_ns(Frames.of([row]), *self._rates)[0])
        for listener in reached:
            self._kernel.after(lasting, partial(listener, frame.payload))

    def collect(self, until_ns: int) -> Frames:
        """All frames that are settled now and were not collected yet.

        Args:
            until_ns: Rig time up to which everything that senders do is decided.
        """
        parts = [source.until(until_ns) for source in self._sources]
        single = Frames.of(self._single)
        self._single = []
        ready = Frames.concatenate([*parts, single])
        known_ns = until_ns - GUARD_NS
        sent = self.between(self._arbiter.settle(ready, known_ns), known_ns)
        self.sent += len(sent)
        return sent


def _untouched(sent: Frames, _known_ns: int) -> Frames:
    return sent


def _always(_sender: str, _receiver: str) -> bool:
    return True


def spread_phase_ns(number: int, cycle_ns: int) -> int:
    """Where in its cycle the ``number``-th message of a bus is sent first.

    Multiples of the golden ratio lie as far from each other as can be, so that the
    bus is loaded evenly.
    """
    share = (number * 0.6180339887498949) % 1.0
    return int(np.floor(share * min(cycle_ns, 10_000_000) / 10_000)) * 10_000
