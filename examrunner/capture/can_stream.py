"""One CAN channel, listened to on a thread of its own and reopened when it fails."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final, Protocol

from examrunner.capture.bus_watch import BusWatch
from examrunner.capture.clock import Stamps
from examrunner.capture.frame_queue import FrameQueue
from examrunner.drivers.links import CanLink, ListenOnly, Transmitter
from examrunner.model.errors import RigError
from examrunner.model.frames import Frames

BATCH: Final = 4096
POLL_S: Final = 0.05
BACK_OFF_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Pauses before each attempt to reopen; the last one repeats."""


class Losses(Protocol):
    """Who writes down what was lost."""

    def began(self, stream: str, from_ns: int, cause: str) -> None:
        """From this time on the stream is not recorded."""

    def ended(self, stream: str, to_ns: int, frames: int | None = None) -> None:
        """The stream is recorded again."""


class CanStream:
    """Carries frames from a link to a queue until it is stopped.

    Args:
        name: Channel name.
        opening: Opens the link.
        queue: Where the frames go.
        mapped: From the adapter's stamps to recording time.
        now_ns: Recording time now.
        losses: Told when the channel is lost and when it is back.
    """

    def __init__(
        self,
        name: str,
        opening: Callable[[], CanLink],
        queue: FrameQueue,
        mapped: Callable[[], Callable[[Stamps], Stamps]],
        now_ns: Callable[[], int],
        losses: Losses,
    ) -> None:
        self.name = name
        self.queue = queue
        self._opening = opening
        self._mapping = mapped
        self._now_ns = now_ns
        self._losses = losses
        self._stopping = threading.Event()
        self._link = opening()
        self._mapped = mapped()
        self._received = 0
        self._arrived = threading.Condition()
        self._watch: BusWatch | None = None
        self._taps: list[Callable[[Frames], None]] = []
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def received(self) -> int:
        """Frames that have arrived since the stream opened."""
        return self._received

    def wait_for(self, count: int, within_s: float) -> bool:
        """Whether ``count`` frames have arrived in time."""
        with self._arrived:
            return self._arrived.wait_for(lambda: self._received >= count, within_s)

    def silence(self, silent: bool) -> ListenOnly:
        """Takes or gives back the right to send; says what the adapter proves."""
        return self._own(lambda: self._link.silence(silent))

    def transmitter(self) -> Transmitter:
        """The right to send; a silent channel has none to give."""
        return self._link.transmitter()

    def watch(self, watch: BusWatch | None) -> None:
        """Tallies every frame from now on; None ends it."""
        self._watch = watch

    def tap(self, heard: Callable[[Frames], None]) -> Callable[[], None]:
        """Shows ``heard`` every batch; the answer ends that."""
        self._taps = [*self._taps, heard]

        def remove() -> None:
            self._taps = [other for other in self._taps if other is not heard]

        return remove

    def stop(self) -> None:
        """Ends listening; what has arrived stays in the queue."""
        self._stopping.set()
        self._thread.join()
        self._link.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                frames = self._link.receive(timeout_s=POLL_S, most=BATCH)
                if len(frames):
                    self._keep(frames)
            except Exception as error:  # noqa: BLE001  # any driver, any exception
                self._reopen(error)
