"""What candidates and examiners do during an attempt, recorded and taken over."""

from collections.abc import Mapping
from typing import Any, Final

from examrunner.agent.desk import NotNowError, Recorded
from examrunner.agent.ledger import Credit
from examrunner.agent.pause_causes import PauseCause, cause_of
from examrunner.agent.states import (
    IllegalStepError,
    Progress,
    Reassignment,
    Signal,
    credited,
    reassigned,
    step,
)
from examrunner.capture.process import CaptureProcess

NS_PER_S: Final = 1_000_000_000

Action = Mapping[str, Any]


def operated(progress: Progress, action: Action, now_ns: int) -> Progress:
    """The attempt after an operation; most change nothing but the recording."""
    by = str(action.get("by", ""))
    match action.get("op"):
        case "pause":
            cause, note = _cause(action)
            return step(
                progress,
                Signal.PAUSE,
                now_ns=now_ns,
                by=by,
                cause=cause,
                reason=note,
            )
        case "resume":
            return step(progress, Signal.RESUME, now_ns=now_ns, by=by)
        case "credit":
            cause, note = _cause(action)
            length_ns = round(float(action["seconds"]) * NS_PER_S)
            credit = Credit(
                cause=cause, note=note, by=by, at_ns=now_ns, length_ns=length_ns
            )
            return credited(progress, credit)
        case "reassign":
            change = Reassignment(
                planned=str(action["planned"]),
                actual=str(action["actual"]),
                by=by,
                at_ns=now_ns,
                reason=str(action["reason"]),
            )
            return reassigned(progress, change)
        case _:
            return progress


def record_operation(
    capture: CaptureProcess, progress: Progress, action: Action, now_ns: int
) -> tuple[Progress, Recorded]:
    """Records an operation and takes it over.

    Raises:
        NotNowError: If the attempt has no use for it now; then it is not recorded.
    """
    try:
        after = operated(progress, action, now_ns)
    except IllegalStepError as error:
        raise NotNowError(
            f"this cannot be done now: {error}.",
            where="station",
            remedy="Look at the state of the attempt; somebody else may have acted.",
        ) from error
    body = {key: value for key, value in action.items() if key != "do"}
    return after, Recorded(t_ns=capture.event("ops", body))


def _cause(action: Action) -> tuple[PauseCause, str]:
    cause, said = cause_of(str(action.get("cause", "")))
    return cause, str(action.get("note", "")) or said
