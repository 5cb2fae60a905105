"""One attempt on one simulated rig: the rig, the script and the clock between them."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from examrunner.content.mistakes import nearest
from examrunner.model.errors import ContentError
from examrunner.simulation.actions import Action, Process, Stage
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.pictures import Lenses
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.work_area import WorkArea

SCRIPTS: Final = "examrunner.simulation.candidates"
"""Package with one module a task: ``prepare(rig)`` and ``script(place, rig)``."""
PROFILES: Final = ("competent", "sloppy", "cheating")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a scripted candidate plays.

    Attributes:
        task: Task id.
        profile: ``competent``, ``sloppy`` or ``cheating``.
        truth: Of the variant.
    """

    task: str
    profile: str
    truth: Mapping[str, object] = field(default_factory=dict)


class Session:
    """A rig with nobody, or with a scripted candidate, before it.

    Args:
        rig: The rig.
        work_area: The scene before the work-area camera.
        lenses: The rig's cameras.
        fault_box: The rig's fault box.
        part: What the candidate plays; None for a rig that is used by hand.

    Raises:
        ContentError: If there is no such script.
    """

    def __init__(
        self,
        rig: TrainingRig,
        *,
        work_area: WorkArea,
        lenses: Lenses,
        fault_box: FaultBox,
        part: Part | None = None,
    ) -> None:
        self.rig = rig
        self.kernel = rig.base.kernel
        self.work_area = work_area
        self.lenses = lenses
        self.fault_box = fault_box
        self.part = part
        self.stage = Stage(self.kernel)
        self._module = importlib.import_module(_module_of(part.task)) if part else None
        if part and part.profile not in PROFILES:
            raise ContentError(
                f"there is no scripted candidate '{part.profile}'.",
                where="candidate",
                remedy=nearest(part.profile, PROFILES),
            )
        if self._module is not None:
            self._module.prepare(rig)

    def start(self) -> None:
        """The exam begins; call it at a whole second.

        Every random stream begins anew, so that what happened before does not change
        what the candidate does.
        """
        self.rig.base.streams.restart("exam", self.kernel.now_ns)
        for network in self.rig.base.networks.values():
            network.restart()
        self.fault_box.restart_intermittent()
        if self._module is None or self.part is None:
            return
        place = Workplace(
            self.rig,
            self.part.profile,
            work_area=self.work_area,
            lenses=self.lenses,
            fault_box=self.fault_box,
            truth=self.part.truth,
        )
        script: Process = self._module.script(place, self.rig)
        self.stage.start(script)
        self.stage.start(_moves(place))

    def run(self, until_ns: int) -> Action | None:
        """Move the clock to ``until_ns``, or to an action that the station owes."""
        return self.stage.run(until_ns)

    def whole_second_ns(self) -> int:
        """The next whole second of rig time."""
        return -(-self.kernel.now_ns // NS_PER_S) * NS_PER_S


def scripted_tasks() -> tuple[str, ...]:
    """Tasks that scripted candidates can do."""
    package = importlib.import_module(SCRIPTS)
    names = (found.name for found in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(n.upper() for n in names if re.fullmatch(r"[a-z]\d\d", n)))


def _module_of(task: str) -> str:
    known = scripted_tasks()
    if task not in known:
        raise ContentError(
            f"no scripted candidate can do the task '{task}'.",
            where="task",
            remedy=nearest(task, known),
        )
    return f"{SCRIPTS}.{task.lower()}"


def _moves(place: Workplace) -> Process:
    """The operator moves now and then; each time the camera takes a thumbnail."""
    moves = place.base.streams.of("moves")
    thumbnail = {"camera": "work_area", "purpose": "thumbnail"}
    while True:
        yield Action(do="capture", body=thumbnail)
        yield round(float(moves.uniform(2.0, 4.5)) * NS_PER_S)
        place.work_area.move(
            across=float(moves.uniform(0.3, 0.7)), lean_deg=float(moves.uniform(-8, 8))
        )
