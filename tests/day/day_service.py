"""The real service on real files: application, SQLite, shelf; it dies and comes back.

Only judging is a stub: it adds up the answers that the delivered recording holds, in
this process, so that every total depends on every byte that a station acknowledged.
"""

import datetime
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from anyio.from_thread import BlockingPortal
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from day_disk import Drive, Killed
from day_net import answered
from day_world import World

from examrunner.agent.identity import Enrolment
from examrunner.archive.reading import open_recording
from examrunner.content.rosters import RosterEntry
from examrunner.content.search import SearchPath
from examrunner.model.decision import Decision
from examrunner.model.spoken import key_words
from examrunner.model.text import Text
from examrunner.service.app import build_app
from examrunner.service.context import Service
from examrunner.service.live import LiveBoard
from examrunner.service.messages import ExamRequest, PackRequest
from examrunner.service.pinned import grade_pinned
from examrunner.service.scoring_jobs import ScoringJobs
from examrunner.service.shelf import Shelf
from examrunner.service.store import Store
from examrunner.service.store.exams import ExamPlan, Seat, TaskFiles
from examrunner.wire import EnrolRequest, PointsMessage, ScoreMessage, enrolment_text

START = datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.UTC)
RIG = "chassis_bywire"
DOWN_S = 30.0
JUDGING_S = 60.0


class InThisProcess:
    """Stands in for the children that open recordings."""

    def ask(self, function: Callable[..., object], *args: object) -> object:
        if function.__name__ == "judge_recording":
            return judged(args[0])
        return function(*args)

    def interrupt(self) -> None:
        pass


def answers_in(path: Path) -> dict[str, int]:
    """What the candidate answered, as the recording holds it."""
    form = open_recording(path).events("form")
    return {str(e.body["field"]): int(str(e.body["value"])) for e in form}


def judged(path: Path) -> dict[str, object]:
    return {"judgements": answers_in(path), "digests": {}, "software": {}}


def score_of(answers: Mapping[str, int], marks: int = 0) -> ScoreMessage:
    total = sum(answers.values()) + marks
    points = PointsMessage(low=total, high=total, max=100)
    verdict = "pass" if total >= 60 else "fail"
    return ScoreMessage(points=points, verdict=verdict, criteria=[])


def settled(
    _rubric: bytes, said: Mapping[str, object], decisions: Sequence[Decision]
) -> ScoreMessage:
    return score_of(said["judgements"], sum(one.level or 0 for one in decisions))


@dataclass
class Site:
    """The service of a day.

    Attributes:
        clock_error_s: How wrong its wall clock is.
        deaths: How often it died.
    """

    world: World
    drive: Drive
    portal: BlockingPortal
    clock_error_s: float = 0.0
    deaths: int = 0
    up_again_s: float = -1.0
    _ticks: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.drive.folder.mkdir(parents=True)
        self.service = self._open()
        self.app = build_app(self.service)

    def clock(self) -> datetime.datetime:
        passed_s = self.world.now_s + self.clock_error_s
        microseconds = next(self._ticks)
        return START + datetime.timedelta(seconds=passed_s, microseconds=microseconds)

    def serve(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        """An answer, or none because the service is dying or dead."""
        if self.world.now_s < self.up_again_s:
            raise httpx2.ConnectError("the service is down", request=request)
        try:
            return answered(self.portal, self.app, request, body)
        except Killed:
            self._die()
            raise httpx2.ReadError("the service died", request=request) from None

    def judge(self) -> None:
        """Judges what has arrived; what a death interrupted is judged again."""
        try:
            while (job := self.service.store.jobs.begin()) is not None:
                self.service.jobs._do(job)
        except Killed:
            self._die()

    def _die(self) -> None:
        self.deaths += 1
        self.service.store.close()
        self.drive.die_perhaps_without_power()
        self.up_again_s = self.world.now_s + DOWN_S
        self.service = self.app.state.service = self._open_at_last()

    def _open_at_last(self) -> Service:
        """The service once more; it may die again while it starts."""
        while True:
            try:
                return self._open()
            except Killed:
                self.deaths += 1
                self.drive.die_perhaps_without_power()

    def _open(self) -> Service:
        folder = self.drive.folder
        shelf, live, child = Shelf(folder), LiveBoard(), InThisProcess()
        store = Store.open(
            f"sqlite:///{folder}/service.db",
            clock=self.clock,
            lease_life=datetime.timedelta(hours=24),
            settle=settled,
            grading=grade_pinned,
        )
        content = SearchPath.of()
        return Service(
            store=store,
            shelf=shelf,
            live=live,
            reader=child,
            jobs=ScoringJobs(store, shelf, live, child, content),
            content=content,
            clock=self.clock,
        )

    def enrol(self, station: str, key: Ed25519PrivateKey) -> Enrolment:
        """Who a new station is."""
        stations = self.service.store.stations
        code = stations.give_code(station, RIG, by="day").code
        public = key.public_key().public_bytes_raw().hex()
        proof = key.sign(enrolment_text(code, station, public)).hex()
        enrolled = stations.enrol(
            EnrolRequest(code=code, station=station, public_key=public, proof=proof)
        )
        stations.confirm(station, key_words(public), by="day")
        return Enrolment(
            station=station,
            service="http://service",
            token=enrolled.token,
            generation=enrolled.generation,
            service_key=enrolled.service_key,
        )

    def give_packs(self, exam: str, for_s: float) -> None:
        """Makes an exam pack for every station, good from now on."""
        now = self.clock()
        request = PackRequest(
            not_before=now,
            not_after=now + datetime.timedelta(seconds=for_s),
            examiners=["Li Na"],
        )
        self.service.store.packs.issue(exam, request, [], by="day")

    def plan(self, candidates: int, tasks: Sequence[str], stations: list[str]) -> str:
        """Plans an exam: every candidate sits every task, evenly over the stations."""
        entries = [
            RosterEntry(
                student_number=f"{number:04d}",
                name=f"学生{number}",
                group="",
                course="",
                line=2,
            )
            for number in range(candidates)
        ]
        store = self.service.store
        store.rosters.keep("2026", entries, by="day")
        codes = list(
            store.exams.entrants(
                ExamRequest(
                    title="day",
                    scheme="icv-testing-calibration",
                    tasks=list(tasks),
                    stations=stations,
                    cohort="2026",
                )
            )
        )
        pairs = itertools.product(enumerate(tasks), enumerate(codes))
        seats = [
            Seat(
                candidate=code,
                task=task,
                station=stations[(number + turn * 7) % len(stations)],
                variant=f"n{number}",
                nonce=f"{turn:016x}{number:016x}",
                case=b"{}",
            )
            for (turn, task), (number, code) in pairs
        ]
        files = TaskFiles(
            title=Text(zh="任务", en="Task"), rubric=b"id: X\n", sheets={}
        )
        request = ExamRequest(
            title="day",
            scheme="icv-testing-calibration",
            tasks=list(tasks),
            stations=stations,
            cohort="2026",
        )
        plan = ExamPlan(
            seed=1, scheme=b"id: x\n", tasks=dict.fromkeys(tasks, files), seats=seats
        )
        return store.exams.create(request, plan, by="day").id
