"""While the candidate works: every action is recorded, nothing is sent."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from examrunner.agent.acting import record_operation
from examrunner.agent.desk import Desk, Recorded, clock_stands_still, nothing_runs
from examrunner.agent.outcomes import CONSEQUENCES, OutcomeCode
from examrunner.agent.resuming import FINISHED, TIME_UP, Interruption
from examrunner.agent.starting import outcome_body
from examrunner.agent.states import Phase, Progress, Signal, step
from examrunner.capture.pace import Moment
from examrunner.capture.process import CaptureProcess
from examrunner.model.errors import RigError
from examrunner.model.recording import Picture

LOOK_UP_S: Final = 0.5
DESK_LOOK_UP_S: Final = 0.1
"""The same where a person waits for what was typed to be saved."""
BY_CANDIDATE: Final = frozenset({"edit", "submit", "capture", "stop"})
BOX_STREAM: Final = "truth"
BOX_TTL_NS: Final = 3_000_000_000
"""A fault box that hears nothing for so long has cleared its faults."""

Notice = Callable[[Progress, int], None]
"""Told how far the attempt is and the recording time."""


class Exam:
    """Runs from the start to the stop.

    Args:
        capture: The capture process.
        limit_ns: Exam time after which the form counts as it is.
        notice: Told whenever something has happened.
        seen: Told every picture.
        wants_stop: Whether somebody at the station ends the attempt.
        desk: What a person does at the station's screen; None without one.
        has_fault: Whether the attempt is about a fault that the box holds.
    """

    def __init__(
        self,
        capture: CaptureProcess,
        *,
        limit_ns: int,
        notice: Notice,
        seen: Callable[[Picture], object],
        wants_stop: Callable[[], bool],
        desk: Desk | None = None,
        has_fault: bool = False,
    ) -> None:
        self._has_fault = has_fault
        self._box_lost_ns: int | None = None
        self._capture = capture
        self._limit_ns = limit_ns
        self._notice = notice
        self._seen = seen
        self._wants_stop = wants_stop
        self._desk = desk

    def run(
        self, progress: Progress, interrupted: Interruption | None = None
    ) -> Progress:
        """The attempt after its stop.

        Args:
            progress: The attempt before its start, or where it was interrupted.
            interrupted: Where it goes on; None to start.

        Raises:
            RigError: If the rig fails in the middle.
        """
        if interrupted is None:
            progress = step(progress, Signal.START, now_ns=self._capture.begin())
        else:
            now_ns = self._capture.go_on(interrupted.operations)
            progress = interrupted.resumed(now_ns)
        look_up_s = LOOK_UP_S if self._desk is None else DESK_LOOK_UP_S
        while progress.ending is None:
            self._notice(progress, self._capture.now_ns())
            moment = self._capture.next(self._time_up_ns(progress), look_up_s)
            progress = self._next(progress, moment)
        self._notice(progress, self._capture.now_ns())
        return progress

    def _next(self, progress: Progress, moment: Moment) -> Progress:
        if self._wants_stop():
            stopped = OutcomeCode.ABORTED_BY_EXAMINER
            return self._stop(progress, stopped, "stopped at the station")
        if self._left_ns(progress, moment.t_ns) <= 0:
            return self._stop(progress, OutcomeCode.TIME_UP, TIME_UP)
        if self._has_fault:
            self._watch_box(moment.t_ns)
        if self._desk is not None:
            progress = self._served(progress, self._desk)
        if moment.action is None or progress.ending is not None:
            return progress
        progress, _ = self._act(progress, moment.action, moment.t_ns)
        if progress.ending is None:
            self._capture.done()
        return progress

    def _served(self, progress: Progress, desk: Desk) -> Progress:
        """The attempt after everything that was handed in at the screen."""

        def perform(action: Mapping[str, Any]) -> Recorded:
            nonlocal progress
            if progress.ending is not None:
                raise nothing_runs()
            if progress.phase is Phase.PAUSED and action["do"] in BY_CANDIDATE:
                raise clock_stands_still()
            now_ns = self._capture.now_ns()
            progress, recorded = self._act(progress, action, now_ns)
            self._notice(progress, recorded.t_ns)
            return recorded

        desk.serve(perform)
        return progress

    def _act(
        self, progress: Progress, action: Mapping[str, Any], now_ns: int
    ) -> tuple[Progress, Recorded]:
        body = {key: value for key, value in action.items() if key != "do"}
        match action["do"]:
            case "edit":
                now_ns = self._capture.event("form", body)
            case "submit":
                now_ns = self._capture.event("form", {**body, "submit": True})
            case "capture":
                purpose = str(body.get("purpose", "still"))
                picture = self._capture.take(str(body["camera"]), purpose)
                self._seen(picture)
                return progress, Recorded(t_ns=picture.t_ns, picture=picture)
            case "op":
                return record_operation(self._capture, progress, action, now_ns)
            case "stop":
                progress = self._stop(progress, OutcomeCode.COMPLETED, FINISHED)
            case "end":
                progress = self._ended(progress, action)
        return progress, Recorded(t_ns=now_ns)

    def _ended(self, progress: Progress, action: Mapping[str, Any]) -> Progress:
        """An examiner ends it; after an unsafe act the rig is made safe first."""
        outcome = OutcomeCode(str(action["outcome"]))
        if outcome is OutcomeCode.UNSAFE:
            self._capture.command("clear_all", {})
        self._capture.event("ops", outcome_body(action))
        reason = str(action.get("reason", "")) or CONSEQUENCES[outcome].words.en
        return self._stop(progress, outcome, reason)

    def _stop(self, progress: Progress, outcome: OutcomeCode, reason: str) -> Progress:
        stopped_ns = self._capture.end(reason)
        return step(
            progress, Signal.STOP, now_ns=stopped_ns, outcome=outcome, reason=reason
        )

    def _watch_box(self, now_ns: int) -> None:
        """A box that was silent for too long has cleared the fault by itself.

        Raises:
            RigError: Then: the attempt has lost what it is about.
        """
        lost = self._capture.health()["lost"]
        if not (isinstance(lost, list) and BOX_STREAM in lost):
            self._box_lost_ns = None
            return
        if self._box_lost_ns is None:
            self._box_lost_ns = now_ns
        if now_ns - self._box_lost_ns > BOX_TTL_NS:
            raise RigError(
                "the fault box was lost for more than 3 s and has cleared its fault.",
                where="fault box",
                remedy="Check its supply and cable; the candidate sits again.",
            )

    def _left_ns(self, progress: Progress, now_ns: int) -> int:
        return self._limit_ns + progress.credited_ns - progress.exam_ns(now_ns)

    def _time_up_ns(self, progress: Progress) -> int:
        now_ns = self._capture.now_ns()
        return now_ns + max(0, self._left_ns(progress, now_ns))
