"""One CAN channel, listened to on a thread of its own and reopened when it fails."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Final

from examrunner.capture.bus_watch import BusWatch
from examrunner.capture.clock import RecordingClock
from examrunner.capture.frame_queue import FrameQueue
from examrunner.capture.losses import Losses
from examrunner.drivers.links import CanLink, ListenOnly, Transmitter
from examrunner.model.errors import RigError
from examrunner.model.frames import Frames

BATCH: Final = 4096
POLL_S: Final = 0.05
SWITCH_S: Final = 5.0
BACK_OFF_S: Final = (0.1, 0.2, 0.5)
"""Pauses before each attempt to reopen; the last one repeats."""

_log = logging.getLogger(__name__)


class CanStream:
    """Carries frames from a link to a queue until it is stopped.

    Args:
        name: Channel name.
        opening: Opens the link.
        queue: Where the frames go.
        clock: Recording time.
        losses: Told when the channel is lost and when it is back.

    Attributes:
        received: Frames that have arrived since the stream opened.
    """

    def __init__(
        self,
        name: str,
        opening: Callable[[], CanLink],
        queue: FrameQueue,
        clock: RecordingClock,
        losses: Losses,
    ) -> None:
        self.name = name
        self.queue = queue
        self.received = 0
        self._heard_ns = clock.now_ns()
        self._overruns = 0
        self._opening = opening
        self._clock = clock
        self._losses = losses
        self._is_silent = False
        self._watch: BusWatch | None = None
        self._taps: tuple[Callable[[Frames], None], ...] = ()
        self._orders: SimpleQueue[tuple[bool, Future[ListenOnly]]] = SimpleQueue()
        self._stopping = threading.Event()
        self._arrived = threading.Condition()
        self._link = opening()
        self._mapped = clock.mapping()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def wait_for(self, count: int, within_s: float) -> bool:
        """Whether ``count`` frames have arrived since the stream opened, in time."""
        with self._arrived:
            return self._arrived.wait_for(lambda: self.received >= count, within_s)

    def silence(self, silent: bool) -> ListenOnly:
        """Takes or gives back the right to send; says what the adapter proves.

        Raises:
            RigError: If the adapter does not do it.
        """
        done: Future[ListenOnly] = Future()
        self._orders.put((silent, done))
        try:
            return done.result(SWITCH_S)
        except TimeoutError:
            raise RigError(
                "the adapter cannot be switched while it is lost.",
                where=self.name,
                remedy="Plug it in again, then repeat.",
            ) from None

    def reports_errors(self) -> bool:
        """Whether the adapter delivers error frames."""
        return self._link.reports_errors()

    def bitrate_bps(self) -> int | None:
        """The bit rate as read back from the adapter; None if it cannot be."""
        return self._link.bitrate_bps()

    def transmitter(self) -> Transmitter:
        """The right to send; a silent channel has none to give."""
        return self._link.transmitter()

    def watch(self, watch: BusWatch | None) -> None:
        """Tallies every frame from now on; None ends it."""
        self._watch = watch

    def tap(self, hearing: Callable[[Frames], None]) -> Callable[[], None]:
        """Shows ``hearing`` every batch; calling the answer ends that."""
        self._taps = (*self._taps, hearing)

        def remove() -> None:
            self._taps = tuple(other for other in self._taps if other is not hearing)

        return remove

    def stop(self) -> None:
        """Ends listening; what has arrived stays in the queue."""
        self._stopping.set()
        self._thread.join()
        self._link.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._obey()
                frames = self._link.receive(timeout_s=POLL_S, most=BATCH)
                if len(frames):
                    self._keep(frames)
                self._count_overruns()
                self._heard_ns = self._clock.now_ns()
            except Exception as error:  # noqa: BLE001  # any driver, any exception
                self._reopen(error)

    def _obey(self) -> None:
        try:
            silent, done = self._orders.get_nowait()
        except Empty:
            return
        try:
            done.set_result(self._link.silence(silent))
            self._is_silent = silent
        except Exception as error:
            done.set_exception(error)
            raise

    def _keep(self, frames: Frames) -> None:
        mapped = replace(frames, t_ns=self._mapped(frames.t_ns))
        self.queue.put(mapped)
        self._show(mapped)
        with self._arrived:
            self.received += len(frames)
            self._arrived.notify_all()

    def _show(self, frames: Frames) -> None:
        """Recording comes first: whoever else looks at the frames cannot end it."""
        watch = self._watch
        for hearing in (*self._taps, *([watch.add] if watch else [])):
            try:
                hearing(frames)
            except Exception:  # noqa: BLE001  # logged; recording goes on
                _log.exception("a listener of channel %s failed", self.name)

    def _count_overruns(self) -> None:
        """What the system had no room for is lost since the last batch."""
        told = self._link.overruns()
        if told > self._overruns:
            self._losses.lost(
                self.name, self._heard_ns, self._clock.now_ns(), told - self._overruns
            )
        self._overruns = told

    def _reopen(self, error: Exception) -> None:
        """Tries until the channel is back or the stream is stopped."""
        self._losses.began(self.name, self._heard_ns, type(error).__name__)
        self._overruns = 0
        self._link.close()
        attempt = 0
        while not self._stopping.wait(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)]):
            attempt += 1
            try:
                self._link = self._opening()
                self._link.silence(self._is_silent)
            except Exception:  # noqa: BLE001  # not back yet
                continue
            self._mapped = self._clock.mapping()
            self._losses.ended(self.name, self._clock.now_ns())
            return
