import os
import time

import pytest

from examrunner.model.errors import RecordingError
from examrunner.service.worker import Worker, WorkerBugError


def sleep_forever() -> None:
    time.sleep(60)


def die() -> None:
    os._exit(3)


def eat_memory() -> int:
    return len(bytearray(8 << 30))


def break_down() -> None:
    raise ZeroDivisionError


def refuse() -> None:
    raise RecordingError("it is damaged.", where="here", remedy="Mend it.")


def test_a_child_that_hangs_dies_or_eats_is_replaced():
    with Worker(limit_s=4) as worker:
        assert worker.ask(os.getpid) != os.getpid()
        with pytest.raises(RecordingError, match="more than"):
            worker.ask(sleep_forever)
        with pytest.raises(RecordingError, match="died"):
            worker.ask(die)
        with pytest.raises(WorkerBugError, match="MemoryError"):
            worker.ask(eat_memory)
        with pytest.raises(WorkerBugError, match="ZeroDivisionError"):
            worker.ask(break_down)
        with pytest.raises(RecordingError, match="damaged"):
            worker.ask(refuse)
        assert worker.ask(abs, -3) == 3
