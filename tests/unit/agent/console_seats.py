"""A seat at a station without a rig: acts are taken by a thread of the test."""

import contextlib
import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient

from examrunner.agent.acting import operated
from examrunner.agent.codes import StationCode
from examrunner.agent.console.app import COOKIE, build_app
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.invigilation import Invigilation, Settle
from examrunner.agent.console.seat import Seat
from examrunner.agent.console.sessions import Sessions
from examrunner.agent.console.sitting import Sitting
from examrunner.agent.desk import Action, Desk, NotNowError, Recorded
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.protocol import Protocol
from examrunner.agent.rig_lock import RigLock
from examrunner.agent.states import IllegalStepError, Phase, Progress, Signal, step
from examrunner.content.rigs import read_rig
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.model.rubric import Rubric
from examrunner.model.station import Rig

SCREEN = "the-screen's-code"
EXAMINER_CODE = "ABCD-EFGH"
CANDIDATE, OTHER = "K7Q2M9", "P3X8RT"
ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
BASE = "http://127.0.0.1:8001"
S = 1_000_000_000


@cache
def content() -> tuple[Rubric, Rig]:
    search = SearchPath.of()
    rubric = read_rubric(search.find("rubric", "C06"))
    return rubric, read_rig("chassis_bywire", search)


class Exam:
    """What the exam's thread would do with acts."""

    def __init__(self, sitting: Sitting) -> None:
        self.progress = Progress(phase=Phase.READY)
        self.now_ns = 0
        self.done: list[Action] = []
        self._sitting = sitting
        self.show()

    def show(self) -> None:
        self._sitting.follow(self.progress, self.now_ns)

    def perform(self, action: Action) -> Recorded:
        try:
            return self._performed(action)
        except IllegalStepError as error:
            raise NotNowError(str(error), where="", remedy="") from error

    def _performed(self, action: Action) -> Recorded:
        self.now_ns += S
        match action["do"]:
            case "start":
                signal, said = Signal.START, {}
            case "stop":
                signal, said = Signal.STOP, {"outcome": OutcomeCode.COMPLETED}
            case "end":
                signal = Signal.STOP
                said = {"outcome": OutcomeCode(str(action["outcome"]))}
            case "op":
                self.progress = operated(self.progress, action, self.now_ns)
                signal = None
            case _:
                signal = None
        if signal is not None:
            self.progress = step(self.progress, signal, now_ns=self.now_ns, **said)  # type: ignore[arg-type]
        self.done.append(action)
        self.show()
        return Recorded(t_ns=self.now_ns)


@contextlib.contextmanager
def served(desk: Desk, exam: Exam) -> Iterator[None]:
    over = threading.Event()

    def serve() -> None:
        while not over.wait(0.005):
            desk.serve(exam.perform)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class House:
    """A hall with one seat, and a browser at it."""

    def __init__(
        self,
        folder: Path,
        *,
        mode: str = "exam",
        settle: Settle = lambda decisions: None,
    ) -> None:
        self.rubric, rig = content()
        minutes = itertools.count()
        self.folder = folder
        self.key = Ed25519PrivateKey.generate()
        self.clock_s = 0.0

        def wall_time() -> str:
            number = next(minutes)
            return f"2026-11-23T{9 + number // 60:02}:{number % 60:02}:00.000+08:00"

        self.hall = Hall(
            station="hall-a-03",
            sessions=Sessions(folder / "sessions.json", lambda: self.clock_s),
            examiners=StationCode(code=EXAMINER_CODE),
            names={CANDIDATE: "王芳", OTHER: "Li Lei"},
            lock=RigLock(folder / "lock.json"),
            wall_time=wall_time,
        )
        self.sitting = Sitting(
            self.rubric,
            rig,
            sheets={"zh": "# 题", "en": "# Task"},
            candidate=CANDIDATE,
            mode=mode,
        )
        self.seat = Seat(
            attempt_id=ATTEMPT,
            task="C06",
            sitting=self.sitting,
            invigilation=Invigilation(
                self.sitting.desk,
                Protocol(folder / "protocol.json", wall_time),
                self.rubric,
                settle=settle,
                planned=CANDIDATE,
            ),
            names=self.hall.names,
            sign=self.key.sign,
            wall_time=wall_time,
        )
        self.exam = Exam(self.sitting)
        self.app = build_app(self.hall, code=SCREEN)

    def screen(self) -> TestClient:
        """A browser that has opened the station's address."""
        return TestClient(self.app, base_url=BASE, cookies={COOKIE: SCREEN})

    def signed_in(self, code: str, name: str = "") -> TestClient:
        screen = self.screen()
        answer = screen.post("/api/session", json={"code": code, "name": name})
        assert answer.status_code == 201, answer.text
        return screen


@contextlib.contextmanager
def a_house(
    folder: Path, *, mode: str = "exam", settle: Settle = lambda decisions: None
) -> Iterator[House]:
    house = House(folder, mode=mode, settle=settle)
    with house.hall.seating(house.seat), served(house.sitting.desk, house.exam):
        yield house


def at_another_attempt(house: House) -> Seat:
    """The same place, another attempt."""
    return replace(house.seat, attempt_id=ATTEMPT.replace("4e55", "4e56"))
