"""A prepared rig waits for its candidate: the examiner starts, or nobody does."""

from collections.abc import Callable
from typing import Final

from examrunner.agent.acting import Action, record_operation
from examrunner.agent.desk import Desk, Recorded, nothing_runs
from examrunner.agent.outcomes import CONSEQUENCES, OutcomeCode
from examrunner.agent.states import Phase, Progress, Signal, step
from examrunner.capture.process import CaptureProcess

LOOK_UP_NS: Final = 100_000_000

Notice = Callable[[Progress, int], None]


def wait_for_start(
    capture: CaptureProcess,
    progress: Progress,
    desk: Desk,
    *,
    notice: Notice,
    wants_stop: Callable[[], bool],
) -> Progress:
    """The attempt when the examiner has started or ended it, or the station stops."""
    is_started = False

    def perform(action: Action) -> Recorded:
        nonlocal progress, is_started
        if is_started or progress.phase is not Phase.READY:
            raise nothing_runs()
        now_ns = capture.now_ns()
        match action["do"]:
            case "start":
                is_started = True
                body = {"op": "started_by", "by": action.get("by", "")}
                return Recorded(t_ns=capture.event("ops", body))
            case "op":
                progress, recorded = record_operation(capture, progress, action, now_ns)
                return recorded
            case "end":
                progress, recorded = record_end(capture, progress, action, now_ns)
                return recorded
            case _:
                raise nothing_runs()

    while not is_started and progress.phase is Phase.READY and not wants_stop():
        desk.serve(perform)
        notice(progress, capture.advance(LOOK_UP_NS))
    return progress


def record_end(
    capture: CaptureProcess, progress: Progress, action: Action, now_ns: int
) -> tuple[Progress, Recorded]:
    """Records why an examiner ends an attempt that has not started."""
    outcome = OutcomeCode(str(action["outcome"]))
    recorded_ns = capture.event("ops", outcome_body(action))
    reason = str(action.get("reason", "")) or CONSEQUENCES[outcome].words.en
    ended = step(progress, Signal.ABORT, now_ns=now_ns, outcome=outcome, reason=reason)
    return ended, Recorded(t_ns=recorded_ns)


def outcome_body(action: Action) -> dict[str, object]:
    """The operation that says why an examiner ends an attempt."""
    said = {key: action.get(key, "") for key in ("outcome", "by", "reason")}
    return {"op": "outcome", **said}
