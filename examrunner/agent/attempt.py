"""One attempt from its lease to its closed recording; see events.md."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.desk import Desk
from examrunner.agent.exam import Exam
from examrunner.agent.observing import missing
from examrunner.agent.preparing import (
    BASELINE_NS,
    NS_PER_S,
    Preparation,
    to_whole_second,
    watch,
)
from examrunner.agent.resuming import Interruption
from examrunner.agent.states import BEGUN, Phase, Progress, Signal, step
from examrunner.capture.bus_watch import Heard
from examrunner.capture.opening import opened_link
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureLostError, CaptureProcess
from examrunner.model.errors import ExamRunnerError, RigError
from examrunner.model.recording import Ending, Picture
from examrunner.model.station import Rig
from examrunner.wire import ScoreMessage

Attachments = Mapping[str, tuple[str, bytes]]
"""Media type and content by name."""

CLEAR: Final = "clear_all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an attempt is about, put together from its lease and the content.

    Attributes:
        rig: The rig.
        inject: Fault-box commands of the variant.
        limit_s: Time limit in exam time.
        post_s: Longest time for own reads after the stop.
        attachments: Files that go into the recording.
        look: Looks at a picture before the score is asked for.
        judge: Scores a recording; None if that failed.
    """

    rig: Rig
    inject: Sequence[Mapping[str, object]]
    limit_s: float
    post_s: float
    attachments: Attachments
    look: Callable[[Picture], None]
    judge: Callable[[Path], ScoreMessage | None]


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
    ) -> None:
        self._desk = desk
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
        try:
            with CaptureProcess(self._plan) as capture:
                self._record(capture, interrupted)
        except CaptureLostError as error:
            self._abort(0, error, Ending.POWER_LOST)
            make_safe(self._plan)
        return self._progress

    def _record(
        self, capture: CaptureProcess, interrupted: Interruption | None
    ) -> None:
        with ThreadPoolExecutor(1) as beside:
            try:
                if interrupted is None:
                    self._prepare(capture)
                    self._examine(capture, beside, None)
                elif interrupted.progress.ending is None:
                    self._set_again(capture)
                    self._examine(capture, beside, interrupted)
            except CaptureLostError:
                raise
            except RigError as error:
                self._abort(capture.now_ns(), error, Ending.RIG_FAULT)
                with suppress(RigError):
                    capture.end(error.problem)
            provisional = self._judged(beside)
            self._restore(capture)
            if provisional is not None and provisional.result() is not None:
                self._move(Signal.JUDGE)
        self._move(Signal.CLEAR)
        ending = self._progress.ending or Ending.RIG_FAULT
        capture.close(ending, self._progress.reason)

    def _prepare(self, capture: CaptureProcess) -> None:
        for name, (media_type, data) in self._task.attachments.items():
            capture.attach(name, media_type, data)
        _enter(capture, "pre")
        ready = Preparation(
            capture=capture, rig=self._task.rig, inject=self._task.inject
        )
        ready.challenge(self._plan.header.nonce)
        self._healthy = ready.baseline()
        ready.read_codes()
        if self._task.inject:
            ready.arm()
            self._move(Signal.ARM)
            seen = ready.observe(self._healthy)
            messages = [f"{each.channel} 0x{each.can_id:X}" for each in seen]
            capture.event("ops", {"op": "fault_observed", "missing": messages})
            self._move(Signal.OBSERVE)
        capture.advance(to_whole_second(capture.now_ns()))
        if self._wants_stop():
            raise RigError(
                "the station is stopped before the start.",
                where=self._plan.header.station,
                remedy="Start the station again; the attempt is repeated.",
            )
        self._move(Signal.MAKE_READY)

    def _set_again(self, capture: CaptureProcess) -> None:
        """The rig as it was before the interruption: a box alone clears its fault."""
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
            _enter(capture, "exam")
        exam = Exam(
            capture,
            limit_ns=round(self._task.limit_s * NS_PER_S),
            notice=self._noticed,
            seen=lambda picture: beside.submit(self._task.look, picture),
            wants_stop=self._wants_stop,
            desk=self._desk,
        )
        self._keep(exam.run(self._progress, interrupted))

    def _restore(self, capture: CaptureProcess) -> None:
        """Own reads, outputs safe, fault cleared, healthy again."""
        _enter(capture, "post")
        after = Preparation(capture=capture, rig=self._task.rig)
        within_ns = round(self._task.post_s * NS_PER_S)
        for what, act in (
            ("trouble codes", lambda: after.read_codes(within_ns=within_ns)),
            ("fault box", lambda: capture.command(CLEAR, {})),
            ("baseline", lambda: self._compare(capture)),
        ):
            try:
                act()
            except CaptureLostError:
                raise
            except RigError as error:
                body = {"op": "post_failed", "what": what, "problem": error.problem}
                capture.event("ops", body)
        _enter(capture, "closed")

    def _compare(self, capture: CaptureProcess) -> None:
        """Says which messages of the healthy rig still miss.

        Raises:
            RigError: If nobody knows what the healthy rig says.
        """
        if not self._healthy:
            raise RigError(
                "what the healthy rig says is not known since the restart.",
                where=self._plan.header.station,
                remedy="Look at the rig before the next candidate.",
            )
        still_missing = missing(self._healthy, watch(capture, BASELINE_NS))
        messages = [f"{each.channel} 0x{each.can_id:X}" for each in still_missing]
        capture.event("ops", {"op": "baseline", "missing": messages})

    def _judged(
        self, beside: ThreadPoolExecutor
    ) -> "Future[ScoreMessage | None] | None":
        """The provisional score under way; none of an exam that never began."""
        if self._progress.started_ns is None:
            return None
        future = beside.submit(self._task.judge, self._files.recording)
        future.add_done_callback(lambda done: self._shown(done.result()))
        return future

    def _abort(self, now_ns: int, error: ExamRunnerError, ending: Ending) -> None:
        if self._progress.phase in BEGUN:
            aborted = step(
                self._progress,
                Signal.ABORT,
                now_ns=now_ns,
                ending=ending,
                reason=error.problem,
            )
            self._keep(aborted)

    def _move(self, signal: Signal) -> None:
        self._keep(step(self._progress, signal))

    def _keep(self, progress: Progress) -> None:
        self._files.keep(progress)
        self._noticed(progress, progress.stopped_ns or 0)

    def _noticed(self, progress: Progress, now_ns: int) -> None:
        if progress.phase is not self._progress.phase:
            self._files.keep(progress)
        self._progress = progress
        self._notice(progress, now_ns)


def make_safe(plan: Plan) -> None:
    """Clears every fault without a capture process; the box does so itself in 3 s."""
    if plan.fault_box is None:
        return
    with suppress(RigError):
        box = opened_link(plan.fault_box)
        box.command(CLEAR, {})
        box.close()


def _enter(capture: CaptureProcess, phase: str) -> None:
    capture.event("ops", {"op": "phase", "phase": phase})
