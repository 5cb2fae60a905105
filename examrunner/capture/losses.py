"""What was not recorded, written down as it happens and again when it is over."""

import threading
from collections.abc import Callable, Mapping

Write = Callable[[int, str, Mapping[str, object]], object]
"""Appends an event: recording time, stream, body."""


class Losses:
    """Open gaps by stream.

    Args:
        write: Appends an event to the recording.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._open: dict[str, int] = {}
        self._lock = threading.Lock()
        self.count = 0

    def began(self, stream: str, from_ns: int, cause: str) -> None:
        """From this time on the stream is not recorded."""
        with self._lock:
            if stream in self._open:
                return
            self._open[stream] = from_ns
            self.count += 1
        self._write(from_ns, "health", {"down": stream, "cause": cause})

    def ended(self, stream: str, to_ns: int) -> None:
        """The stream is recorded again."""
        with self._lock:
            from_ns = self._open.pop(stream, None)
        if from_ns is not None:
            self._gap(stream, from_ns, to_ns, None)

    def lost(self, stream: str, from_ns: int, to_ns: int, frames: int) -> None:
        """So many frames of that time are missing, and the stream goes on."""
        self.count += 1
        self._gap(stream, from_ns, to_ns, frames)

    def all_ended(self, to_ns: int) -> None:
        """The recording ends; what is still lost stays lost."""
        for stream in list(self._open):
            self.ended(stream, to_ns)

    @property
    def open(self) -> tuple[str, ...]:
        """Streams that are lost now."""
        return tuple(self._open)

    def _gap(self, stream: str, from_ns: int, to_ns: int, frames: int | None) -> None:
        gap = {"stream": stream, "lost": frames, "from_ns": from_ns, "to_ns": to_ns}
        self._write(to_ns, "health", gap)
