"""A station from switching on to switching off: one attempt after the other."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from examrunner.agent.attempt import Attempt, Task
from examrunner.agent.attempt_files import AttemptFiles, unfinished
from examrunner.agent.console.server import Console
from examrunner.agent.console.sitting import Sitting
from examrunner.agent.delivering import (
    close_if_torn,
    hand_over,
    has_begun,
    has_recording,
    is_closed,
)
from examrunner.agent.fault_life import SAFE, FaultLife, rebuilt
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.place import Place
from examrunner.agent.plan_of_attempt import plan_of
from examrunner.agent.reporter import Reporter
from examrunner.agent.restoring import make_safe, secured
from examrunner.agent.resuming import Interruption, interruption_of
from examrunner.agent.rig_lock import RigLock
from examrunner.agent.room import RoomWatch
from examrunner.agent.secrets import case_of
from examrunner.agent.simulated_rig import SimulatedRig, pointed_at
from examrunner.agent.states import BEGUN, Phase, Progress, Signal, cleared, step
from examrunner.agent.tasks import task_of
from examrunner.archive.cut import cut_of
from examrunner.archive.durable import disk_of, write_durably
from examrunner.archive.reading import open_recording
from examrunner.capture.plan import Plan
from examrunner.content.rubrics import read_rubric
from examrunner.delivery.courier import Courier
from examrunner.delivery.outbox import Outbox
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError, ExamRunnerError, RigError
from examrunner.model.station import Station
from examrunner.wire import Lease, LeaseRequest, ScoreMessage, StationState

IDLE_S: Final = 1.0
"""Between two questions for work."""
LOCK_FILE: Final = "rig-lock.json"
RETRY_S: Final = 5.0
"""After a rig that could not be opened."""


class StationRunner:
    """Asks for work, does it, delivers it, until it is stopped.

    Args:
        place: What the station is made of.
        client: The service.
        outbox: What still has to be delivered.
        console: The station's own screen; None without one.
    """

    def __init__(
        self,
        place: Place,
        client: ServiceClient,
        outbox: Outbox,
        console: Console | None = None,
    ) -> None:
        self._console = console
        self._place = place
        self._client = client
        self._outbox = outbox
        self._courier = Courier(outbox, client)
        self._reporter = Reporter(client, place.station.name)
        self._stopping = threading.Event()
        self._room = RoomWatch(place.room, place.say)
        self._lock = RigLock(place.data / LOCK_FILE)

    def stop(self) -> None:
        """Ends the attempt that runs, delivers what can be delivered, and returns."""
        self._stopping.set()

    def run(self) -> None:
        """Works until ``stop``."""
        self._courier.start()
        try:
            while not self._stopping.is_set():
                self._guarded(self._tidy)
                if self._finish() and self._has_room():
                    self._await_release()
                    self._guarded(self._work)
        finally:
            self._reporter.stop()
            self._courier.stop()
            self._guarded(self._tidy)

    def _await_release(self) -> None:
        """A locked rig meets nobody."""
        while self._lock.now is not None and not self._stopping.wait(IDLE_S):
            continue

    def _finish(self) -> bool:
        """Goes on with what was interrupted; whether nothing of it is left."""
        given = {d.attempt_id for d in self._outbox.all()}
        left = [
            files
            for files in unfinished(self._place.attempts)
            if files.folder.name not in given
        ]
        for files in left:
            if not self._guarded(partial(self._go_on, files)):
                self._stopping.wait(RETRY_S)
                return False
        return True

    def _has_room(self) -> bool:
        """Whether an attempt may begin; a full disk is said, and waited for."""
        if self._room.is_enough():
            return True
        alerts = [self._room.alert]
        self._reporter.show(StationState(phase=Phase.WAITING, alerts=alerts))
        self._stopping.wait(RETRY_S)
        return False

    def _work(self) -> None:
        """One attempt, or a short wait if there is none."""
        if self._stopping.is_set():
            return
        asked = self._place.data / "request"
        try:
            lease = self._client.lease(LeaseRequest(request_id=_request_id(asked)))
        except DeliveryError as error:
            self._place.say(str(error))
            self._stopping.wait(RETRY_S)
            return
        if lease is None:
            waiting = len(self._outbox.waiting())
            alerts = [self._room.alert] if self._room.alert else []
            self._reporter.show(
                StationState(phase=Phase.WAITING, waiting=waiting, alerts=alerts)
            )
            self._stopping.wait(IDLE_S)
            return
        files = AttemptFiles(folder=self._place.attempts / str(lease.attempt_id))
        is_new = not files.is_open
        if is_new:
            files.open(lease)
        # Else the answer to a question from before a crash, which was kept.
        with disk_of(asked):
            asked.unlink()
        if is_new:
            self._guarded(partial(self._attempt, files, lease))

    def _guarded(self, work: Callable[[], None]) -> bool:
        """Whether it could be done; what could not is said, and tried again."""
        try:
            work()
        except ExamRunnerError as error:
            self._place.say(str(error))
            return False
        return True

    def _go_on(self, files: AttemptFiles) -> None:
        """An attempt that a crash, a power cut or a full disk interrupted."""
        lease = files.lease()
        if is_closed(files):
            self._close(files, lease)
            return
        with disk_of(files.recording):
            cut = cut_of(files.recording)
        interrupted = interruption_of(cut, files.progress())
        if interrupted is None:
            self._place.say(f"{lease.task} of {lease.candidate} begins again.")
            self._begin_again(files, lease)
        else:
            self._place.say(f"{lease.task} of {lease.candidate} goes on.")
        self._attempt(files, lease, interrupted)

    def _attempt(
        self,
        files: AttemptFiles,
        lease: Lease,
        interrupted: Interruption | None = None,
    ) -> None:
        while not self._stopping.is_set():
            try:
                if interrupted is None:
                    self._await_release()
                self._record(files, lease, interrupted)
                break
            except RigError as error:
                self._place.say(str(error))
                if interrupted is not None or files.progress().started_ns is not None:
                    return
                files.put_aside()
                self._stopping.wait(RETRY_S)
        if self._stopping.is_set() and not has_begun(files):
            self._leave(files, lease)
        elif has_recording(files):
            self._close(files, lease)

    def _begin_again(self, files: AttemptFiles, lease: Lease) -> None:
        """Nothing is set at the rig; whether it is healthy, the new attempt compares.

        Raises:
            RigError: If the fault box does not say that it has cleared.
        """
        if not self._place.castings:
            plan = self._plan(self._place.station, files, lease)
            if files.progress().fault not in SAFE and not make_safe(plan):
                raise RigError(
                    "the fault box does not clear what was set before the restart.",
                    where=self._place.station.name,
                    remedy="Check its supply and cable; this is tried again.",
                )
        files.keep(Progress(phase=Phase.LEASED))
        files.put_aside()

    def _leave(self, files: AttemptFiles, lease: Lease) -> None:
        """The station stops before the start: the attempt is repeated, the rig safe."""
        progress = self._secured(files.progress(), files, lease)
        self._lock_if_needed(progress)
        files.keep(Progress(phase=Phase.LEASED))
        files.put_aside()

    def _record(
        self, files: AttemptFiles, lease: Lease, interrupted: Interruption | None
    ) -> None:
        if interrupted is None:
            self._place.say(f"{lease.task} of {lease.candidate} begins.")
        task = self._task(files, lease)

        def notice(progress: Progress, now_ns: int) -> None:
            self._show(lease, task, progress, now_ns)
            if sitting is not None:
                sitting.follow(progress, now_ns)

        with (
            self._rig(lease) as station,
            self._seated(files, lease, interrupted) as sitting,
        ):
            attempt = Attempt(
                task,
                self._plan(station, files, lease),
                files,
                notice=notice,
                shown=lambda score: self._show_score(lease, score),
                wants_stop=self._stopping.is_set,
                desk=None if sitting is None else sitting.desk,
            )
            attempt.run(interrupted)

    @contextmanager
    def _seated(
        self, files: AttemptFiles, lease: Lease, interrupted: Interruption | None
    ) -> Iterator[Sitting | None]:
        """The attempt on the station's own screen, if it has one."""
        if self._console is None:
            yield None
            return
        sitting = Sitting(
            read_rubric(files.rubric),
            self._place.station.rig,
            sheets={str(language): text for language, text in lease.sheets.items()},
            candidate=lease.candidate,
            mode=lease.mode,
            answers={} if interrupted is None else interrupted.answers,
        )
        with self._console.seating(sitting):
            yield sitting

    def _close(self, files: AttemptFiles, lease: Lease) -> None:
        """Whatever happened, there is a closed recording and a result of it."""
        progress = files.progress()
        if progress.phase in BEGUN:
            progress = step(
                progress,
                Signal.ABORT,
                now_ns=open_recording(files.recording).duration_ns,
                outcome=OutcomeCode.POWER_LOST,
                reason="the station was interrupted",
            )
        close_if_torn(files, self._place.key)
        progress = cleared(self._secured(progress, files, lease))
        files.keep(progress)
        self._lock_if_needed(progress)
        hand_over(files, lease, self._task(files, lease).judge, self._outbox)
        self._courier.wake()

    def _secured(
        self, progress: Progress, files: AttemptFiles, lease: Lease
    ) -> Progress:
        """Nothing is set at the rig any more; a simulated one went with its process."""
        if self._place.castings:
            return replace(progress, fault=rebuilt(progress.fault))
        plan = self._plan(self._place.station, files, lease)
        return secured(progress, plan)

    def _lock_if_needed(self, progress: Progress) -> None:
        if progress.fault is FaultLife.LOCKED:
            reason = progress.reason or "the rig did not become healthy again"
            self._lock.lock(reason, self._place.wall_time())
            self._place.say(f"The rig is locked: {reason}.")

    def _task(self, files: AttemptFiles, lease: Lease) -> Task:
        return task_of(
            lease,
            case_of(lease, self._place.key),
            self._place.station.rig,
            self._place.search,
            files,
        )

    @contextmanager
    def _rig(self, lease: Lease) -> Iterator[Station]:
        """The station's own rig, or one that is simulated for this attempt."""
        castings, station = self._place.castings, self._place.station
        if not castings:
            yield station
            return
        casting = castings.get(lease.candidate) or castings[""]
        with SimulatedRig(
            station.name,
            task=lease.task,
            variant=lease.variant,
            casting=casting,
            content=[str(root) for root in self._place.roots],
        ) as rig:
            yield pointed_at(station, rig.ports)

    def _plan(self, station: Station, files: AttemptFiles, lease: Lease) -> Plan:
        return plan_of(
            station,
            files,
            lease,
            opened_at=self._place.wall_time(),
            key_path=self._place.key_path,
        )

    def _show(self, lease: Lease, task: Task, progress: Progress, now_ns: int) -> None:
        state = StationState(
            phase=progress.phase,
            attempt_id=lease.attempt_id,
            candidate=lease.candidate,
            task=lease.task,
            exam_s=progress.exam_ns(now_ns) / 1e9,
            limit_s=task.limit_s,
            paused=progress.pauses[-1].cause if progress.phase is Phase.PAUSED else "",
            waiting=len(self._outbox.waiting()),
        )
        self._reporter.show(state)

    def _show_score(self, lease: Lease, score: ScoreMessage | None) -> None:
        if score is not None:
            points = score.points
            self._place.say(
                f"{lease.task} of {lease.candidate}: {points.low} to {points.high} "
                f"of {points.max}, {score.verdict}, provisionally."
            )

    def _tidy(self) -> None:
        """Forgets the secrets of what the service holds."""
        done = {d.attempt_id for d in self._outbox.all() if d.is_done}
        for files in unfinished(self._place.attempts):
            if files.folder.name in done:
                files.keep(step(files.progress(), Signal.DELIVER))
                files.tidy()


def _request_id(asked: Path) -> uuid.UUID:
    """The id of our question, the same until its answer is on the disk."""
    with disk_of(asked):
        if not asked.exists():
            write_durably(asked, str(uuid.uuid4()).encode())
        return uuid.UUID(asked.read_text())
