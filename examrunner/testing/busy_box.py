"""A fault box that does nothing but keep a thread of its process busy."""

import threading
import time
from collections.abc import Mapping

from examrunner.drivers.links import Answer


class BusyBox:
    """Spins, and says how much of the processor that has taken so far."""

    def __init__(self) -> None:
        self._used_s = 0.0
        self._closing = False
        self._thread = threading.Thread(target=self._spin, daemon=True)
        self._thread.start()

    def command(self, op: str, args: Mapping[str, object]) -> Answer:
        return Answer(result="ok", state={"busy_s": self._used_s})

    def close(self) -> None:
        self._closing = True
        self._thread.join()

    def _spin(self) -> None:
        while not self._closing:
            for _ in range(10_000):
                pass
            self._used_s = time.thread_time()
