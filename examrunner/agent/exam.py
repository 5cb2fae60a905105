"""While the candidate works: every action is recorded, nothing is sent."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from examrunner.agent.desk import Desk, Recorded, nothing_runs
from examrunner.agent.resuming import FINISHED, TIME_UP, Interruption
from examrunner.agent.states import Progress, Signal, step
from examrunner.capture.pace import Moment
from examrunner.capture.process import CaptureProcess
from examrunner.model.recording import Ending, Picture

LOOK_UP_S: Final = 0.5
DESK_LOOK_UP_S: Final = 0.1
"""The same where a person waits for what was typed to be saved."""

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
    ) -> None:
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
            return self._stop(
                progress, Ending.STOPPED_BY_EXAMINER, "stopped at the station"
            )
        if progress.exam_ns(moment.t_ns) >= self._limit_ns:
            return self._stop(progress, Ending.TIME_UP, TIME_UP)
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
            now_ns = self._capture.now_ns()
            progress, recorded = self._act(progress, action, now_ns)
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
                recorded_ns = self._capture.event("ops", body)
                return _paused(progress, body, now_ns), Recorded(t_ns=recorded_ns)
            case "stop":
                progress = self._stop(progress, Ending.FINISHED, FINISHED)
        return progress, Recorded(t_ns=now_ns)

    def _stop(self, progress: Progress, ending: Ending, reason: str) -> Progress:
        stopped_ns = self._capture.end(reason)
        return step(
            progress, Signal.STOP, now_ns=stopped_ns, ending=ending, reason=reason
        )

    def _time_up_ns(self, progress: Progress) -> int:
        now_ns = self._capture.now_ns()
        return now_ns + max(0, self._limit_ns - progress.exam_ns(now_ns))


def _paused(progress: Progress, body: Mapping[str, Any], now_ns: int) -> Progress:
    signal = {"pause": Signal.PAUSE, "resume": Signal.RESUME}.get(str(body.get("op")))
    if signal is None:
        return progress
    return step(progress, signal, now_ns=now_ns, reason=str(body.get("cause", "")))
