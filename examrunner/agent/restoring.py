"""After the candidate: own reads, outputs safe, fault cleared, healthy again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.agent.fault_life import SAFE, FaultLife, FaultSignal
from examrunner.agent.observing import missing
from examrunner.agent.preparing import BASELINE_NS, Preparation, watch
from examrunner.agent.states import Progress, fault_step
from examrunner.capture.bus_watch import Heard
from examrunner.capture.opening import opened_link
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureLostError, CaptureProcess
from examrunner.model.errors import RigError
from examrunner.model.station import Rig

CLEAR: Final = "clear_all"
SET: Final = (FaultLife.ARMED, FaultLife.OBSERVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """Brings a rig back to what it was; what fails is recorded, the rest goes on.

    Attributes:
        capture: The capture process.
        rig: The rig.
        healthy: What was heard before anything was done to it; empty if unknown.
        has_box: Whether the station has a fault box.
    """

    capture: CaptureProcess
    rig: Rig
    healthy: Sequence[Heard]
    has_box: bool

    def read_codes(self, within_ns: int) -> None:
        """Reads the trouble codes as the candidate left them."""
        try:
            reading = Preparation(capture=self.capture, rig=self.rig)
            reading.read_codes(within_ns=within_ns)
        except CaptureLostError:
            raise
        except RigError as error:
            self._failed("trouble codes", error.problem)

    def make_healthy(self) -> Iterator[FaultSignal]:
        """Clears the fault and looks; yields what came of it as it comes."""
        if not self._is_cleared():
            yield FaultSignal.LOCK
            return
        yield FaultSignal.CLEAR
        yield FaultSignal.SEE_BASELINE if self._is_as_before() else FaultSignal.LOCK

    def _is_cleared(self) -> bool:
        if not self.has_box:
            return True
        try:
            answer = self.capture.command(CLEAR, {})
        except CaptureLostError:
            raise
        except RigError as error:
            self._failed("fault box", error.problem)
            return False
        if not answer.is_ok:
            self._failed("fault box", f"it answers '{answer.result}' to '{CLEAR}'.")
        return answer.is_ok

    def _is_as_before(self) -> bool:
        """Whether every message of the healthy rig is back; the recording says."""
        try:
            still_missing = missing(self.healthy, watch(self.capture, BASELINE_NS))
        except CaptureLostError:
            raise
        except RigError as error:
            self._failed("baseline", error.problem)
            return False
        messages = [f"{each.channel} 0x{each.can_id:X}" for each in still_missing]
        self.capture.event("ops", {"op": "baseline", "missing": messages})
        return bool(self.healthy) and not messages

    def _failed(self, what: str, problem: str) -> None:
        body = {"op": "post_failed", "what": what, "problem": problem}
        self.capture.event("ops", body)


def secured(progress: Progress, plan: Plan) -> Progress:
    """The attempt after a crash: what was set is cleared, and the rig waits.

    Nobody looked whether it is healthy again, so it is locked until somebody did.
    """
    if progress.fault in SAFE:
        return progress
    if progress.fault in SET and make_safe(plan):
        progress = fault_step(progress, FaultSignal.CLEAR)
    return fault_step(progress, FaultSignal.LOCK)


def make_safe(plan: Plan) -> bool:
    """Clears every fault without a capture process; the box does so itself in 3 s.

    Returns:
        Whether nothing is set any more for sure.
    """
    if plan.fault_box is None:
        return True
    try:
        box = opened_link(plan.fault_box)
        answer = box.command(CLEAR, {})
        box.close()
    except RigError:
        return False
    return bool(answer.is_ok)


def enter(capture: CaptureProcess, phase: str) -> None:
    """Records that a phase begins."""
    capture.event("ops", {"op": "phase", "phase": phase})
