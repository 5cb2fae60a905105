"""A child process that reads what strangers made, so that the service need not.

What a recording holds can make a library loop or eat memory. The child has a memory
limit and a time limit; when it breaks one, it is replaced and the request refused.
"""

import contextlib
import multiprocessing
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final, ParamSpec, Self, TypeVar

from examrunner.model.errors import ExamRunnerError, RecordingError

MEMORY_LIMIT_BYTES: Final = 6 << 30
_STOP_S: Final = 2

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class ChildLostError(RecordingError):
    """The child died or took too long; whether the file is to blame is unknown."""


class WorkerBugError(RuntimeError):
    """Our own code failed in the child; the text is its traceback."""


@dataclass(frozen=True, slots=True)
class _Failed:
    text: str


class Worker:
    """Runs functions in a child process, one at a time; started when first asked.

    Args:
        limit_s: Longest time for one answer.
    """

    def __init__(self, *, limit_s: float) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._child: tuple[BaseProcess, Connection] | None = None

    def ask(
        self,
        function: Callable[Arguments, Answer],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Answer:
        """What ``function`` returns; it and its arguments travel by pickle.

        Raises:
            ChildLostError: If the child died or took too long.
            ExamRunnerError: Whatever of that kind ``function`` raised.
            WorkerBugError: If ``function`` raised anything else.
        """
        with self._lock:
            connection = self._connection()
            try:
                connection.send((function, args, kwargs))
                if not connection.poll(self._limit_s):
                    raise TimeoutError
                answer = connection.recv()
            except (EOFError, OSError) as error:
                self._end()
                raise _gave_up(error, self._limit_s) from None
        if isinstance(answer, ExamRunnerError):
            raise answer
        if isinstance(answer, _Failed):
            raise WorkerBugError(answer.text)
        result: Answer = answer
        return result

    def interrupt(self) -> None:
        """Kill the child if it is working; whoever asked gets a ChildLostError."""
        child = self._child
        if child is not None and self._lock.locked():
            child[0].kill()

    def close(self) -> None:
        """Stop the child, whatever it does."""
        self.interrupt()
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connection(self) -> Connection:
        if self._child is None or not self._child[0].is_alive():
            self._end()
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._child = (process, ours)
        return self._child[1]

    def _end(self) -> None:
        if self._child is None:
            return
        process, connection = self._child
        self._child = None
        connection.close()
        process.kill()
        process.join(_STOP_S)


def _gave_up(error: Exception, limit_s: float) -> ChildLostError:
    took_too_long = isinstance(error, TimeoutError)
    return ChildLostError(
        f"reading it took more than {limit_s:g} s."
        if took_too_long
        else "the process that read it died: too little memory, or a damaged file.",
        where="reading process",
        remedy="Check it with: examrunner recording verify.",
    )


def _serve(connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    while True:
        try:
            function, args, kwargs = connection.recv()
        except EOFError:
            return
        try:
            answer = function(*args, **kwargs)
        except ExamRunnerError as error:
            answer = error
        except Exception:  # noqa: BLE001  # the parent raises it again with this text
            answer = _Failed(traceback.format_exc())
        with contextlib.suppress(BrokenPipeError):
            connection.send(answer)


def _limit_memory() -> None:
    try:
        import resource  # absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
