"""A station from switching on to switching off: one attempt after the other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from examrunner.agent.attempt import Attempt
from examrunner.agent.attempt_files import AttemptFiles, unfinished
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.seat import Seat
from examrunner.agent.delivering import (
    close_if_torn,
    hand_over,
    has_begun,
    has_recording,
    is_closed,
)
from examrunner.agent.live_state import live_state, score_line
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.place import Place
from examrunner.agent.plan_of_attempt import plan_of
from examrunner.agent.reporter import Reporter
from examrunner.agent.resuming import Interruption, interruption_of
from examrunner.agent.rig_care import RigCare
from examrunner.agent.rig_of_attempt import casting_of, rig_of
from examrunner.agent.room import RoomWatch
from examrunner.agent.seating import seat_of
from examrunner.agent.secrets import case_of
from examrunner.agent.states import BEGUN, Phase, Progress, Signal, cleared, step
from examrunner.agent.task import Task
from examrunner.agent.tasks import task_of
from examrunner.agent.tidying import forget_delivered
from examrunner.agent.work import Work
from examrunner.archive.cut import cut_of
from examrunner.archive.durable import disk_of
from examrunner.archive.reading import open_recording
from examrunner.delivery.courier import Courier
from examrunner.delivery.outbox import Outbox
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError, ExamRunnerError, RigError
from examrunner.wire import ExamPack, Lease, ScoreMessage, StationState

IDLE_S: Final = 1.0
"""Between two questions for work."""
RETRY_S: Final = 5.0
"""After a rig that could not be opened."""


class StationRunner:
    """Asks for work, does it, delivers it, until it is stopped.

    Args:
        place: What the station is made of.
        client: The service.
        outbox: What still has to be delivered.
        hall: What the station's own screens share; None without them.
        pack: The exam pack of the day; None without one.
    """

    def __init__(
        self,
        place: Place,
        client: ServiceClient,
        outbox: Outbox,
        hall: Hall | None = None,
        pack: ExamPack | None = None,
    ) -> None:
        self._hall = hall
        self._newest: tuple[AttemptFiles, Task] | None = None
        self._place = place
        self._client = client
        self._outbox = outbox
        self._courier = Courier(
            outbox, client, place.receipts, span_s=place.upload_span_s
        )
        self._reporter = Reporter(client, place.station.name, place.contacted)
        self._stopping = threading.Event()
        self._care = RigCare(place)
        self._source = Work(
            client,
            asked=place.data / "request",
            attempts=place.attempts,
            pack=pack,
            wall_time=place.wall_time,
        )
        self._room = RoomWatch(place.room, place.tell)

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
                    self._care.await_release(self._stopping)
                    if not self._guarded(self._work):
                        self._stopping.wait(RETRY_S)
        finally:
            self._reporter.stop()
            self._courier.stop()
            self._guarded(self._tidy)

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
        try:
            lease = self._source.next()
        except DeliveryError as error:
            self._place.tell_of(error)
            self._stopping.wait(RETRY_S)
            return
        if lease is None:
            waiting = len(self._outbox.waiting())
            alerts = [self._room.alert] if self._room.alert else []
            idle = StationState(phase=Phase.WAITING, waiting=waiting, alerts=alerts)
            self._reporter.show(idle)
            self._stopping.wait(IDLE_S)
            return
        files = AttemptFiles(folder=self._place.attempts / str(lease.attempt_id))
        is_new = not files.is_open
        if is_new:
            files.open(lease)
        # Else the answer to a question from before a crash, which was kept.
        self._source.taken()
        if is_new:
            self._guarded(partial(self._attempt, files, lease))

    def _guarded(self, work: Callable[[], None]) -> bool:
        """Whether it could be done; what could not is said, and tried again."""
        try:
            work()
        except ExamRunnerError as error:
            self._place.tell_of(error)
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
            self._tell(lease, "begins again.")
            self._care.begin_again(files, lease)
        else:
            self._tell(lease, "goes on.")
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
                    self._care.await_release(self._stopping)
                self._record(files, lease, interrupted)
                break
            except RigError as error:
                self._place.tell_of(error, str(lease.attempt_id))
                self._stopping.wait(RETRY_S)
                if interrupted is not None or files.progress().started_ns is not None:
                    return
                self._care.begin_again(files, lease)
        if self._stopping.is_set() and not has_begun(files):
            self._care.leave(files, lease)
        elif has_recording(files):
            self._close(files, lease)

    def _record(
        self, files: AttemptFiles, lease: Lease, interrupted: Interruption | None
    ) -> None:
        if interrupted is None:
            self._tell(lease, "begins.")
        task = self._task(files, lease)

        def notice(progress: Progress, now_ns: int) -> None:
            self._show(lease, task, progress, now_ns)
            if seat is not None:
                seat.sitting.follow(progress, now_ns)

        with (
            rig_of(self._place, lease) as station,
            self._seated(files, lease, task, interrupted) as seat,
        ):
            attempt = Attempt(
                task,
                plan_of(self._place, station, files, lease),
                files,
                notice=notice,
                shown=lambda score: self._show_score(lease, score),
                wants_stop=self._stopping.is_set,
                desk=None if seat is None else seat.sitting.desk,
                waits=not casting_of(self._place, lease).profile,
                told=lambda error: self._place.tell_of(error, str(lease.attempt_id)),
            )
            attempt.run(interrupted)

    @contextmanager
    def _seated(
        self,
        files: AttemptFiles,
        lease: Lease,
        task: Task,
        interrupted: Interruption | None,
    ) -> Iterator[Seat | None]:
        """The attempt on the station's own screens, if it has any."""
        if self._hall is None:
            yield None
            return
        answers = {} if interrupted is None else interrupted.answers
        seat = seat_of(self._place, self._hall, files, lease, task, answers)
        with self._hall.seating(seat):
            yield seat

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
        progress = cleared(self._care.secured(progress, files, lease))
        files.keep(progress)
        self._care.lock_if_needed(progress)
        hand_over(files, lease, self._task(files, lease).judge, self._outbox)
        self._courier.wake()

    def _task(self, files: AttemptFiles, lease: Lease) -> Task:
        """The same for the same attempt: what was seen and judged is kept."""
        if self._newest is None or self._newest[0] != files:
            place = self._place
            case = case_of(lease, place.key)
            task = task_of(lease, case, place.station.rig, place.search, files)
            self._newest = files, task
        return self._newest[1]

    def _show(self, lease: Lease, task: Task, progress: Progress, now_ns: int) -> None:
        waiting = len(self._outbox.waiting())
        self._reporter.show(live_state(lease, task, progress, now_ns, waiting))

    def _show_score(self, lease: Lease, score: ScoreMessage | None) -> None:
        if score is not None:
            self._tell(lease, "is scored provisionally.", score_line(lease, score))

    def _tell(self, lease: Lease, event: str, shown: str = "") -> None:
        self._place.tell(
            f"{lease.task} {event}",
            attempt=str(lease.attempt_id),
            shown=shown or f"{lease.task} of {lease.candidate} {event}",
        )

    def _tidy(self) -> None:
        forget_delivered(self._place, self._outbox)
