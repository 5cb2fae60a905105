"""One station for a day: the real runner, with a stub where the rig would be.

Everything that decides is the product's: leases, states, files, recording, resuming,
handing over, outbox, courier. The stub plays the rig and the candidate: it walks
through the same states and writes the same kinds of events into a real recording.
"""

import datetime
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from day_disk import Drive, Killed
from day_service import START, answers_in, score_of
from day_world import World

from examrunner.agent.exam_pack import PackShelf
from examrunner.agent.fault_life import FaultSignal
from examrunner.agent.identity import Enrolment
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.place import Place
from examrunner.agent.plan_of_attempt import plan_of
from examrunner.agent.protocol import Protocol
from examrunner.agent.simulated_rig import Casting
from examrunner.agent.states import Phase, Progress, Signal, fault_step, step
from examrunner.agent.station import StationRunner
from examrunner.agent.task import Task
from examrunner.archive.writer import RecordingWriter
from examrunner.delivery.courier import IDLE_S, Courier, pause_s
from examrunner.delivery.outbox import Outbox
from examrunner.delivery.service_client import ServiceClient
from examrunner.delivery.start import Start
from examrunner.model.errors import ExamRunnerError
from examrunner.model.station import Station
from examrunner.wire import SignedPack

FIELDS = ("a", "b", "c", "d")
EXAM_BYTES = 4096
LOOK_S = 120.0
"""A stub looks for work every two minutes instead of every second."""
NEVER = float("inf")


class _NoReports:
    def show(self, _state: object) -> None:
        pass

    def stop(self) -> None:
        pass


@dataclass
class Waits:
    """The runner's stop event, which here never comes: waiting takes virtual time."""

    sleep: Callable[[float], None]

    def is_set(self) -> bool:
        return False

    def wait(self, for_s: float) -> bool:
        self.sleep(max(for_s, LOOK_S))
        return False


@dataclass
class Pc:
    """What a station's PC is, whatever dies on it.

    Attributes:
        enrolment: Who the service takes it for.
        planned: How many attempts it has on this day.
        acked: Attempt, field and value of each answer that was shown as saved.
        to_mark: When an examiner marks which attempt.
        clock_error_s: How wrong its wall clock is.
        courier_of: Who delivers.
    """

    world: World
    name: str
    station: Station
    drive: Drive
    line: httpx2.BaseTransport
    key: Ed25519PrivateKey
    enrolment: Enrolment
    planned: int
    chunk_bytes: int = 8 << 20
    acked: list[tuple[str, str, int]] = field(default_factory=list)
    to_mark: list[tuple[float, Path]] = field(default_factory=list)
    courier_of: Callable[..., Courier] = Courier
    clock_error_s: float = 0.0
    deaths: int = 0
    done_s: float = NEVER
    said: list[str] = field(default_factory=list)

    def wall_time(self) -> str:
        passed = datetime.timedelta(seconds=self.world.now_s + self.clock_error_s)
        return (START + passed).isoformat()

    def live(self) -> None:
        """The day of this PC, with all its deaths."""
        self.drive.folder.mkdir(parents=True, exist_ok=True)
        while self.done_s == NEVER:
            outbox = None
            try:
                outbox = Outbox(self.drive.folder / "outbox.db")
                StubStation(self, outbox).work()
                self.done_s = self.world.now_s
            except Killed:
                self.deaths += 1
                self.drive.die_perhaps_without_power()
            finally:
                if outbox is not None:
                    outbox.close()
            if self.done_s == NEVER:
                self.world.sleep(self.drive.lot.uniform(20, 900))

    def fetch_pack(self, pack: SignedPack) -> None:
        """Keeps an exam pack as ``station fetch`` does."""
        self.drive.folder.mkdir(parents=True, exist_ok=True)
        shelf = PackShelf(folder=self.drive.folder, enrolment=self.enrolment)
        now = datetime.datetime.fromisoformat(self.wall_time())
        shelf.put(pack.model_dump_json().encode(), now)

    def place(self) -> Place:
        return Place(
            station=self.station,
            search=None,
            data=self.drive.folder,
            key_path=self.drive.folder / "key",
            key=self.key,
            wall_time=self.wall_time,
            say=self.said.append,
            castings={"": Casting(profile="stub", speed=1.0, seed=1)},
            exam_bytes=EXAM_BYTES,
            service_key=self.enrolment.service_key,
        )


class StubStation(StationRunner):
    """The runner on virtual time: its courier works whenever the runner waits."""

    def __init__(self, pc: Pc, outbox: Outbox) -> None:
        client = ServiceClient(
            "http://service",
            token=pc.enrolment.token,
            transport=pc.line,
            start=Start(
                pc.drive.folder / "start.json",
                station=pc.name,
                generation=pc.enrolment.generation,
                reserve=pc.place().room.reserve,
            ),
            chunk_bytes=pc.chunk_bytes,
        )
        place = pc.place()
        place.attempts.mkdir(exist_ok=True)
        packs = PackShelf(folder=place.data, enrolment=pc.enrolment)
        super().__init__(place, client, outbox, pack=packs.pack())
        self._reporter.stop()
        self._reporter = _NoReports()
        self._pc = pc
        self._stopping = Waits(self.pause)
        chance = pc.world.lot(f"{pc.name}/courier/{pc.deaths}").random
        self._courier = pc.courier_of(outbox, client, place.receipts, chance=chance)
        self._courier.wake = self._wake
        self._failures = 0
        self._due_s = pc.world.now_s

    def work(self) -> None:
        """As ``run``, until everything of the day is delivered and marked."""
        while not self._is_over():
            self._guarded(self._tidy)
            if not self._finish() or not self._has_room():
                continue
            if len(self._outbox.all()) >= self._pc.planned or not self._guarded(
                self._work
            ):
                self.pause(LOOK_S)
        while not self._guarded(self._tidy):
            self.pause(LOOK_S)

    def pause(self, for_s: float) -> None:
        """Lets time pass; delivers and marks meanwhile."""
        world, until_s = self._pc.world, self._pc.world.now_s + for_s
        while True:
            self._mark()
            if world.now_s >= self._due_s:
                self._deliver()
            if world.now_s >= until_s:
                return
            due_s = min([self._due_s, *(when_s for when_s, _ in self._pc.to_mark)])
            world.sleep(max(0.001, min(until_s, due_s) - world.now_s))

    def _is_over(self) -> bool:
        all_ = self._outbox.all()
        is_delivered = len(all_) >= self._pc.planned and not self._outbox.waiting()
        return is_delivered and not self._pc.to_mark and self._due_s == NEVER

    def _wake(self) -> None:
        self._due_s = self._pc.world.now_s

    def _deliver(self) -> None:
        world = self._pc.world
        if self._courier.deliver():
            self._failures, self._due_s = 0, NEVER
            return
        self._failures += 1
        self._due_s = world.now_s + max(
            IDLE_S / 1000, pause_s(self._failures, self._courier._chance)
        )

    def _mark(self) -> None:
        """An examiner marks what was handed in a while ago, and repeats if need be."""
        now_s = self._pc.world.now_s
        for due in [one for one in self._pc.to_mark if one[0] <= now_s]:
            protocol = Protocol(due[1], self._pc.wall_time)
            try:
                if not protocol.of("mark"):
                    reason = "looked at it"
                    protocol.add(
                        "mark",
                        by="Li Na",
                        role="examiner",
                        criterion="D4",
                        level=2,
                        reason=reason,
                    )
            except ExamRunnerError:
                self._pc.to_mark.remove(due)
                self._pc.to_mark.append((now_s + LOOK_S, due[1]))
                continue
            self._pc.to_mark.remove(due)
            self._wake()

    def _close(self, files, lease) -> None:
        super()._close(files, lease)
        when_s = self._pc.world.now_s + self._pc.drive.lot.uniform(60, 3600)
        self._pc.to_mark.append((when_s, files.protocol))

    def _task(self, files, lease) -> Task:
        return Task(
            rig=self._place.station.rig,
            inject=({"op": "open"},),
            limit_s=1800.0,
            post_s=5.0,
            attachments={},
            look=lambda _: None,
            judge=lambda path: score_of(answers_in(path)),
        )

    def _record(self, files, lease, interrupted) -> None:
        """An attempt as ``Attempt.run`` does it, with a stub for rig and candidate."""
        plan = plan_of(self._place, self._place.station, files, lease)
        writer = RecordingWriter(
            files.recording,
            plan.header,
            channels=["CH1"],
            cameras=[],
            key=self._place.key,
            reserve=files.reserve,
        )
        with writer:
            _Play(self, files, lease, writer, interrupted).run()


class _Play:
    """One attempt: its states on the disk, its events in the recording."""

    def __init__(self, runner, files, lease, writer, interrupted) -> None:
        self._runner, self._pc = runner, runner._pc
        self._files, self._lease, self._writer = files, lease, writer
        self._interrupted = interrupted
        last_ns = 0 if interrupted is None else interrupted.last_ns
        self._zero_s = self._pc.world.now_s - last_ns / 1e9
        self._progress = Progress(phase=Phase.LEASED)

    def run(self) -> None:
        answers = {}
        if self._interrupted is None:
            self._prepare()
            self._said(op="start")
            self._move(Signal.START)
        else:
            answers = self._interrupted.answers
            self._go_on()
        if self._progress.phase is Phase.RUNNING:
            self._answer(answers)
            self._said(op="stop", reason="finished")
            self._move(Signal.STOP, outcome=OutcomeCode.COMPLETED, reason="finished")
        self._pass(30)
        self._fault(FaultSignal.CLEAR)
        self._fault(FaultSignal.SEE_BASELINE)
        self._move(Signal.JUDGE)
        self._move(Signal.CLEAR)
        self._writer.close(self._progress.ending, self._progress.reason, self._now_ns())

    def _prepare(self) -> None:
        self._move(Signal.PREPARE)
        self._said(op="phase", phase="pre")
        self._pass(60)
        self._move(Signal.ARM)
        self._move(Signal.OBSERVE)
        self._move(Signal.MAKE_READY)
        self._pass(60)

    def _go_on(self) -> None:
        self._keep(self._interrupted.progress)
        if self._progress.stopped_ns is not None:
            return
        now_ns = self._now_ns()
        for body in self._interrupted.operations:
            at_ns = int(body.get("t_ns", now_ns))
            said = {key: value for key, value in body.items() if key != "t_ns"}
            self._writer.event(at_ns, "ops", said)
        self._keep(self._interrupted.resumed(now_ns))

    def _answer(self, answers) -> None:
        lot = self._pc.drive.lot
        for name in FIELDS:
            if name not in answers:
                self._pass(lot.uniform(120, 400))
                value = value_of(self._lease.variant, self._lease.task, name)
                body = {"field": name, "value": value}
                self._writer.event(self._now_ns(), "form", body)
                saved = (str(self._lease.attempt_id), name, value)
                self._pc.acked.append(saved)

    def _said(self, **body) -> None:
        self._writer.event(self._now_ns(), "ops", body)

    def _move(self, signal, **more) -> None:
        self._keep(step(self._progress, signal, now_ns=self._now_ns(), **more))

    def _fault(self, signal) -> None:
        self._keep(fault_step(self._progress, signal))

    def _keep(self, progress: Progress) -> None:
        self._files.keep(progress)
        self._progress = progress

    def _pass(self, for_s: float) -> None:
        self._runner.pause(for_s)

    def _now_ns(self) -> int:
        return round((self._pc.world.now_s - self._zero_s) * 1e9)


def value_of(candidate: str, task: str, name: str) -> int:
    """What a candidate answers, always the same."""
    return zlib.crc32(f"{candidate}/{task}/{name}".encode()) % 25
