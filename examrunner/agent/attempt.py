"""One attempt from its lease to its closed recording; see events.md."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.desk import Desk
from examrunner.agent.exam import Exam
from examrunner.agent.fault_life import FaultLife
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.preparing import NS_PER_S, Preparation, to_whole_second
from examrunner.agent.restoring import Restoring, enter, secured
from examrunner.agent.resuming import Interruption
from examrunner.agent.reviving import Deaths, interruption_after
from examrunner.agent.starting import wait_for_start
from examrunner.agent.states import (
    BEGUN,
    Phase,
    Progress,
    Signal,
    fault_step,
    step,
)
from examrunner.agent.task import Task
from examrunner.capture.bus_watch import Heard
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureLostError, CaptureProcess
from examrunner.model.errors import ExamRunnerError, RigError
from examrunner.model.recording import Ending
from examrunner.wire import ScoreMessage

Notice = Callable[[Progress, int], None]
"""Told how far the attempt is and the recording time."""
Shown = Callable[[ScoreMessage | None], None]
"""Told the provisional score as soon as there is one."""


class Attempt:
    """Runs once.

    Args:
        task: What is asked.
        plan: Where to record which links.
        files: The attempt on the disk.
        notice: Told whenever something has happened.
        shown: Told the provisional score, at most 2 s after the stop.
        wants_stop: Whether somebody at the station ends the attempt.
        desk: What a person does at the station's screen; None without one.
        waits: Whether the exam begins when an examiner says so at that screen.
        told: Told what a technician should know while the attempt goes on.
    """

    def __init__(
        self,
        task: Task,
        plan: Plan,
        files: AttemptFiles,
        *,
        notice: Notice,
        shown: Shown,
        wants_stop: Callable[[], bool],
        desk: Desk | None = None,
        waits: bool = False,
        told: Callable[[ExamRunnerError], None] = lambda error: None,
    ) -> None:
        self._told = told
        self._desk = desk
        self._waits = waits
        self._last_ns = 0
        self._task = task
        self._plan = plan
        self._files = files
        self._notice = notice
        self._shown = shown
        self._wants_stop = wants_stop
        self._progress = Progress(phase=Phase.LEASED)
        self._healthy: tuple[Heard, ...] = ()

    def run(self, interrupted: Interruption | None = None) -> Progress:
        """Prepares, records and closes; whatever fails, the rig is safe afterwards.

        Args:
            interrupted: Where it goes on; None to begin.

        Raises:
            RigError: If a link cannot be opened; nothing was recorded then.
            RecordingError: If the disk refuses.
        """
        if interrupted is None:
            self._move(Signal.PREPARE)
        else:
            self._keep(interrupted.progress)
        deaths = Deaths()
        while True:
            try:
                with CaptureProcess(self._plan) as capture:
                    self._record(capture, interrupted)
            except CaptureLostError as error:
                interrupted = self._revived(error, deaths)
                if interrupted is not None:
                    continue
            return self._progress

    def _revived(self, error: CaptureLostError, deaths: Deaths) -> Interruption | None:
        """Where the attempt goes on with another capture process; None to end it.

        Raises:
            CaptureLostError: Before the start: then the attempt begins again.
        """
        if self._progress.started_ns is None:
            raise error
        deaths.note()
        self._told(error)
        found = None
        if self._desk is not None or not deaths.are_too_many:
            time.sleep(deaths.rest_s)
            found = interruption_after(self._files, deaths)
        if found is None:
            self._abort(self._last_ns, error, OutcomeCode.POWER_LOST)
            self._keep(secured(self._progress, self._plan))
        else:
            self._keep(found.progress)
        return found

    def _record(
        self, capture: CaptureProcess, interrupted: Interruption | None
    ) -> None:
        with ThreadPoolExecutor(1) as beside:
            try:
                if interrupted is None:
                    self._prepare(capture)
                    self._wait(capture)
                else:
                    self._healthy = self._files.healthy()
                    self._set_again(capture)
                if self._progress.phase in BEGUN:
                    self._examine(capture, beside, interrupted)
            except CaptureLostError:
                raise
            except RigError as error:
                self._abort(capture.now_ns(), error, OutcomeCode.RIG_FAULT)
                with suppress(RigError):
                    capture.end(error.problem)
            if self._desk is not None:
                self._desk.close()
            provisional = self._judged(beside)
            self._restore(capture)
            if self._progress.is_void:
                self._move(Signal.VOID)
            elif provisional is not None and provisional.result() is not None:
                self._move(Signal.JUDGE)
        self._move(Signal.CLEAR)
        ending = self._progress.ending or Ending.RIG_FAULT
        capture.close(ending, self._progress.reason)

    def _prepare(self, capture: CaptureProcess) -> None:
        for name, (media_type, data) in self._task.attachments.items():
            capture.attach(name, media_type, data)
        enter(capture, "pre")
        ready = Preparation(
            capture=capture, rig=self._task.rig, inject=self._task.inject
        )
        ready.challenge(self._plan.header.nonce)
        self._healthy = ready.baseline(self._files.healthy())
        self._files.keep_healthy(self._healthy)
        ready.read_codes()
        if self._task.inject:
            self._move(Signal.ARM)
            ready.arm()
            seen = ready.observe(self._healthy)
            messages = [f"{each.channel} 0x{each.can_id:X}" for each in seen]
            capture.event("ops", {"op": "fault_observed", "missing": messages})
            self._move(Signal.OBSERVE)
        capture.advance(to_whole_second(capture.now_ns()))
        if self._wants_stop():
            raise _stopped_before(self._plan.header.station)
        self._move(Signal.MAKE_READY)

    def _wait(self, capture: CaptureProcess) -> None:
        """Until an examiner starts the exam, where one does."""
        if self._desk is None or not self._waits:
            return
        waited = wait_for_start(
            capture,
            self._progress,
            self._desk,
            notice=self._noticed,
            wants_stop=self._wants_stop,
        )
        self._keep(waited)
        if self._wants_stop() and waited.phase in BEGUN:
            raise _stopped_before(self._plan.header.station)
        capture.advance(to_whole_second(capture.now_ns()))

    def _set_again(self, capture: CaptureProcess) -> None:
        """The rig as it was before the interruption: a box alone clears its fault."""
        if self._progress.phase not in BEGUN:
            return
        again = Preparation(
            capture=capture, rig=self._task.rig, inject=self._task.inject
        )
        again.challenge(self._plan.header.nonce)
        if self._task.inject:
            again.arm()

    def _examine(
        self,
        capture: CaptureProcess,
        beside: ThreadPoolExecutor,
        interrupted: Interruption | None,
    ) -> None:
        if interrupted is None:
            enter(capture, "exam")
        exam = Exam(
            capture,
            limit_ns=round(self._task.limit_s * NS_PER_S),
            notice=self._noticed,
            seen=lambda picture: beside.submit(self._task.look, picture),
            wants_stop=self._wants_stop,
            desk=self._desk,
            has_fault=bool(self._task.inject),
        )
        self._keep(exam.run(self._progress, interrupted))

    def _restore(self, capture: CaptureProcess) -> None:
        """Own reads, outputs safe, fault cleared, healthy again."""
        enter(capture, "post")
        restoring = Restoring(
            capture=capture,
            rig=self._task.rig,
            healthy=self._healthy,
            has_box=self._plan.fault_box is not None,
        )
        restoring.read_codes(round(self._task.post_s * NS_PER_S))
        if self._progress.fault is not FaultLife.LOCKED:
            for signal in restoring.make_healthy():
                self._keep(fault_step(self._progress, signal))
        enter(capture, "closed")

    def _judged(
        self, beside: ThreadPoolExecutor
    ) -> "Future[ScoreMessage | None] | None":
        """The provisional score under way; none of what never began or is void."""
        if self._progress.started_ns is None or self._progress.is_void:
            return None
        future = beside.submit(self._task.judge, self._files.recording)
        future.add_done_callback(lambda done: self._shown(done.result()))
        return future

    def _abort(self, now_ns: int, error: ExamRunnerError, outcome: OutcomeCode) -> None:
        if self._progress.phase in BEGUN:
            aborted = step(
                self._progress,
                Signal.ABORT,
                now_ns=now_ns,
                outcome=outcome,
                reason=error.problem,
            )
            self._keep(aborted)

    def _move(self, signal: Signal) -> None:
        self._keep(step(self._progress, signal))

    def _keep(self, progress: Progress) -> None:
        self._noticed(progress, progress.stopped_ns or 0)

    def _noticed(self, progress: Progress, now_ns: int) -> None:
        if progress != self._progress:
            self._files.keep(progress)
        self._progress = progress
        self._last_ns = max(self._last_ns, now_ns)
        self._notice(progress, now_ns)


def _stopped_before(station: str) -> RigError:
    return RigError(
        "the station is stopped before the start.",
        where=station,
        remedy="Start the station again; the attempt is repeated.",
    )
