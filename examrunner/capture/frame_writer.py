"""Carries frames from a channel's queue to the disk: 100 ms or 4,096 at a time."""

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from examrunner.capture.frame_queue import FrameQueue
from examrunner.capture.losses import Losses
from examrunner.model.frames import Frames

FLUSH_FRAMES: Final = 4096
FLUSH_S: Final = 0.1


class FrameSink(Protocol):
    """Where frames become durable, for example a ``RecordingWriter``."""

    def frames(self, channel: str, frames: Frames) -> None:
        """Returns when they are on the disk."""


class FrameWriter:
    """One channel's way to the disk, on a thread of its own.

    Args:
        channel: CAN channel.
        queue: Where its frames wait.
        sink: Where they go.
        losses: Told what the queue had no room for.
        failed: Told when the disk refuses; nothing more is written then.
    """

    def __init__(
        self,
        channel: str,
        queue: FrameQueue,
        sink: FrameSink,
        losses: Losses,
        failed: Callable[[Exception], None],
    ) -> None:
        self._channel = channel
        self._queue = queue
        self._sink = sink
        self._losses = losses
        self._failed = failed
        self._stopping = False
        self._saved = time.monotonic()
        self._writing = threading.Lock()
        self._thread = threading.Thread(
            target=self._run, name=f"{channel} to disk", daemon=True
        )
        self._thread.start()

    @property
    def saved_age_s(self) -> float:
        """Age of the newest moment before which everything is on the disk."""
        return time.monotonic() - self._saved

    def flush(self) -> None:
        """Everything that has arrived is durable when this returns."""
        with self._writing:
            began = time.monotonic()
            frames, dropped = self._queue.take()
            if len(frames):
                self._sink.frames(self._channel, frames)
            self._saved = began
        if dropped is not None:
            self._losses.lost(
                self._channel, dropped.from_ns, dropped.to_ns, dropped.count
            )

    def stop(self) -> None:
        """Writes what is left and ends."""
        self._stopping = True
        self._thread.join()
        self.flush()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._queue.wait(most=FLUSH_FRAMES, within_s=FLUSH_S)
                self.flush()
            except Exception as error:  # noqa: BLE001  # told to the attempt
                self._failed(error)
                return
