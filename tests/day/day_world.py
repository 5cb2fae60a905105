"""Virtual time: actors take turns, and time passes only while all of them sleep."""

import heapq
import itertools
import random
import threading
from collections.abc import Callable

PATIENCE_S = 120.0


class Stopped(BaseException):
    """The day is over for this actor."""


class World:
    """One day; exactly one actor runs at any moment, so a seed says everything.

    Attributes:
        now_s: Virtual time since the beginning.
    """

    def __init__(self, seed: int) -> None:
        self.now_s = 0.0
        self._seed = seed
        self._order = itertools.count()
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._back = threading.Semaphore(0)
        self._failure: BaseException | None = None
        self._is_over = False
        self._threads: list[threading.Thread] = []

    def lot(self, name: str) -> random.Random:
        """A stream of chances of its own, whatever others draw."""
        return random.Random(f"{self._seed}/{name}")

    def at(self, when_s: float, work: Callable[[], None]) -> None:
        """Runs a short piece of work, that does not sleep, at its time."""
        heapq.heappush(self._queue, (when_s, next(self._order), work))

    def spawn(self, life: Callable[[], None]) -> None:
        """Starts an actor: a function that may ``sleep``."""
        turn = threading.Semaphore(0)

        def body() -> None:
            turn.acquire()
            try:
                if not self._is_over:
                    life()
            except Stopped:
                pass
            except BaseException as error:  # noqa: BLE001  # run() raises it again
                self._failure = error
            finally:
                self._back.release()

        thread = threading.Thread(target=body, daemon=True)
        thread.turn = turn
        thread.start()
        self._threads.append(thread)
        self.at(self.now_s, lambda: self._pass_to(turn))

    def sleep(self, for_s: float) -> None:
        """Lets so much time pass for the actor that calls this."""
        turn = threading.current_thread().turn
        self.at(self.now_s + for_s, lambda: self._pass_to(turn))
        self._back.release()
        turn.acquire()
        if self._is_over:
            raise Stopped

    def run(self, until_s: float) -> None:
        """Lets everything happen; raises what an actor raised."""
        try:
            while self._queue and self._failure is None:
                when_s, _, work = heapq.heappop(self._queue)
                if when_s > until_s:
                    break
                self.now_s = max(self.now_s, when_s)
                work()
        finally:
            self._end()
        if self._failure is not None:
            raise self._failure

    def _pass_to(self, turn: threading.Semaphore) -> None:
        turn.release()
        self._back.acquire()

    def _end(self) -> None:
        self._is_over = True
        for thread in self._threads:
            thread.turn.release()
            thread.join(PATIENCE_S)
