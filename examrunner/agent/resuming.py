"""What an attempt was when its station was interrupted, as the recording tells it.

The recording is the truth: what the station keeps beside it may be one step behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from examrunner.agent.acting import operated
from examrunner.agent.fault_life import FaultLife
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.pause_causes import PauseCause
from examrunner.agent.states import OPEN, Phase, Progress, Signal, step
from examrunner.archive.cut import Cut
from examrunner.model.recording import Event

FINISHED: Final = "finished"
TIME_UP: Final = "time up"
STATION_FAULT: Final = PauseCause.STATION_FAULT
"""Cause of the pause that an interruption is."""
HELD_CAUSE: Final = PauseCause.RIG_FAULT
"""Cause of the pause after which somebody has to look at the rig."""
OUTCOMES: Final = {FINISHED: OutcomeCode.COMPLETED, TIME_UP: OutcomeCode.TIME_UP}
AGAIN: Final = (FaultLife.CLEARED, FaultLife.HEALTHY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """An attempt that has begun and can go on.

    Attributes:
        progress: How far it was; its clock stands still since ``last_ns``.
        last_ns: Recording time of the last thing that is on the disk.
        answers: The form as it was saved.
        is_open: Whether the pause of an earlier interruption was never ended.
        held: Why the clock stands still until an examiner lets it go on; empty where
            the candidate goes on at once.
    """

    progress: Progress
    last_ns: int
    answers: Mapping[str, object]
    is_open: bool
    held: str = ""

    @property
    def operations(self) -> tuple[Mapping[str, object], ...]:
        """What is recorded when capture goes on: the clock stood still."""
        pause = {"op": "pause", "cause": STATION_FAULT, "interrupted": True}
        resume = {"op": "resume", "cause": STATION_FAULT}
        hold = {"op": "pause", "cause": HELD_CAUSE, "note": self.held}
        if self.is_open:
            return (resume, hold) if self.held else (resume,)
        if self.progress.phase is not Phase.RUNNING:
            return ()
        if self.held:
            return ({**hold, "t_ns": self.last_ns},)
        return ({**pause, "t_ns": self.last_ns}, resume)

    def resumed(self, now_ns: int) -> Progress:
        """How far it is once capture goes on."""
        progress, paused_ns = self.progress, self.last_ns
        if self.is_open:
            progress = step(progress, Signal.RESUME, now_ns=now_ns)
            paused_ns = now_ns
        elif progress.phase is not Phase.RUNNING:
            return progress
        if self.held:
            return step(
                progress,
                Signal.PAUSE,
                now_ns=paused_ns,
                cause=HELD_CAUSE,
                reason=self.held,
            )
        if self.is_open:
            return progress
        progress = step(progress, Signal.PAUSE, now_ns=paused_ns, cause=STATION_FAULT)
        return step(progress, Signal.RESUME, now_ns=now_ns)


def interruption_of(cut: Cut | None, kept: Progress) -> Interruption | None:
    """Where an attempt goes on; None of one that has not begun.

    Args:
        cut: Where its recording was cut off.
        kept: How far the station knew it to be.
    """
    if cut is None:
        return None
    progress = replace(
        kept,
        phase=Phase.READY,
        started_ns=None,
        stopped_ns=None,
        pauses=(),
        credits=(),
        reassigned=(),
        outcome=None,
        ending=None,
        reason="",
    )
    is_open, said = False, None
    for event in cut.events:
        if event.stream == "ops":
            if event.body.get("op") == "outcome":
                said = OutcomeCode(str(event.body["outcome"]))
            progress = _after(progress, event, kept, said)
            if event.body.get("op") in {"pause", "resume"}:
                is_open = event.body.get("interrupted") is True
    if progress.started_ns is None:
        return None
    if kept.outcome is not None and progress.stopped_ns is None:
        progress = step(
            progress,
            Signal.STOP,
            now_ns=cut.last_ns,
            outcome=kept.outcome,
            reason=kept.reason,
        )
    if progress.stopped_ns is not None and progress.fault in AGAIN:
        # Whoever was cut off while clearing clears again.
        progress = replace(progress, fault=FaultLife.ARMED)
    return Interruption(
        progress=progress,
        last_ns=cut.last_ns,
        answers={
            str(event.body["field"]): event.body.get("value")
            for event in cut.events
            if event.stream == "form" and "field" in event.body
        },
        is_open=is_open and progress.phase is Phase.PAUSED,
    )


def _after(
    progress: Progress, event: Event, kept: Progress, said: OutcomeCode | None
) -> Progress:
    """The progress after one recorded operation."""
    body, t_ns = event.body, event.t_ns
    match body.get("op"), progress.phase:
        case "start", Phase.READY:
            return step(progress, Signal.START, now_ns=t_ns)
        case ("pause", Phase.RUNNING) | ("resume", Phase.PAUSED):
            return operated(progress, body, t_ns)
        case (("credit" | "reassign"), phase) if phase in OPEN:
            return operated(progress, body, t_ns)
        case "stop", Phase.RUNNING | Phase.PAUSED:
            reason = str(body.get("reason", ""))
            stopped = OUTCOMES.get(reason, OutcomeCode.ABORTED_BY_EXAMINER)
            outcome = kept.outcome or said or stopped
            return step(
                progress, Signal.STOP, now_ns=t_ns, outcome=outcome, reason=reason
            )
    return progress
