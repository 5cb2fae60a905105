"""How far an attempt is, and what may happen next. Pure: no clock, no rig, no disk.

The tables stand in ``states.md``; a test keeps it equal to this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from examrunner.agent.fault_life import FAULT_STEPS, SAFE, FaultLife, FaultSignal
from examrunner.agent.ledger import Credit, Pause, credited_ns, paused_ns
from examrunner.agent.outcomes import CONSEQUENCES, OutcomeCode
from examrunner.agent.pause_causes import PauseCause
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
    VOIDED = "voided"
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
    VOID = "void"
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

OPEN: Final = (Phase.READY, Phase.RUNNING, Phase.PAUSED)
"""In these a person can be put in the right seat and time can be credited."""

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
    **{(phase, Signal.ABORT): Phase.STOPPED for phase in BEGUN},
    (Phase.STOPPED, Signal.JUDGE): Phase.JUDGED,
    (Phase.STOPPED, Signal.VOID): Phase.VOIDED,
    (Phase.STOPPED, Signal.CLEAR): Phase.CLEARED,
    (Phase.JUDGED, Signal.CLEAR): Phase.CLEARED,
    (Phase.VOIDED, Signal.CLEAR): Phase.CLEARED,
    (Phase.CLEARED, Signal.DELIVER): Phase.DELIVERED,
}
"""Everything that may happen; a fault that was never observed cannot become ready."""

GUARDS: Final[Mapping[Signal, str]] = {
    Signal.JUDGE: "the outcome does not void the attempt",
    Signal.VOID: "the outcome voids the attempt",
    Signal.CLEAR: "no fault is set, a voided attempt was voided",
}
"""What must hold besides."""


class IllegalStepError(Exception):
    """A signal came in a phase that has no use for it: a bug, not a rig's fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """Somebody else sits here than was planned; both stay on record.

    Attributes:
        planned: Code of whom the attempt was for until then.
        actual: Code of who sits here.
        by: Examiner.
        at_ns: Recording time.
        reason: In the examiner's words.
    """

    planned: str
    actual: str
    by: str
    at_ns: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An attempt's state.

    Attributes:
        phase: How far it is.
        fault: What is set at the rig.
        started_ns: Recording time of the start; None before.
        stopped_ns: Recording time of the stop; None before.
        pauses: Ledger of pauses, in order.
        credits: Ledger of time added to the limit, in order.
        reassigned: Who was put in this seat instead, in order.
        outcome: Why it stopped; None before.
        ending: What the recording says about it; None before.
        reason: The same as a sentence.
    """

    phase: Phase = Phase.WAITING
    fault: FaultLife = FaultLife.NONE
    started_ns: int | None = None
    stopped_ns: int | None = None
    pauses: tuple[Pause, ...] = ()
    credits: tuple[Credit, ...] = ()
    reassigned: tuple[Reassignment, ...] = ()
    outcome: OutcomeCode | None = None
    ending: Ending | None = None
    reason: str = ""

    @property
    def is_void(self) -> bool:
        """Whether it does not count, whatever was recorded."""
        return self.outcome is not None and CONSEQUENCES[self.outcome].voids

    @property
    def credited_ns(self) -> int:
        """How much longer than its limit it may last."""
        return credited_ns(self.credits)

    def exam_ns(self, now_ns: int) -> int:
        """Exam time used: since the start, without pauses."""
        if self.started_ns is None:
            return 0
        until_ns = now_ns if self.stopped_ns is None else self.stopped_ns
        return until_ns - self.started_ns - paused_ns(self.pauses, until_ns)


def step(
    progress: Progress,
    signal: Signal,
    *,
    now_ns: int = 0,
    by: str = "",
    cause: PauseCause = PauseCause.OTHER,
    reason: str = "",
    outcome: OutcomeCode = OutcomeCode.ABORTED_BY_EXAMINER,
) -> Progress:
    """What an attempt becomes when something happens.

    Args:
        progress: What it is.
        signal: What happens.
        now_ns: Recording time.
        by: Who pauses or resumes.
        cause: Of a pause.
        reason: Note of a pause; sentence of a stop or abort.
        outcome: Of a stop or abort.

    Raises:
        IllegalStepError: If the phase has no use for the signal, or its guard fails.
    """
    phase = STEPS.get((progress.phase, signal))
    if phase is None or not _is_guarded(progress, signal):
        raise IllegalStepError(f"'{signal}' in phase '{progress.phase}'")
    moved = replace(progress, phase=phase)
    match signal:
        case Signal.ARM:
            return fault_step(moved, FaultSignal.ARM)
        case Signal.OBSERVE:
            return fault_step(moved, FaultSignal.OBSERVE)
        case Signal.START:
            return replace(moved, started_ns=now_ns)
        case Signal.PAUSE:
            pause = Pause(cause=cause, note=reason, by=by, from_ns=now_ns)
            return replace(moved, pauses=(*moved.pauses, pause))
        case Signal.RESUME:
            return _resumed(moved, now_ns, by)
        case Signal.STOP | Signal.ABORT:
            return replace(
                _resumed(moved, now_ns, ""),
                stopped_ns=now_ns,
                reason=reason,
                outcome=outcome,
                ending=CONSEQUENCES[outcome].ending,
            )
        case _:
            return moved


def fault_step(progress: Progress, signal: FaultSignal) -> Progress:
    """What an attempt becomes when something happens to the rig's fault.

    Raises:
        IllegalStepError: If the fault cannot do that now.
    """
    life = FAULT_STEPS.get((progress.fault, signal))
    if life is None:
        raise IllegalStepError(f"'{signal}' of a fault that is '{progress.fault}'")
    return replace(progress, fault=life)


def credited(progress: Progress, credit: Credit) -> Progress:
    """The attempt with so much more time.

    Raises:
        IllegalStepError: If it is over, or the time is not positive.
    """
    if progress.phase not in OPEN or credit.length_ns <= 0:
        raise IllegalStepError(f"a credit in phase '{progress.phase}'")
    return replace(progress, credits=(*progress.credits, credit))


def reassigned(progress: Progress, change: Reassignment) -> Progress:
    """The attempt with somebody else in its seat.

    Raises:
        IllegalStepError: If it is over.
    """
    if progress.phase not in OPEN:
        raise IllegalStepError(f"a reassignment in phase '{progress.phase}'")
    return replace(progress, reassigned=(*progress.reassigned, change))


def _is_guarded(progress: Progress, signal: Signal) -> bool:
    match signal:
        case Signal.JUDGE:
            return not progress.is_void
        case Signal.VOID:
            return progress.is_void
        case Signal.CLEAR:
            was_voided = progress.phase is Phase.VOIDED
            return progress.fault in SAFE and was_voided == progress.is_void
        case _:
            return True


def _resumed(progress: Progress, now_ns: int, by: str) -> Progress:
    if not progress.pauses or progress.pauses[-1].to_ns is not None:
        return progress
    last = replace(progress.pauses[-1], to_ns=now_ns, ended_by=by)
    return replace(progress, pauses=(*progress.pauses[:-1], last))


def cleared(progress: Progress) -> Progress:
    """The attempt closed for good; one that does not count is voided on the way.

    Raises:
        IllegalStepError: If a fault is still set.
    """
    if progress.phase is Phase.STOPPED and progress.is_void:
        progress = step(progress, Signal.VOID)
    if progress.phase in {Phase.STOPPED, Phase.JUDGED, Phase.VOIDED}:
        progress = step(progress, Signal.CLEAR)
    return progress
