"""Judges stored recordings in order, one at a time, across restarts."""

import logging
import threading
from typing import Final

from examrunner.content.search import SearchPath
from examrunner.model.errors import ExamRunnerError
from examrunner.service.judging import judge_recording
from examrunner.service.live import LiveBoard
from examrunner.service.shelf import Shelf
from examrunner.service.store import Store
from examrunner.service.store.jobs import JudgingJob
from examrunner.service.worker import Worker, WorkerBugError

MOST_TRIES: Final = 2
"""A recording on which the judging process dies twice waits for a person."""
IDLE_S: Final = 5.0

_log = logging.getLogger(__name__)


class ScoringJobs:
    """A thread that takes jobs from the store and gives them to a child process.

    Args:
        judge: The child; it works while this thread waits.
    """

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        live: LiveBoard,
        judge: Worker,
        content: SearchPath,
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._live = live
        self._judge = judge
        self._content = content
        self._asked = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="judging", daemon=True)

    def start(self) -> None:
        """Begin with whatever an earlier run left undone."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is a new job."""
        self._asked.set()

    def close(self) -> None:
        """Stop; a job that is being judged is done again after the next start."""
        self._stopping = True
        self._judge.interrupt()
        self._asked.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._asked.clear()
            job = self._store.jobs.begin()
            if job is None:
                self._asked.wait(IDLE_S)
            else:
                self._do(job)

    def _do(self, job: JudgingJob) -> None:
        path = self._shelf.path_of(job.packed)
        try:
            judged = self._judge.ask(
                judge_recording, path, job.rubric, job.case, self._content
            )
            self._store.scores.keep_judged(job.number, judged)
        except (ExamRunnerError, WorkerBugError) as error:
            if self._stopping:
                return
            _log.exception("attempt %s cannot be judged", job.attempt)
            if job.tries + 1 >= MOST_TRIES:
                self._store.jobs.give_up(job.number, trouble_of(error))
        except Exception as error:  # noqa: BLE001  # one attempt must not stop the rest
            _log.exception("attempt %s cannot be scored", job.attempt)
            self._store.jobs.give_up(job.number, trouble_of(error))
        self._live.touch(str(job.attempt))


def trouble_of(error: Exception) -> str:
    """What an examiner reads about it."""
    if isinstance(error, ExamRunnerError):
        return f"{error.problem} {error.remedy}"
    return "The software failed on this recording; the service's log says how."
