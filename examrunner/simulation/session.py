"""One attempt on one simulated rig: the rig, the script and the clock between them."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Final

from examrunner.content.mistakes import nearest
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Field
from examrunner.simulation.actions import Action, Process, Stage
from examrunner.simulation.candidates.workplace import Workplace
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.measuring import measured
from examrunner.simulation.pictures import Lenses
from examrunner.simulation.tape import Tape
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.work_area import WorkArea

SCRIPTS: Final = "examrunner.simulation.candidates"
"""Package with one module a task: ``prepare(rig)`` and ``script(place, rig)``."""
OWN_PROFILES: Final = ("competent", "sloppy", "cheating")
"""Candidates that every task's script plays."""
REPLAYER: Final = "replayer"
ANYBODY: Final = ("guesser", "idle", REPLAYER, "slow")
"""Candidates that play every task alike: modules of ``SCRIPTS`` with
``script(place, task)``, where ``task`` is what the competent candidate would do."""
PROFILES: Final = (*OWN_PROFILES, *ANYBODY)
NEVER_NS: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a scripted candidate plays.

    Attributes:
        task: Task id.
        profile: One of ``PROFILES``.
        truth: Of the variant.
        form: Answer form of the task.
        limit_s: Time limit of the task; None without one.
    """

    task: str
    profile: str
    truth: Mapping[str, object] = field(default_factory=dict)
    form: tuple[Field, ...] = ()
    limit_s: float | None = None


class Session:
    """A rig with nobody, or with a scripted candidate, before it.

    Args:
        rig: The rig.
        work_area: The scene before the work-area camera.
        lenses: The rig's cameras.
        fault_box: The rig's fault box.
        part: What the candidate plays; None for a rig that is used by hand.
        tape: What a replayer plays back.

    Attributes:
        time_up_ns: Rig time at which the time limit is reached.

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
        tape: Tape | None = None,
    ) -> None:
        self.rig = rig
        self.kernel = rig.base.kernel
        self.work_area = work_area
        self.lenses = lenses
        self.fault_box = fault_box
        self.part = part
        self._tape = tape
        self.time_up_ns = NEVER_NS
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
        if self.part is not None and self.part.limit_s is not None:
            self.time_up_ns = self.kernel.now_ns + round(self.part.limit_s * NS_PER_S)
        for network in self.rig.base.networks.values():
            network.restart()
        self.fault_box.restart_intermittent()
        if self._module is None or self.part is None:
            return
        part = self.part
        place = Workplace(
            self.rig,
            "competent" if part.profile in ANYBODY else part.profile,
            work_area=self.work_area,
            lenses=self.lenses,
            fault_box=self.fault_box,
            truth=part.truth,
            form=part.form,
            limit_s=part.limit_s or 0.0,
            tape=self._tape,
        )
        script: Process = self._module.script(place, self.rig)
        if part.profile in ANYBODY:
            script = _anybody(part.profile).script(place, script)
        self.stage.start(script)
        self.stage.start(_moves(place))
        for camera in self.rig.base.description.cameras:
            if camera.role == "targets":
                self.stage.start(measured(place.base, camera.name))

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


def _anybody(profile: str) -> ModuleType:
    return importlib.import_module(f"{SCRIPTS}.{profile}")


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
