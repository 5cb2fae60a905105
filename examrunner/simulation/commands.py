"""What a node was told over the bus, and the tools that tell it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames
from examrunner.simulation.cyclic import CyclicMessage
from examrunner.simulation.layouts import MessageLayout

ARRIVAL_NS: Final = 250_000
"""From being ready to having arrived; a classic frame of 8 bytes at 500 kbit/s."""


class CommandLog:
    """The values of one command message, as its receiver understood them.

    Frames with a wrong checksum are not understood.

    Args:
        layout: The message.
    """

    def __init__(self, layout: MessageLayout) -> None:
        self.layout = layout
        self._times = np.zeros(0, np.int64)
        self._columns: dict[str, NDArray[np.float64]] = {
            name: np.zeros(0) for name in layout.signals
        }

    def hear(self, frames: Frames) -> None:
        """Take note of frames, at their times."""
        data = frames.data[:, : self.layout.length]
        good = self.layout.intact(data)
        if not good.any():
            return
        times = np.concatenate([self._times, frames.t_ns[good] + ARRIVAL_NS])
        order = np.argsort(times, kind="stable")
        self._times = times[order]
        for name, signal in self.layout.signals.items():
            values = np.concatenate([self._columns[name], signal.read(data[good])])
            self._columns[name] = values[order]

    def at(
        self, t_ns: NDArray[np.int64], names: Sequence[str], timeout_ns: int
    ) -> tuple[NDArray[np.bool_], Mapping[str, NDArray[np.float64]]]:
        """Whether the last command was fresh at each time, and its values."""
        rows = np.searchsorted(self._times, t_ns, side="right") - 1
        known = rows >= 0
        if not len(self._times):
            return known, {name: np.zeros(len(t_ns)) for name in names}
        fresh = known & (t_ns - self._times[rows] <= timeout_ns)
        return fresh, {name: self._columns[name][rows] for name in names}

    def forget(self, before_ns: int) -> None:
        """Drop all but the last command from before ``before_ns``."""
        first = max(0, int(np.searchsorted(self._times, before_ns)) - 1)
        self._times = self._times[first:]
        self._columns = {n: column[first:] for n, column in self._columns.items()}


class CommandSender:
    """A candidate's tool that sends a command message with every cycle.

    Args:
        message: The message.
        heard: Called with the frames before they are collected.
        spoil: Changes payloads after they were protected, if given.
    """

    def __init__(
        self,
        message: CyclicMessage,
        heard: Callable[[Frames], None],
        spoil: Callable[[Frames], None] | None = None,
    ) -> None:
        self._message = message
        self._heard = heard
        self._spoil = spoil
        self._ready: list[Frames] = []

    def prepare(self, t_ns: int) -> None:
        """Decide and announce the frames scheduled before ``t_ns``."""
        frames = self._message.until(t_ns)
        if not len(frames):
            return
        if self._spoil is not None:
            self._spoil(frames)
        self._heard(frames)
        self._ready.append(frames)

    def until(self, t_ns: int) -> Frames:
        """The frames scheduled before ``t_ns`` that were not given yet."""
        self.prepare(t_ns)
        ready, self._ready = self._ready, []
        return Frames.concatenate(ready)
