"""How far an attempt is, and what may happen next. Pure: no clock, no rig, no disk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from examrunner.model.recording import Ending


class Phase(StrEnum):
    """How far an attempt is."""

    WAITING = "waiting"
    LEASED = "leased"
    PREFLIGHT = "preflight"
    FAULT_ARMED = "fault_armed"
    FAULT_OBSERVED = "fault_observed"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    JUDGED = "judged"
    CLEARED = "cleared"
    DELIVERED = "delivered"


class Signal(StrEnum):
    """What happens to an attempt."""

    LEASE = "lease"
    PREPARE = "prepare"
    ARM = "arm"
    OBSERVE = "observe"
    MAKE_READY = "make_ready"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    ABORT = "abort"
    JUDGE = "judge"
    CLEAR = "clear"
    DELIVER = "deliver"


BEGUN: Final = (
    Phase.LEASED,
    Phase.PREFLIGHT,
    Phase.FAULT_ARMED,
    Phase.FAULT_OBSERVED,
    Phase.READY,
    Phase.RUNNING,
    Phase.PAUSED,
)
"""From each of these an attempt can be aborted; the fault is cleared all the same."""

STEPS: Final[Mapping[tuple[Phase, Signal], Phase]] = {
    (Phase.WAITING, Signal.LEASE): Phase.LEASED,
    (Phase.LEASED, Signal.PREPARE): Phase.PREFLIGHT,
    (Phase.PREFLIGHT, Signal.ARM): Phase.FAULT_ARMED,
    (Phase.PREFLIGHT, Signal.MAKE_READY): Phase.READY,
    (Phase.FAULT_ARMED, Signal.OBSERVE): Phase.FAULT_OBSERVED,
    (Phase.FAULT_OBSERVED, Signal.MAKE_READY): Phase.READY,
    (Phase.READY, Signal.START): Phase.RUNNING,
    (Phase.RUNNING, Signal.PAUSE): Phase.PAUSED,
    (Phase.PAUSED, Signal.RESUME): Phase.RUNNING,
    (Phase.RUNNING, Signal.STOP): Phase.STOPPED,
    (Phase.PAUSED, Signal.STOP): Phase.STOPPED,
    (Phase.STOPPED, Signal.JUDGE): Phase.JUDGED,
    (Phase.STOPPED, Signal.CLEAR): Phase.CLEARED,
    (Phase.JUDGED, Signal.CLEAR): Phase.CLEARED,
    (Phase.CLEARED, Signal.DELIVER): Phase.DELIVERED,
    **{(phase, Signal.ABORT): Phase.STOPPED for phase in BEGUN},
}
"""Everything that may happen; a fault that was never observed cannot become ready."""


class IllegalStepError(Exception):
    """A signal came in a phase that has no use for it: a bug, not a rig's fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Time that is given back to the candidate.

    Attributes:
        cause: Why, as the examiner said.
        from_ns: Recording time.
        to_ns: Recording time; None while it lasts.
    """

    cause: str
    from_ns: int
    to_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An attempt's state.

    Attributes:
        phase: How far it is.
        started_ns: Recording time of the start; None before.
        stopped_ns: Recording time of the stop; None before.
        pauses: Ledger of pauses, in order.
        ending: Why it stopped; None before.
        reason: The same as a sentence.
    """

    phase: Phase = Phase.WAITING
    started_ns: int | None = None
    stopped_ns: int | None = None
    pauses: tuple[Pause, ...] = ()
    ending: Ending | None = None
    reason: str = ""

    def exam_ns(self, now_ns: int) -> int:
        """Exam time used: since the start, without pauses."""
        if self.started_ns is None:
            return 0
        until_ns = now_ns if self.stopped_ns is None else self.stopped_ns
        paused_ns = sum(
            (until_ns if p.to_ns is None else p.to_ns) - p.from_ns for p in self.pauses
        )
        return until_ns - self.started_ns - paused_ns


def step(
    progress: Progress,
    signal: Signal,
    *,
    now_ns: int = 0,
    reason: str = "",
    ending: Ending | None = None,
) -> Progress:
    """What an attempt becomes when something happens.

    Args:
        progress: What it is.
        signal: What happens.
        now_ns: Recording time.
        reason: Cause of a pause, stop or abort.
        ending: Of a stop or abort.

    Raises:
        IllegalStepError: If the phase has no use for the signal.
    """
    phase = STEPS.get((progress.phase, signal))
    if phase is None:
        raise IllegalStepError(f"'{signal}' in phase '{progress.phase}'")
    moved = replace(progress, phase=phase)
    match signal:
        case Signal.START:
            return replace(moved, started_ns=now_ns)
        case Signal.PAUSE:
            return replace(
                moved, pauses=(*moved.pauses, Pause(cause=reason, from_ns=now_ns))
            )
        case Signal.RESUME:
            return _resumed(moved, now_ns)
        case Signal.STOP | Signal.ABORT:
            stopped = _resumed(moved, now_ns)
            return replace(stopped, stopped_ns=now_ns, reason=reason, ending=ending)
        case _:
            return moved


def _resumed(progress: Progress, now_ns: int) -> Progress:
    if not progress.pauses or progress.pauses[-1].to_ns is not None:
        return progress
    last = replace(progress.pauses[-1], to_ns=now_ns)
    return replace(progress, pauses=(*progress.pauses[:-1], last))
