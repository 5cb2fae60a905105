"""Gathering frames into flushes that are worth a sync."""

from typing import Final

from examrunner.archive.writer import RecordingWriter
from examrunner.model.frames import Frames

FLUSH_FRAMES: Final = 4_096
FLUSH_NS: Final = 100_000_000


class FlushingFrames:
    """Collects frames of one channel; passes them on after 100 ms or 4,096 frames.

    Time is the frames' own. Whoever feeds it calls ``flush`` when the bus falls
    silent and before the recording closes. Used by one thread.

    Args:
        writer: Where frames go.
        channel: Their CAN channel.
    """

    def __init__(self, writer: RecordingWriter, channel: str) -> None:
        self._writer = writer
        self._channel = channel
        self._waiting: list[Frames] = []
        self._rows = 0

    def add(self, frames: Frames) -> None:
        """Takes frames, and flushes when there is enough.

        Raises:
            RecordingError: If the disk refuses.
        """
        if not len(frames):
            return
        self._waiting.append(frames)
        self._rows += len(frames)
        waited_ns = int(frames.t_ns[-1]) - int(self._waiting[0].t_ns[0])
        if self._rows >= FLUSH_FRAMES or waited_ns >= FLUSH_NS:
            self.flush()

    def flush(self) -> None:
        """Passes on what is waiting: durable on return.

        Raises:
            RecordingError: If the disk refuses.
        """
        if self._waiting:
            self._writer.frames(self._channel, Frames.concatenate(self._waiting))
        self._waiting.clear()
        self._rows = 0
