"""A rig between two attempts: nothing is set, or nobody meets it."""

import threading
from dataclasses import replace
from typing import Final

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.fault_life import SAFE, FaultLife, rebuilt
from examrunner.agent.place import Place
from examrunner.agent.plan_of_attempt import plan_of
from examrunner.agent.restoring import make_safe, secured
from examrunner.agent.rig_lock import RigLock
from examrunner.agent.states import Phase, Progress
from examrunner.model.errors import RigError
from examrunner.wire import Lease

LOOK_UP_S: Final = 1.0


class RigCare:
    """Looks after a station's rig.

    Args:
        place: What the station is made of.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = RigLock(place.lock_path)

    def await_release(self, stopping: threading.Event) -> None:
        """Returns when the rig may meet a candidate, or the station stops."""
        while self._lock.now is not None and not stopping.wait(LOOK_UP_S):
            continue

    def secured(
        self, progress: Progress, files: AttemptFiles, lease: Lease
    ) -> Progress:
        """Nothing is set at the rig any more; a simulated one went with its process."""
        if self._place.castings:
            return replace(progress, fault=rebuilt(progress.fault))
        plan = plan_of(self._place, self._place.station, files, lease)
        return secured(progress, plan)

    def lock_if_needed(self, progress: Progress) -> None:
        """A rig that did not become healthy waits for somebody to look."""
        if progress.fault is FaultLife.LOCKED:
            reason = progress.reason or "the rig did not become healthy again"
            self._lock.lock(reason, self._place.wall_time())
            self._place.tell(f"The rig is locked: {reason}.")

    def leave(self, files: AttemptFiles, lease: Lease) -> None:
        """The attempt did not start: it is repeated, on a rig without a fault."""
        self.lock_if_needed(self.secured(files.progress(), files, lease))
        files.keep(Progress(phase=Phase.LEASED))
        files.put_aside()

    def begin_again(self, files: AttemptFiles, lease: Lease) -> None:
        """Nothing is set at the rig; whether it is healthy, the new attempt compares.

        Raises:
            RigError: If the fault box does not say that it has cleared.
        """
        is_set = files.progress().fault not in SAFE and not self._place.castings
        plan = plan_of(self._place, self._place.station, files, lease)
        if is_set and not make_safe(plan):
            raise RigError(
                "the fault box does not clear what was set before the restart.",
                where=self._place.station.name,
                remedy="Check its supply and cable; this is tried again.",
            )
        files.keep(Progress(phase=Phase.LEASED))
        files.put_aside()
