"""What a scripted candidate has at hand."""

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from examrunner.model.rubric import Field
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.pictures import Lenses
from examrunner.simulation.scan_tool import ScanTool
from examrunner.simulation.tape import Tape
from examrunner.simulation.trace import Trace
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.work_area import WorkArea

Asking = Generator[int | Action, None, bytes]


class Workplace:
    """One candidate before one rig.

    Args:
        rig: The rig.
        profile: ``competent``, ``sloppy`` or ``cheating``.
        work_area: The scene before the work-area camera.
        lenses: The rig's cameras.
        fault_box: Holds the faults that the candidate looks for.
        truth: Of the variant; what each profile makes of it is in its script.
        form: Answer form of the task.
        limit_s: Time limit of the task.
        tape: What a replayer plays back.
    """

    def __init__(
        self,
        rig: TrainingRig,
        profile: str,
        *,
        work_area: WorkArea,
        lenses: Lenses,
        fault_box: FaultBox,
        truth: Mapping[str, object],
        form: Sequence[Field] = (),
        limit_s: float = 0.0,
        tape: Tape | None = None,
    ) -> None:
        self.base = rig.base
        self.profile = profile
        self.work_area = work_area
        self.lenses = lenses
        self.fault_box = fault_box
        self.truth = truth
        self.form = form
        self.limit_s = limit_s
        self.tape = tape
        self.tool: ScanTool = rig.base.scan_tool()
        self.hand = rig.base.streams.of("hand", profile)

    @property
    def now_ns(self) -> int:
        """Rig time."""
        return self.base.kernel.now_ns

    def wait(self, seconds: float) -> int:
        """A pause that no two candidates make equally long."""
        return round(seconds * float(self.hand.uniform(0.97, 1.03)) * NS_PER_S)

    def ask(self, ecu: str, request: str) -> Asking:
        """Send a diagnostic request, in hexadecimal, and wait for the answer."""
        answer = yield from self.tool.ask(ecu, bytes.fromhex(request))
        return answer

    def log(self, channel: str, can_id: int) -> Trace:
        """Start to log one identifier with the CAN tool."""
        trace = Trace(channel, can_id, self.now_ns)
        self.base.traces.append(trace)
        return trace

    def type(self, field: str, value: object, *, seconds: float = 3.0) -> Process:
        """Fill one field of the form."""
        yield self.wait(seconds)
        yield Action(do="edit", body={"field": field, "value": value})

    def misread(self, value: float, sigma: float) -> float:
        """A reading that is off by a little."""
        return value + sigma * float(np.clip(self.hand.normal(), -2.0, 2.0))


def seconds(value: float) -> int:
    """A duration in nanoseconds."""
    return round(value * NS_PER_S)
